//! Nothing is lost in silence: whatever stands in requirements files, each of their lines is in the ledger.

use proptest::prelude::*;
use uvshift_migrate::{Options, Planned, plan};

use crate::support::write;

/// One of everything that a requirements file can have, right and wrong.
const LINES: &[&str] = &[
    "flask==3.0.2",
    "flask",
    "requests[socks]>=2.30,<3 ; python_version < '3.12'  # why",
    "requests~=2.1.3.4",
    "alpha>=1.*",
    "4 + 4",
    "attrs==25.1.0 --hash=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "idna ; python_version not in '3.9, 3.10'",
    "beta @ https://files.example/beta-1.0-py3-none-any.whl",
    "https://files.example/gamma-1.0.tar.gz",
    "git+https://git.example/delta.git@v1#egg=delta",
    "-e git+https://git.example/epsilon.git#egg=epsilon",
    "-e .",
    "./vendor/zeta",
    "${PLACE}/eta-1.0.tar.gz",
    "-r more.txt",
    "-r gone.txt",
    "-c limits.txt",
    "--index-url https://index.example/simple",
    "--extra-index-url https://user:word@other.example/simple",
    "--find-links ./wheels",
    "--no-index",
    "--pre",
    "--no-binary :all:",
    "--only-binary flask",
    "--prefer-binary",
    "--require-hashes",
    "--trusted-host index.example",
    "--use-feature fast-deps",
    "--frobnicate",
    "theta --config-settings=a=b",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_ends_in_the_ledger(
        main in proptest::collection::vec(proptest::sample::select(LINES), 1..8),
        development in proptest::collection::vec(proptest::sample::select(LINES), 0..5),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = [("requirements.txt", &main), ("requirements-dev.txt", &development)];
        for (name, lines) in files {
            write(folder.path(), name, lines.join("\n") + "\n");
        }
        write(folder.path(), "more.txt", "click\n");
        write(folder.path(), "limits.txt", "click<9\n");
        // A project that cannot be planned is an error, which is not silent.
        if let Ok(Planned::Plan(plan)) = plan(folder.path(), &Options::default()) {
            for (name, lines) in files {
                for number in 1..=lines.len() {
                    let told = plan.ledger.has(name, number) || !plan.blockers.is_empty();
                    prop_assert!(told, "{name}:{number}: `{}` is lost in silence", lines[number - 1]);
                }
            }
            let changes = std::fs::read_dir(folder.path()).expect("the folder is there").count();
            prop_assert_eq!(changes, 4, "planning wrote something");
        }
    }
}
