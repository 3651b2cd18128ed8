//! The bundled table of modules whose name does not tell their distribution.

use std::sync::OnceLock;

const MODULES: &str = include_str!("../../data/modules.txt");

/// The table: sorted by module, and its reverse, sorted by distribution.
struct Table {
    by_module: Vec<(&'static str, &'static str)>,
    by_distribution: Vec<(&'static str, &'static str)>,
}

/// The lines of a table without its comments: the first word and the rest.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

/// The distributions of a module (not dotted), the likeliest first; none where the name tells.
pub(super) fn distributions(module: &str) -> impl Iterator<Item = &'static str> {
    let found = table().by_module.binary_search_by(|(known, _)| (*known).cmp(module)).ok();
    let names = found.and_then(|at| table().by_module.get(at)).map_or("", |(_, names)| *names);
    names.split_ascii_whitespace()
}

/// Whether a distribution, by its normalised name, is well known and has the module that its name tells.
pub(super) fn is_plain(distribution: &str) -> bool {
    static PLAIN: OnceLock<Vec<&str>> = OnceLock::new();
    let lines = || include_str!("../../data/plain.txt").lines();
    let plain =
        PLAIN.get_or_init(|| lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect());
    plain.binary_search(&distribution).is_ok()
}

/// The modules of a distribution by its normalised name, sorted; none where the name tells.
pub(super) fn modules(distribution: &str) -> impl Iterator<Item = &'static str> {
    let reverse = &table().by_distribution;
    let start = reverse.partition_point(|(known, _)| *known < distribution);
    let found = reverse.iter().skip(start).take_while(move |(known, _)| *known == distribution);
    // The borrow of the name must not outlive the search.
    found.map(|(_, module)| *module).collect::<Vec<_>>().into_iter()
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let by_module: Vec<_> = rows(MODULES).collect();
        let pairs = by_module
            .iter()
            .flat_map(|(module, names)| names.split_ascii_whitespace().map(|name| (name, *module)));
        let mut by_distribution: Vec<_> = pairs.collect();
        by_distribution.sort_unstable();
        Table { by_module, by_distribution }
    })
}

#[cfg(test)]
mod tests {
    use uvshift_requirements::normalize_name;

    use super::*;

    #[test]
    fn the_table_is_sorted_without_duplicates_and_every_row_is_sound() {
        let lines: Vec<_> = rows(MODULES).collect();
        assert_eq!(
            lines.len(),
            MODULES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count()
        );
        assert!(lines.is_sorted_by(|left, right| left.0 < right.0));
        for (module, names) in lines {
            assert!(module.chars().all(|letter| letter.is_alphanumeric() || letter == '_'), "{module}");
            let mut names: Vec<_> = names.split(' ').collect();
            let count = names.len();
            assert!(
                names.iter().all(|name| !name.is_empty() && *name == normalize_name(name)),
                "{module} {names:?}"
            );
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{module}");
        }
    }

    #[test]
    fn the_tables_are_under_200_kb() {
        let bytes = MODULES.len()
            + include_str!("../../data/plain.txt").len()
            + include_str!("../../data/names.txt").len()
            + include_str!("../../data/namespaces.txt").len()
            + include_str!("../../data/stdlib.txt").len();
        assert!(bytes < 200_000, "{bytes}");
    }

    #[test]
    fn both_ways_agree() {
        assert_eq!(distributions("yaml").collect::<Vec<_>>(), ["pyyaml"]);
        assert_eq!(modules("pymongo").collect::<Vec<_>>(), ["bson", "gridfs", "pymongo"]);
        assert_eq!((distributions("requests").count(), modules("requests").count()), (0, 0));
        for (distribution, module) in &table().by_distribution {
            assert!(distributions(module).any(|name| name == *distribution));
        }
    }
}
