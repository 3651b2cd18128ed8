//! URLs of databases, whose driver is a module.

use ruff_text_size::Ranged;

use crate::Form;

use super::Walk;
use super::dynamic::is_dotted;

/// Dialects that load a driver (`SQLAlchemy` 2.0, "Dialects", and those that are installed apart).
pub(crate) const DIALECTS: [&str; 12] = [
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "sqlite",
    "oracle",
    "mssql",
    "cockroachdb",
    "redshift",
    "ibm_db_sa",
    "db2",
    "firebird",
];

/// Drivers whose module has another name.
const MODULES: [(&str, &str); 12] = [
    ("mysqldb", "MySQLdb"),
    ("mysqlconnector", "mysql.connector"),
    ("cx_oracle", "cx_Oracle"),
    ("oracledb_async", "oracledb"),
    ("pysqlite", "sqlite3"),
    ("pysqlcipher", "sqlcipher3"),
    ("psycopg_async", "psycopg"),
    ("psycopg2cffi", "psycopg2cffi"),
    ("pygresql", "pgdb"),
    ("mariadbconnector", "mariadb"),
    ("redshift_connector", "redshift_connector"),
    ("pyodbc_async", "aioodbc"),
];

impl Walk<'_> {
    /// Looks whether a string begins as `dialect+driver://`.
    pub(super) fn url(&mut self, text: &str, node: &impl Ranged) {
        let Some(driver) = driver(text) else { return };
        let module = MODULES.iter().find(|(name, _)| *name == driver).map_or(driver, |(_, module)| module);
        self.name(module, 0, self.line(node), Form::DatabaseUrl);
    }
}

fn driver(text: &str) -> Option<&str> {
    let scheme = text.get(..text.find("://")?)?;
    let (dialect, driver) = scheme.trim_start().split_once('+')?;
    (DIALECTS.contains(&dialect) && is_dotted(driver)).then_some(driver)
}
