use uvshift_requirements::normalize_name;

use super::*;

const TABLES: [(&str, &str); 5] = [
    ("categories", include_str!("../../data/categories.txt")),
    ("jobs", include_str!("../../data/jobs.txt")),
    ("legacy", include_str!("../../data/legacy.txt")),
    ("not_imported", include_str!("../../data/not_imported.txt")),
    ("system_libraries", include_str!("../../data/system_libraries.txt")),
];

fn names(text: &'static str) -> Vec<&'static str> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn the_tables_are_sorted_without_duplicates_and_names_are_normalised() {
    for (table, text) in TABLES {
        let names = names(text);
        let wrong = names.windows(2).find(|pair| pair[0] >= pair[1]);
        assert_eq!(wrong, None, "{table}");
        assert_eq!(names.iter().find(|name| normalize_name(name) != **name), None, "{table}");
    }
}

#[test]
fn every_line_is_understood() {
    for name in names(TABLES[1].1) {
        assert!(job(name).is_some(), "{name}");
    }
    for name in names(TABLES[2].1) {
        let found = legacy(name).unwrap_or_else(|| panic!("{name}"));
        assert!(!found.why.ends_with('.') && !found.why.contains(" | "), "{name}");
        assert!(
            found
                .instead
                .is_none_or(|instead| instead == normalize_name(instead) && legacy(instead).is_none()),
            "{name}"
        );
    }
    for name in names(TABLES[4].1) {
        let found = system_libraries(name).unwrap_or_else(|| panic!("{name}"));
        assert!(!found.debian.is_empty() && !found.what.is_empty(), "{name}");
    }
}

#[test]
fn a_job_is_had_by_several() {
    let mut jobs: Vec<_> = names(TABLES[1].1).into_iter().filter_map(job).collect();
    jobs.sort_unstable();
    let alone = jobs.chunk_by(|left, right| left == right).find(|chunk| chunk.len() < 2);
    assert_eq!(alone, None);
    assert_eq!(
        (job("requests"), job("httpx"), job("numpy")),
        (Some("HTTP client"), Some("HTTP client"), None)
    );
}

#[test]
fn what_is_legacy_says_why() {
    assert_eq!(legacy("nose").unwrap().instead, Some("pytest"));
    assert_eq!(legacy("distribute").unwrap().instead, Some("setuptools"));
    assert_eq!(legacy("pil").unwrap().instead, Some("pillow"));
    assert_eq!(legacy("enum34").unwrap().instead, None);
    for name in ["setuptools", "psycopg2-binary", "python-dateutil", "attrs", "beautifulsoup4", "requests"] {
        assert_eq!(legacy(name), None, "{name}");
    }
}

#[test]
fn libraries_of_the_system_are_known() {
    let mysql = system_libraries("mysqlclient").unwrap();
    assert_eq!((mysql.debian, mysql.has_wheels), (&["libmariadb-dev", "pkg-config"][..], false));
    assert_eq!(system_libraries("psycopg2").unwrap().instead, Some("psycopg2-binary"));
    assert!(system_libraries("lxml").unwrap().has_wheels && system_libraries("requests").is_none());
}
