//! The real pip and the real uv on a local index.

use std::time::Duration;

use uvshift_bench::compat::{
    Compat, Effect, FailureClass, NotTried, Outcome, Status, Tool, Verdict, read_log, text,
};
use uvshift_testkit::{WheelOptions, git_repo};

use crate::world::{World, checked, row};

const REQUIREMENTS: [&str; 20] = [
    "plain",
    "plain==1.0",
    "prerel",
    "onlypre",
    "halfpre",
    "missing-package",
    "plain>=3",
    "needs-missing",
    "newpy",
    "foreign",
    "srconly",
    "plain ; python_version < '3'",
    "withextra[fast]",
    "left",
    "right",
    "what is this",
    "./here",
    "git+https://index.example/tree",
    "-r other.txt",
    "plain",
];

/// One check for all that only looks at it: it takes most of the time.
#[test]
fn every_difficulty_in_one_list() {
    let world = World::new();
    world.wheels(&[
        ("plain", "1.0", &[]),
        ("plain", "2.0", &[]),
        ("prerel", "1.0", &[]),
        ("prerel", "2.0b1", &[]),
        ("onlypre", "1.0a1", &[]),
        ("halfpre", "2.0b1", &[]),
        ("needs-missing", "1.0", &["missing-package"]),
        ("left", "1.0", &["plain<2"]),
        ("right", "1.0", &["plain>=2"]),
    ]);
    // The only final version is for another Python.
    world.wheel("halfpre", "1.0", &WheelOptions::default().python(">=3.99"));
    world.wheel("newpy", "1.0", &WheelOptions::default().python(">=3.99"));
    world.wheel("withextra", "1.0", &WheelOptions::default().extra("fast", &["plain<2"]));
    world.foreign_wheel("foreign", "1.0");
    world.sdist("srconly", "1.0", &[]);
    let mut plan = world.plan(&REQUIREMENTS);
    plan.together = true;
    let compat = checked(&plan);
    what_resolves_the_same_is_told_the_same(&compat);
    failures_have_their_class_under_both(&compat);
    what_would_run_code_is_not_tried(&compat);
    the_tools_differ_in_pre_releases_and_the_flag_is_found(&compat);
    what_is_fine_alone_may_conflict_together(&compat);
    every_row_keeps_its_place_and_its_log(&world, &compat);
}

fn class(outcome: &Outcome) -> Option<FailureClass> {
    match &outcome.status {
        Status::Failed(failure) => Some(failure.class),
        _ => None,
    }
}

fn what_resolves_the_same_is_told_the_same(compat: &Compat) {
    for (requirement, version) in
        [("plain", "2.0"), ("plain==1.0", "1.0"), ("prerel", "1.0"), ("onlypre", "1.0a1")]
    {
        let row = row(compat, requirement);
        assert_eq!(row.verdict, Verdict::Same, "{requirement}: {row:?}");
        let name = row.name.as_deref().unwrap();
        assert_eq!(row.pip.version_of(name), Some(version));
        assert_eq!(row.uv.version_of(name), Some(version));
        assert!(row.attempts.is_empty() && row.reason.is_none());
    }
    let extra = row(compat, "withextra[fast]");
    assert_eq!((extra.verdict, extra.uv.version_of("plain")), (Verdict::Same, Some("1.0")));
    assert_eq!(row(compat, "plain ; python_version < '3'").verdict, Verdict::DoesNotApply);
    let setting = &compat.setting;
    assert_eq!((setting.pip.as_str(), setting.uv.as_str()), ("26.3", "0.13.9"));
}

fn failures_have_their_class_under_both(compat: &Compat) {
    for (requirement, expected) in [
        ("missing-package", FailureClass::NoSuchPackage),
        ("plain>=3", FailureClass::NoSuchVersion),
        ("needs-missing", FailureClass::NoSuchPackage),
        ("newpy", FailureClass::OtherPython),
        ("foreign", FailureClass::NoWheel),
        ("srconly", FailureClass::NeedsBuild),
        ("what is this", FailureClass::InvalidRequirement),
        ("-r other.txt", FailureClass::InvalidRequirement),
    ] {
        let row = row(compat, requirement);
        assert_eq!(row.verdict, Verdict::Neither, "{requirement}");
        assert_eq!(class(&row.pip), Some(expected), "pip on {requirement}: {:?}", row.pip);
        assert_eq!(class(&row.uv), Some(expected), "uv on {requirement}: {:?}", row.uv);
    }
}

fn what_would_run_code_is_not_tried(compat: &Compat) {
    for requirement in ["./here", "git+https://index.example/tree"] {
        let row = row(compat, requirement);
        assert_eq!(row.verdict, Verdict::NotTried);
        assert_eq!(row.uv.status, Status::NotTried(NotTried::NeedsBuild));
        assert!(row.reason.as_deref().unwrap().contains("builds are not allowed"));
    }
}

fn the_tools_differ_in_pre_releases_and_the_flag_is_found(compat: &Compat) {
    let row = row(compat, "halfpre");
    assert_eq!(row.verdict, Verdict::OnlyUv, "{row:?}");
    assert_eq!(row.uv.version_of("halfpre"), Some("2.0b1"));
    assert_eq!(class(&row.pip), Some(FailureClass::OtherPython));
    let helped = row.attempts.iter().find(|attempt| attempt.effect == Effect::Agrees).unwrap();
    assert_eq!((helped.tool, helped.flag.as_str()), (Tool::Pip, "--pre"));
    assert!(row.reason.as_deref().unwrap().starts_with("with `--pre` pip chooses what uv chooses"));
}

fn what_is_fine_alone_may_conflict_together(compat: &Compat) {
    for requirement in ["left", "right"] {
        assert_eq!(row(compat, requirement).verdict, Verdict::Same);
    }
    // With everything that fails alone, and once more without it.
    let [all, rest] = compat.together.as_slice() else { panic!("{:?}", compat.together) };
    assert_eq!((all.members.len(), all.left_out.len()), (16, 4));
    assert!(rest.members.len() < all.members.len());
    for (outcome, words) in [(&rest.pip, "plain"), (&rest.uv, "plain")] {
        let Status::Failed(failure) = &outcome.status else { panic!("{outcome:?}") };
        assert_eq!(failure.class, FailureClass::Conflict, "{}", failure.message);
        assert!(failure.message.contains(words), "{}", failure.message);
    }
}

fn every_row_keeps_its_place_and_its_log(world: &World, compat: &Compat) {
    let texts: Vec<_> = compat.rows.iter().map(|row| row.requested.text.as_str()).collect();
    assert_eq!(texts, REQUIREMENTS);
    assert_eq!(compat.rows[19].requested.line, Some(20));
    assert_eq!(compat.rows[0].pip, compat.rows[19].pip);
    let log = row(compat, "missing-package").uv.log.clone().unwrap();
    let said = read_log(&world.path("state"), &log).unwrap();
    assert!(said.contains("was not found in the provided package locations"), "{said}");
    assert!(said.contains("uv pip install --dry-run"), "{said}");
    assert!(read_log(&world.path("state"), "logs/../results.jsonl").is_none());
    assert_eq!(std::fs::read_dir(world.path("state/work")).unwrap().count(), 0, "scratch folders are gone");
}

#[test]
fn with_builds_source_trees_are_resolved() {
    let world = World::new();
    world.wheels(&[("plain", "1.0", &[])]);
    let setup = "import sys\nprint('Error: pg_config executable not found.', file=sys.stderr)\nsys.exit(1)\n";
    world.sdist("broken", "1.0", &[("setup.py", setup)]);
    let tree = world.path("here");
    let pyproject = "[project]\nname = \"here\"\nversion = \"0.3\"\ndependencies = [\"plain\"]\n\
                     [build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n";
    let repository = git_repo(&tree, &[("pyproject.toml", pyproject), ("here.py", "")], None);
    let vcs = format!("here @ {}", repository.url());
    let mut plan = world.building(&["broken", "./here", &vcs]);
    plan.index.folder = Some(world.path(""));
    let compat = checked(&plan);
    for requirement in ["./here", &vcs] {
        let row = row(&compat, requirement);
        assert_eq!(row.verdict, Verdict::Same, "{row:?}");
        assert!(row.pip.chosen().unwrap().iter().any(|chosen| chosen.from_source));
    }
    assert_eq!(row(&compat, &vcs).pip.version_of("here"), Some("0.3"));
    assert_eq!(row(&compat, &vcs).uv.version_of("plain"), Some("1.0"));
    assert!(text(&compat).contains("which was not tried:\n  ./here: here\n"));
    let broken = row(&compat, "broken");
    let Status::Failed(failure) = &broken.pip.status else { panic!("{broken:?}") };
    assert_eq!(failure.class, FailureClass::MissingLibrary);
    assert_eq!(failure.about.as_deref(), Some("pg_config"));
    assert!(failure.message.starts_with("Error: pg_config executable not found."), "{}", failure.message);
    // uv reads the metadata that the distribution brings along.
    assert_eq!(broken.verdict, Verdict::OnlyUv);
    assert!(broken.reason.as_deref().unwrap().contains("without a build"));
    let debian =
        broken.remedies.iter().flat_map(|remedy| &remedy.system).find(|(system, _)| system == "debian");
    assert!(debian.unwrap().1.contains(&"libpq-dev".to_owned()));
    let log = read_log(&world.path("state"), broken.pip.log.as_ref().unwrap()).unwrap();
    assert!(log.contains("Error: pg_config executable not found."), "{log}");
}

#[test]
fn hashes_are_only_looked_at_together() {
    let world = World::new();
    world.wheels(&[("plain", "1.0", &[]), ("other", "1.0", &["plain"])]);
    let wrong = "0".repeat(64);
    let mut plan = world
        .plan(&[&format!("plain==1.0 --hash=sha256:{wrong}"), &format!("other==1.0 --hash=sha256:{wrong}")]);
    plan.together = true;
    let compat = checked(&plan);
    assert!(compat.rows.iter().all(|row| row.verdict == Verdict::Same), "{:?}", compat.rows);
    let [all] = compat.together.as_slice() else { panic!("{:?}", compat.together) };
    assert_eq!((all.verdict, class(&all.pip)), (Verdict::OnlyUv, Some(FailureClass::Hash)));
    assert!(all.reason.as_deref().unwrap().contains("downloads nothing"));
}

#[test]
fn an_upper_limit_of_pythons_counts_for_pip_alone() {
    let world = World::new();
    world.wheels(&[("capped", "1.0", &[])]);
    world.wheel("capped", "2.0", &WheelOptions::default().python("<3.7"));
    let compat = checked(&world.plan(&["capped"]));
    let row = row(&compat, "capped");
    assert_eq!(row.verdict, Verdict::OtherVersion);
    assert_eq!((row.pip.version_of("capped"), row.uv.version_of("capped")), (Some("1.0"), Some("2.0")));
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.starts_with("uv does not look at the upper limit of the Pythons"), "{reason}");
    assert!(reason.contains("not in '<3.7'"), "{reason}");
    let accepted: Vec<_> =
        row.attempts.iter().filter(|it| it.effect == Effect::Accepts).map(|it| it.tool).collect();
    assert_eq!(accepted, [Tool::Uv]);
}

#[test]
fn uv_stops_at_the_first_index_and_the_flag_is_found() {
    let world = World::new();
    let first = world.index("first", &[("shared", "1.0"), ("plain", "1.0")]);
    let second = world.index("second", &[("shared", "2.0"), ("other", "1.0")]);
    let mut plan = world.plan(&["shared", "shared>=2", "plain", "other"]);
    plan.index.no_index = false;
    plan.index.find_links.clear();
    // For both tools the extra index comes before the main one.
    plan.index.index_url = Some(second);
    plan.index.extra_index_urls = vec![first];
    let compat = checked(&plan);
    let shared = row(&compat, "shared");
    assert_eq!((shared.verdict, shared.pip.version_of("shared")), (Verdict::OtherVersion, Some("2.0")));
    assert_eq!(shared.uv.version_of("shared"), Some("1.0"));
    assert_eq!(shared.differences.len(), 1);
    assert_eq!(row(&compat, "shared>=2").verdict, Verdict::OnlyPip);
    for requirement in ["shared", "shared>=2"] {
        let row = row(&compat, requirement);
        let helped: Vec<_> = row.attempts.iter().filter(|attempt| attempt.effect == Effect::Agrees).collect();
        assert_eq!(helped.len(), 1, "{:?}", row.attempts);
        assert_eq!(
            (helped[0].tool, helped[0].flag.as_str()),
            (Tool::Uv, "--index-strategy unsafe-best-match")
        );
        assert!(row.reason.as_deref().unwrap().contains("uv stops at the first index that has the package"));
    }
    for requirement in ["plain", "other"] {
        assert_eq!(row(&compat, requirement).verdict, Verdict::Same);
    }
    assert_eq!(compat.tally().flags_help, 2);
}

#[test]
fn an_index_that_never_answers_hits_the_limit() {
    // Connections are taken by the system, and nobody ever reads them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let world = World::new();
    let mut plan = world.plan(&["plain"]);
    plan.index.no_index = false;
    plan.index.find_links.clear();
    plan.index.index_url = Some(format!("http://alice:hunter2@{}/simple", listener.local_addr().unwrap()));
    plan.timeout = Duration::from_secs(2);
    let compat = checked(&plan);
    let row = &compat.rows[0];
    assert_eq!(row.verdict, Verdict::Neither);
    assert_eq!(row.pip.status, Status::TimedOut(plan.timeout));
    assert_eq!(row.uv.status, Status::TimedOut(plan.timeout));
    assert!(!format!("{compat:?}").contains("hunter2"));
    assert!(!crate::world::all_texts(&world.path("state")).contains("hunter2"));
}
