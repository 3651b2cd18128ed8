use std::collections::BTreeMap;

/// Entry points: group, name, value without white space (entry points specification).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPoints {
    /// The groups that have at least one entry.
    pub groups: BTreeMap<String, BTreeMap<String, String>>,
}

impl EntryPoints {
    /// Reads `entry_points.txt` as `importlib.metadata` does.
    ///
    /// ```
    /// let read = uvshift_wheel::EntryPoints::parse("[console_scripts]\ndemo = demo.cli : main [fast]\n");
    /// assert_eq!(read.groups["console_scripts"]["demo"], "demo.cli:main[fast]");
    /// ```
    pub fn parse(text: &str) -> Self {
        let mut groups: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut group = "";
        for line in
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
        {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                group = name.trim();
            } else {
                let (name, value) = line.split_once('=').unwrap_or((line, ""));
                let value: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
                groups.entry(group.to_owned()).or_default().insert(name.trim().to_owned(), value);
            }
        }
        Self { groups }
    }

    /// Every entry point as group, name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.groups.iter().flat_map(|(group, entries)| {
            entries.iter().map(move |(name, value)| (group.as_str(), name.as_str(), value.as_str()))
        })
    }
}
