use super::*;
use crate::testing;

#[test]
fn look() {
    let run = testing::run(3, 12);
    println!("{}", table(&run, &Style::plain(100)));
    println!("{}", crate::report::markdown::markdown(&run));
    println!("{}", crate::report::csv::summary(&run));
    let after = testing::slower(&testing::run(4, 12), "uv", 1.2);
    let c = crate::compare::compare(&run, &after, &crate::compare::CompareOptions::default());
    println!("{}", crate::report::comparison::text(&c, &Style::plain(100)));
    println!("{}", crate::report::comparison::markdown(&c));
    for t in [
        "install-warm>=3x",
        "medium:install-warm:uv<=2s",
        "install-cold:pip/uv-bytecode:cpu>=2x",
        "no-op:memory:uv<=20MiB",
        "large:resolve>=2x",
    ] {
        for c in crate::threshold::evaluate(&run, &crate::threshold::parse_threshold(t).unwrap()) {
            println!("{t}: {}: {}", c.outcome.id(), c.message);
        }
    }
    std::fs::create_dir_all("/work/h/stats-env/out").unwrap();
    let json = crate::file::to_json(&run);
    println!("{}", json.chars().take(3000).collect::<String>());
    assert_eq!(crate::file::from_json(&json).unwrap(), run);
}
