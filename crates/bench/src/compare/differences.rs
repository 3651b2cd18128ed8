//! What differs between two runs besides the times.

use std::collections::BTreeSet;

use super::{Change, Verdict};
use crate::model::{Contender, Run, Scenario, WarningKind};
use crate::report::words::plain;

/// From this many measurements on, all of them going the same way speak of the machine.
const TELLING: usize = 4;

/// What is not the same in both runs; a sentence each.
pub(super) fn of_runs(before: &Run, after: &Run) -> Vec<String> {
    if [before, after].into_iter().any(is_foreign) {
        let message = "a file of hyperfine tells nothing of its machine and tools: whether these were the same is not known";
        return [message.to_owned()].into_iter().chain(of_content(before, after)).collect();
    }
    let machine = machine_facts(before).into_iter().zip(machine_facts(after));
    let settings = settings_facts(before).into_iter().zip(settings_facts(after));
    let facts = machine.chain(settings).filter_map(|((what, old), (_, new))| fact(what, &old, &new));
    let unfinished = [("first", before), ("second", after)];
    let unfinished = unfinished.into_iter().filter(|(_, run)| run.finished.is_none());
    let unfinished = unfinished.map(|(which, _)| format!("the {which} run was interrupted"));
    facts.chain(of_content(before, after)).chain(unfinished).collect()
}

/// What the changes as a whole tell.
pub(super) fn of_changes(changes: &[Change]) -> Vec<String> {
    let all = |verdict| changes.len() >= TELLING && changes.iter().all(|change| change.verdict == verdict);
    let broken = changes.iter().filter_map(|change| Some((change, change.failed.as_ref()?)));
    let mut warnings: Vec<String> = broken
        .map(|(change, why)| {
            let place = format!("{} {} {}", change.scenario, change.operation.id(), change.contender);
            format!("{place} was measured before and not after: {why}")
        })
        .collect();
    warnings.extend(by_chance(changes));
    for (verdict, word) in [(Verdict::Slower, "slower"), (Verdict::Faster, "faster")] {
        if all(verdict) {
            warnings.push(format!(
                "everything is {word}, whatever the tool: this speaks of the machine or the network"
            ));
        }
    }
    warnings
}

/// With many intervals, some are wrong; a reader who looks for the one that is red finds it.
fn by_chance(changes: &[Change]) -> Option<String> {
    let intervals =
        changes.iter().filter(|change| change.wall.is_some_and(|wall| wall.interval.is_some())).count();
    // One in twenty is wrong.
    let wrong = intervals.checked_div(20).filter(|wrong| *wrong > 0)?;
    Some(format!(
        "of {intervals} intervals of 95 %, about {wrong} lies beside the truth by chance: measure again before acting on a single change"
    ))
}

fn is_foreign(run: &Run) -> bool {
    run.warnings.iter().any(|warning| warning.kind == WarningKind::Foreign)
}

fn machine_facts(run: &Run) -> Vec<(&'static str, String)> {
    let machine = &run.machine;
    let known = |text: &Option<String>| text.clone().unwrap_or_default();
    let device = match machine.same_device {
        Some(true) => "one device",
        Some(false) => "two devices",
        None => "",
    };
    vec![
        ("the operating systems", machine.os.clone()),
        ("the releases of the operating system", known(&machine.release)),
        ("the architectures", machine.architecture.clone()),
        ("the processors", known(&machine.processor)),
        ("the numbers of threads", machine.cores.to_string()),
        ("the file systems", known(&machine.file_system)),
        ("the devices of caches and environments", device.to_owned()),
        ("the link modes of uv", known(&machine.link_mode)),
        ("the Pythons", known(&machine.python)),
    ]
}

fn settings_facts(run: &Run) -> Vec<(&'static str, String)> {
    let settings = &run.settings;
    let index = if settings.local_index { "an index on this machine" } else { "an index over the network" };
    let form = if settings.quick { "the short form" } else { "the full form" };
    vec![
        ("the versions of uvshift", run.uvshift.clone()),
        ("the numbers of runs", settings.runs.to_string()),
        ("the numbers of warm-ups", settings.warmups.to_string()),
        ("the indexes", index.to_owned()),
        ("the forms", form.to_owned()),
    ]
}

fn fact(what: &str, old: &str, new: &str) -> Option<String> {
    if old == new {
        return None;
    }
    let shown = |text: &str| if text.is_empty() { "not known".to_owned() } else { plain(text) };
    Some(format!("{what} differ: {}, then {}", shown(old), shown(new)))
}

/// Versions of tools and contents of scenarios that both runs have, and what only one of them has.
fn of_content(before: &Run, after: &Run) -> Vec<String> {
    let versions = before.contenders.iter().filter_map(|old| {
        let new = after.contenders.iter().find(|new| new.id == old.id)?;
        fact(&format!("the versions of {}", plain(&old.id)), &old.version, &new.version)
    });
    let contents = before.scenarios.iter().filter_map(|old| {
        let new = after.scenarios.iter().find(|new| new.name == old.name)?;
        let is_same = old.requirements == new.requirements && old.packages == new.packages;
        (!is_same).then(|| {
            format!("the scenario {} does not hold the same: its times may not be compared", plain(&old.name))
        })
    });
    let scenario = |scenario: &Scenario| scenario.name.clone();
    let contender = |contender: &Contender| contender.id.clone();
    let names = |run: &Run| run.scenarios.iter().map(scenario).collect::<BTreeSet<_>>();
    let tools = |run: &Run| run.contenders.iter().map(contender).collect::<BTreeSet<_>>();
    versions
        .chain(contents)
        .chain(only_one("the scenario", &names(before), &names(after)))
        .chain(only_one("the contender", &tools(before), &tools(after)))
        .collect()
}

fn only_one(what: &str, before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    let told = |name: &String, which| format!("{what} {} is in the {which} run only", plain(name));
    let first = before.difference(after).map(|name| told(name, "first"));
    first.chain(after.difference(before).map(|name| told(name, "second"))).collect()
}
