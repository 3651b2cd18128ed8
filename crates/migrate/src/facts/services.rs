//! Servers that the code talks to: from what it depends on, from compose files, and from the variables it reads.

mod known;

#[cfg(test)]
mod tests;

use uvshift_project::Tree;
use uvshift_scaffold::Service;

use super::code::Code;
use super::containers::{self, Container};
use super::declared::Declared;
use super::is_plain;
use super::variables::Need;
use known::{Known, OF_ANY, Part, SERVICES, part, scheme};

/// Files with values for development.
const EXAMPLES: &[&str] = &[".env.example", ".env.sample", ".env.template", ".env.dist", "env.example"];

/// Every server, in the order of the table.
pub(super) fn all(tree: &Tree, declared: &Declared, code: &Code) -> Vec<Service> {
    let examples = examples(tree);
    let value_of = |name: &str| {
        examples
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.clone())
    };
    let given = Given { containers: containers::read(tree, &value_of), examples: &examples, declared, code };
    let mut services: Vec<Service> = Vec::new();
    // A project whose compose file starts servers says which ones it cannot do without.
    let says =
        SERVICES.iter().any(|known| given.container(known).is_some_and(|container| container.in_compose));
    for known in SERVICES {
        let container = given.container(known);
        let is_there = if says { given.is_read(known) } else { given.is_there(known) };
        if container.is_none() && !is_there {
            continue;
        }
        let taken: Vec<&str> = services
            .iter()
            .flat_map(|service| service.variables.iter().map(|(name, _)| name.as_str()))
            .collect();
        services.push(given.service(known, container, &taken));
    }
    services
}

/// What servers are seen from.
struct Given<'a> {
    containers: Vec<Container>,
    /// Variables of the examples, with their values.
    examples: &'a [(String, String)],
    declared: &'a Declared,
    code: &'a Code,
}

/// Who comes in, and to which database.
#[derive(Debug, Clone)]
struct Login {
    user: String,
    password: String,
    database: String,
    /// Whether the compose file has a password that others should not read in more files.
    is_hidden: bool,
}

impl Given<'_> {
    /// The container of the project's own files that is this server.
    fn container(&self, known: &Known) -> Option<&Container> {
        self.containers.iter().find(|container| known.images.contains(&without_version(&container.image)))
    }

    /// Whether the code talks to a server, whatever the project's containers are.
    fn is_there(&self, known: &Known) -> bool {
        let uses = |known: &Known| {
            known.clients.iter().any(|client| self.declared.is_used(client))
                || known
                    .extras
                    .iter()
                    .any(|(client, extra)| self.declared.is_used(client) && self.declared.asks(client, extra))
        };
        // Without a word about its broker Celery takes RabbitMQ.
        let is_broker = known.name == "rabbitmq"
            && self.declared.is_used("celery")
            && !self.declared.asks("celery", "sqs")
            && !SERVICES
                .iter()
                .any(|known| known.name == "redis" && (uses(known) || self.container(known).is_some()));
        uses(known) || is_broker || self.is_read(known)
    }

    /// Whether a variable says where a server is that can be no other one.
    fn is_read(&self, known: &Known) -> bool {
        let mut names = self.code.environment.keys();
        let is_read = names.any(|name| {
            (known.variables.contains(&name.as_str()) && !OF_ANY.contains(&name.as_str()))
                || part(known, name).is_some_and(|(part, is_own)| part == Part::Host && is_own)
        });
        is_read || self.variables_of_example(known).next().is_some()
    }

    fn service(&self, known: &Known, container: Option<&Container>, taken: &[&str]) -> Service {
        let image = container.map(|container| container.image.clone()).filter(|image| image.contains(':'));
        let image = image.unwrap_or_else(|| known.image.to_owned());
        let is_mariadb = without_version(&image) == "mariadb";
        let health = if is_mariadb { "healthcheck.sh --connect --innodb_initialized" } else { known.health };
        let login = self.login(known, container);
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), login.fill(value));
        Service {
            name: container.map_or(known.name, |container| container.name.as_str()).to_owned(),
            kind: known.name.to_owned(),
            in_compose: container.is_some_and(|container| container.in_compose && container.is_published),
            port: known.port,
            container_environment: known.environment.iter().map(pair).collect(),
            variables: self.variables(known, &login.shown(), taken),
            health: login.fill(health),
            data: data(known, &image),
            image,
        }
    }

    /// As the container has it; else as the variables that the code reads are set in the example; else one for development.
    fn login(&self, known: &Known, container: Option<&Container>) -> Login {
        let of_container = |names: &[&str]| {
            let environment = &container?.environment;
            let found = environment.iter().find(|(name, _)| names.contains(&name.as_str()));
            found.map(|(_, value)| value.clone()).filter(|value| is_plain(value, ""))
        };
        let of_example = |wanted: Part| {
            let mut of_part = self.examples.iter().filter(|(name, _)| {
                self.code.environment.contains_key(name)
                    && part(known, name).is_some_and(|(part, _)| part == wanted)
            });
            of_part.find(|(_, value)| is_plain(value, "")).map(|(_, value)| value.clone())
        };
        let value = |part: Part, names: &[&str]| of_container(names).or_else(|| of_example(part));
        let or_usual = |value: Option<String>| value.unwrap_or_else(|| "app".to_owned());
        let user = ["POSTGRES_USER", "MYSQL_USER", "MARIADB_USER", "RABBITMQ_DEFAULT_USER"];
        let password = ["POSTGRES_PASSWORD", "MYSQL_PASSWORD", "MARIADB_PASSWORD", "RABBITMQ_DEFAULT_PASS"];
        let database = ["POSTGRES_DB", "MYSQL_DATABASE", "MARIADB_DATABASE", "MONGO_INITDB_DATABASE"];
        let is_postgres = known.name == "postgres" && container.is_some();
        // What the image of postgres takes when nobody says.
        let usual = || is_postgres.then(|| "postgres".to_owned());
        let user = or_usual(value(Part::User, &user).or_else(usual));
        let database = value(Part::Database, &database).or_else(|| is_postgres.then(|| user.clone()));
        let database = or_usual(database);
        let is_usual = |password: &str| is_usual(password, &[&user, &database]);
        let written = container.and_then(|container| {
            let mut variables = container.environment.iter();
            variables.find(|(name, _)| password.contains(&name.as_str())).map(|(_, value)| value.as_str())
        });
        let is_hidden = container.is_some_and(|container| container.in_compose)
            && written.is_some_and(|password| !is_usual(password));
        let password = match written {
            Some(password) => Some(password.to_owned()).filter(|it| is_plain(it, "") && is_usual(it)),
            None => of_example(Part::Password),
        };
        Login { password: or_usual(password), is_hidden, user, database }
    }

    /// The variables that tell the code where this server is: those that it reads, or that an example has.
    fn variables(&self, known: &Known, login: &Login, taken: &[&str]) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut has_url = false;
        let mut has_host = false;
        let is_free = |name: &str| !taken.contains(&name) && !name.contains("TLS") && !name.contains("SSL");
        for (name, need) in self.code.environment.iter().filter(|(name, _)| is_free(name)) {
            let scheme = match need {
                Need::Optional(Some(default)) => scheme(default),
                _ => None,
            };
            let is_of_another = scheme.is_some_and(|scheme| {
                !known.schemes.contains(&scheme)
                    && SERVICES.iter().any(|other| other.schemes.contains(&scheme))
            });
            let is_own_scheme = scheme.is_some_and(|scheme| known.schemes.contains(&scheme));
            let part = part(known, name).map(|(part, _)| part).or_else(|| is_own_scheme.then_some(Part::Url));
            let part = part.filter(|_| !is_of_another);
            has_url |= part == Some(Part::Url);
            has_host |= part == Some(Part::Host);
            let value = match part {
                Some(Part::Url) => self.url(known, name, login),
                Some(Part::Host) => "{host}".to_owned(),
                Some(Part::Port) => known.port.to_string(),
                Some(Part::Database) if known.name == "redis" => "0".to_owned(),
                Some(Part::User) if known.has_login() => login.user.clone(),
                Some(Part::Password) if known.has_login() => login.password.clone(),
                Some(Part::Database) if known.has_login() || known.name == "mongodb" => {
                    login.database.clone()
                }
                _ => continue,
            };
            found.push((name.clone(), value));
        }
        // Where an address says it all, other parts are not of this server, or are not looked at.
        if has_url && !has_host {
            found.retain(|(name, _)| {
                part(known, name).is_none_or(|(part, is_own)| is_own || part == Part::Url)
            });
        }
        for name in self.variables_of_example(known) {
            if !taken.contains(&name) && !found.iter().any(|(known, _)| known == name) {
                found.push((name.to_owned(), self.url(known, name, login)));
            }
        }
        found
    }

    /// The address for a variable, with the scheme that the project itself gives it in an example or a container.
    fn url(&self, known: &Known, variable: &str, login: &Login) -> String {
        let usual = login.fill(&url(known, self.declared));
        let of_containers = self.containers.iter().flat_map(|container| &container.environment);
        let mut values = self.examples.iter().chain(of_containers).filter(|(name, _)| name == variable);
        let said = values.find(|(_, value)| scheme(value).is_some_and(|it| known.schemes.contains(&it)));
        let said = said.and_then(|(_, value)| value.split_once("://")).map(|(scheme, _)| scheme);
        match (said.filter(|said| is_plain(said, "+")), usual.split_once("://")) {
            (Some(said), Some((_, rest))) => format!("{said}://{rest}"),
            _ => usual,
        }
    }

    /// Variables whose values in an example have the scheme of this server.
    fn variables_of_example<'g>(&'g self, known: &'g Known) -> impl Iterator<Item = &'g str> {
        let is_of_it = |(_, value): &&(String, String)| {
            scheme(value).is_some_and(|scheme| known.schemes.contains(&scheme))
        };
        self.examples.iter().filter(is_of_it).map(|(name, _)| name.as_str())
    }
}

impl Login {
    /// As variables in files that are made have it.
    fn shown(&self) -> Self {
        let password = if self.is_hidden { "{password}" } else { &self.password };
        Self { password: password.to_owned(), ..self.clone() }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{user}", &self.user)
            .replace("{password}", &self.password)
            .replace("{database}", &self.database)
    }
}

/// Passwords that nobody takes for a secret, and what they are put together from.
const USUAL: &[&str] = &[
    "development",
    "password",
    "postgres",
    "rabbitmq",
    "changeme",
    "example",
    "mariadb",
    "passwd",
    "secret",
    "testing",
    "admin",
    "dummy",
    "guest",
    "local",
    "mongo",
    "mysql",
    "root",
    "test",
    "user",
    "pass",
    "app",
    "dev",
    "the",
    "my",
    "pw",
];

/// Whether a password is one for development at first sight: `postgres`, `my-secret-password1`, the name of the user.
fn is_usual(password: &str, names: &[&str]) -> bool {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let digits = password.chars().filter(char::is_ascii_digit).count();
    let mut rest = letters(password);
    for word in names.iter().map(|name| letters(name)).filter(|word| word.len() > 1) {
        rest = rest.replace(&word, " ");
    }
    for word in USUAL {
        rest = rest.replace(word, " ");
    }
    digits <= 4 && rest.chars().all(|letter| letter == ' ')
}

/// The variables of the examples, with their values.
fn examples(tree: &Tree) -> Vec<(String, String)> {
    let texts = EXAMPLES.iter().filter_map(|file| tree.text(file));
    let mut found = Vec::new();
    for text in texts {
        let pairs = text.lines().filter_map(|line| line.trim().split_once('='));
        let pairs = pairs.map(|(name, value)| {
            (
                name.trim().trim_start_matches("export ").to_owned(),
                value.trim().trim_matches(['"', '\'']).to_owned(),
            )
        });
        found.extend(pairs.filter(|(name, _)| is_plain(name, "")));
    }
    found
}

/// The address as `sqlalchemy` wants it where that is what reads it, with the driver that is there.
fn url(known: &Known, declared: &Declared) -> String {
    let has = |name: &str| declared.is_used(name) || declared.asks("sqlalchemy", name);
    let uses_sqlalchemy =
        ["sqlalchemy", "sqlmodel", "flask-sqlalchemy", "alembic"].iter().any(|name| has(name));
    let driver = match known.name {
        "postgres" if uses_sqlalchemy && has("asyncpg") => "+asyncpg",
        "postgres" if uses_sqlalchemy && has("psycopg") => "+psycopg",
        "postgres" if uses_sqlalchemy && has("pg8000") => "+pg8000",
        "mysql" if uses_sqlalchemy && has("aiomysql") => "+aiomysql",
        "mysql" if uses_sqlalchemy && has("asyncmy") => "+asyncmy",
        "mysql" if uses_sqlalchemy && has("pymysql") => "+pymysql",
        _ => return known.url.to_owned(),
    };
    known.url.replacen("://", &format!("{driver}://"), 1)
}

/// From 18 on the image of `postgres` has its volume one folder higher.
fn data(known: &Known, image: &str) -> String {
    let image = image.split('@').next().unwrap_or(image);
    let tag = image.rsplit_once(':').map(|(_, tag)| tag).unwrap_or_default();
    let major: Option<u32> =
        tag.split(['.', '-']).next().and_then(|major| major.trim_start_matches("pg").parse().ok());
    if known.name == "postgres" && major.is_some_and(|major| major >= 18) {
        return "/var/lib/postgresql".to_owned();
    }
    known.data.to_owned()
}

/// `docker.io/library/postgres:17@sha256:...` is `postgres`.
fn without_version(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let image = image.strip_prefix("library/").unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
