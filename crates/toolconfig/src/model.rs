//! Settings between reading and writing: tables in order, each value with its comments and with the place it is from.

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the project, with `/` between its parts.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl Place {
    /// A line of a file.
    pub fn new(file: impl Into<String>, line: usize) -> Self {
        Self { file: file.into(), line }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// A TOML table to write: keys in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The keys in their order, each once.
    pub settings: Vec<Setting>,
    /// Comment lines behind the last key.
    pub closing: Vec<String>,
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key, not quoted.
    pub key: String,
    /// What it is set to.
    pub value: Value,
    /// Comment lines above it, each with or without its `#`.
    pub comments: Vec<String>,
    /// A comment behind it.
    pub trailing: Option<String>,
}

/// A TOML value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    String(String),
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number, as it is written.
    Float(String),
    /// An array.
    Array(Vec<Element>),
    /// A table, written under a header of its own.
    Table(Table),
    /// A table, written on one line.
    Inline(Table),
    /// An array of tables, each under a header of its own.
    Tables(Vec<Table>),
}

/// An item of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The item.
    pub value: Value,
    /// Comment lines above it, each with or without its `#`.
    pub comments: Vec<String>,
    /// A comment behind it.
    pub trailing: Option<String>,
}

impl Element {
    /// An item without comments.
    pub fn new(value: impl Into<Value>) -> Self {
        Self { value: value.into(), comments: Vec::new(), trailing: None }
    }
}

impl Setting {
    /// A key without comments.
    pub fn new(key: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { key: key.into(), value: value.into(), comments: Vec::new(), trailing: None }
    }

    /// The same with comment lines above it.
    #[must_use]
    pub fn with_comments(mut self, comments: Vec<String>) -> Self {
        self.comments = comments;
        self
    }
}

impl Table {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.settings.iter().find(|setting| setting.key == key).map(|setting| &setting.value)
    }

    /// Sets a key. One that is there gets the new value and comments and keeps its place.
    pub fn set(&mut self, setting: Setting) {
        match self.settings.iter_mut().find(|known| known.key == setting.key) {
            Some(known) => *known = setting,
            None => self.settings.push(setting),
        }
    }

    /// Sets a key without comments.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.set(Setting::new(key, value));
    }

    /// The table below a key, which is made if nothing or no table is there.
    pub fn table(&mut self, key: &str) -> &mut Table {
        let known = self.settings.iter().position(|setting| setting.key == key);
        let at = known.unwrap_or_else(|| {
            self.settings.push(Setting::new(key, Table::default()));
            self.settings.len() - 1
        });
        let value = &mut self.settings[at].value;
        if !matches!(value, Value::Table(_)) {
            *value = Value::Table(Table::default());
        }
        let Value::Table(table) = value else { unreachable!("it was made a table above") };
        table
    }

    /// Puts comment lines above the header of the table at a path, if it is there.
    pub fn comment(&mut self, path: &[&str], comments: &[String]) {
        let Some((last, tables)) = path.split_last() else { return };
        let mut table = self;
        for key in tables {
            table = table.table(key);
        }
        if let Some(setting) = table.settings.iter_mut().find(|setting| setting.key == *last) {
            setting.comments.splice(0..0, comments.iter().cloned());
        }
    }

    /// The table at a path of keys; tables on the way are made.
    pub fn at(&mut self, path: &[&str]) -> &mut Table {
        path.iter().fold(self, |table, key| table.table(key))
    }
}

impl Value {
    /// An array of strings without comments.
    pub fn strings<I: IntoIterator<Item: Into<String>>>(items: I) -> Self {
        Self::Array(items.into_iter().map(|item| Element::new(item.into())).collect())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Table> for Value {
    fn from(value: Table) -> Self {
        Self::Table(value)
    }
}
