//! What distributions are for.

use super::lines::Lines;
use super::{Category, NotImported, not_imported};

static LINES: Lines = Lines::new(include_str!("../../data/categories.txt"));

/// Classifiers (the list of the package index), the more telling ones first: a plug-in of pytest for Django is for tests.
const CLASSIFIERS: &[(&str, Category)] = &[
    ("Framework :: Pytest", Category::Testing),
    ("Framework :: tox", Category::Testing),
    ("Framework :: Hypothesis", Category::Testing),
    ("Framework :: Robot Framework", Category::Testing),
    ("Topic :: Software Development :: Testing", Category::Testing),
    ("Framework :: Flake8", Category::Linting),
    ("Topic :: Software Development :: Quality Assurance", Category::Linting),
    ("Framework :: Sphinx", Category::Development),
    ("Framework :: MkDocs", Category::Development),
    ("Framework :: Setuptools Plugin", Category::Development),
    ("Framework :: Hatch", Category::Development),
    ("Framework :: Jupyter", Category::Development),
    ("Framework :: IPython", Category::Development),
    ("Topic :: Documentation", Category::Development),
    ("Topic :: Software Development :: Build Tools", Category::Development),
    ("Topic :: Software Development :: Bug Tracking", Category::Development),
    ("Topic :: Software Development :: Code Generators", Category::Development),
    ("Topic :: Software Development :: Compilers", Category::Development),
    ("Topic :: Software Development :: Debuggers", Category::Development),
    ("Topic :: Software Development :: Documentation", Category::Development),
    ("Topic :: Software Development :: Version Control", Category::Development),
    ("Topic :: System :: Archiving :: Packaging", Category::Development),
    ("Topic :: System :: Software Distribution", Category::Development),
    ("Topic :: Database", Category::Database),
    ("Framework :: Celery", Category::Database),
    ("Topic :: Scientific/Engineering", Category::Ml),
    ("Framework :: Dask", Category::Ml),
    ("Framework :: Matplotlib", Category::Ml),
    ("Framework :: AiiDA", Category::Ml),
    ("Framework :: OpenTelemetry", Category::Deployment),
    ("Topic :: System :: Clustering", Category::Deployment),
    ("Topic :: System :: Distributed Computing", Category::Deployment),
    ("Topic :: System :: Installation/Setup", Category::Deployment),
    ("Topic :: System :: Monitoring", Category::Deployment),
    ("Topic :: System :: Systems Administration", Category::Deployment),
    ("Framework :: aiohttp", Category::Web),
    ("Framework :: Bottle", Category::Web),
    ("Framework :: CherryPy", Category::Web),
    ("Framework :: Dash", Category::Web),
    ("Framework :: Django", Category::Web),
    ("Framework :: FastAPI", Category::Web),
    ("Framework :: Flask", Category::Web),
    ("Framework :: Odoo", Category::Web),
    ("Framework :: Plone", Category::Web),
    ("Framework :: Pylons", Category::Web),
    ("Framework :: Pyramid", Category::Web),
    ("Framework :: Scrapy", Category::Web),
    ("Framework :: TurboGears", Category::Web),
    ("Framework :: Wagtail", Category::Web),
    ("Framework :: Zope", Category::Web),
    ("Topic :: Internet :: WWW/HTTP", Category::Web),
    ("Topic :: File Formats", Category::Utilities),
    ("Topic :: Multimedia", Category::Utilities),
    ("Topic :: Office/Business", Category::Utilities),
    ("Topic :: Security :: Cryptography", Category::Utilities),
    ("Topic :: System :: Archiving", Category::Utilities),
    ("Topic :: System :: Logging", Category::Utilities),
    ("Topic :: Terminals", Category::Utilities),
    ("Topic :: Text Processing", Category::Utilities),
    ("Topic :: Utilities", Category::Utilities),
    ("Topic :: Internet", Category::Web),
];

/// The category of a distribution by its normalised name and its classifiers: by the table, as a plug-in or as stubs (a plug-in is for what
/// its host is for, stubs are for type checkers), then by the classifiers (`Topic :: ...`, `Framework :: ...`), then core.
pub fn category(name: &str, classifiers: &[String]) -> Category {
    if let Some(known) = listed(name) {
        return known;
    }
    match not_imported(name) {
        Some(NotImported::Plugin(host)) => return listed(&host).unwrap_or(Category::Development),
        Some(NotImported::Stub(_)) => return Category::Linting,
        _ => {}
    }
    let is = |classifier: &str, known: &str| {
        classifier.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(" :: "))
    };
    let found = CLASSIFIERS.iter().find(|(known, _)| classifiers.iter().any(|given| is(given, known)));
    found.map_or(Category::Core, |(_, category)| *category)
}

fn listed(name: &str) -> Option<Category> {
    let word = LINES.get(name)?;
    Category::ALL.into_iter().find(|category| category.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_a_category() {
        assert!(LINES.names().count() > 600);
        assert!(LINES.names().all(|name| listed(name).is_some()));
    }

    #[test]
    fn a_distribution_is_for_what_the_table_its_host_or_its_classifiers_say() {
        let of = |name: &str, classifiers: &[&str]| {
            category(name, &classifiers.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of("psycopg2", &[]), Category::Database);
        assert_eq!(of("celery", &[]), Category::Database);
        assert_eq!(of("flask", &["Topic :: Database"]), Category::Web);
        assert_eq!(of("pytest-nobody-knows", &["Framework :: Django"]), Category::Testing);
        assert_eq!(of("types-requests", &[]), Category::Linting);
        assert_eq!(of("sphinx-nobody-knows", &[]), Category::Development);
        assert_eq!(of("unheard-of", &[]), Category::Core);
        assert_eq!(of("unheard-of", &["Framework :: Django", "Framework :: Pytest"]), Category::Testing);
        assert_eq!(of("unheard-of", &["Topic :: Internet :: WWW/HTTP :: WSGI"]), Category::Web);
        assert_eq!(of("unheard-of", &["Topic :: Database :: Front-Ends"]), Category::Database);
        assert_eq!(of("unheard-of", &["Topic :: Databases"]), Category::Core);
        // A name that merely contains a word says nothing.
        assert_eq!(of("webcolors-of-the-database", &[]), Category::Core);
    }
}
