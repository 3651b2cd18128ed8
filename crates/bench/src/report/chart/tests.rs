use super::*;
use crate::testing;

#[test]
fn look() {
    let run = testing::run(1, 12);
    for (name, chart) in [
        ("forest", forest(&run).unwrap()),
        ("distributions", distributions(&run, "medium").unwrap()),
        ("medians", medians(&run, "medium").unwrap()),
    ] {
        std::fs::write(format!("/tmp/c-{name}.svg"), chart.to_svg()).unwrap();
        std::fs::write(format!("/tmp/c-{name}-narrow.svg"), chart.narrow.to_svg()).unwrap();
        std::fs::write(format!("/tmp/c-{name}.png"), chart.to_png().unwrap()).unwrap();
    }
}
