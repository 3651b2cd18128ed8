//! Rules as the shortest lists of prefixes that mean them.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{State, catalogue, root};

/// The lists to write.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Selectors {
    pub(crate) select: Vec<String>,
    pub(crate) ignore: Vec<String>,
    /// Whether a rule among them is only there with `preview`.
    pub(crate) has_preview: bool,
}

/// `select` and `ignore` that enable `wanted` and nothing else. Rules for which `is_exact` holds are enabled by their exact code only.
pub(crate) fn selectors(wanted: &BTreeSet<String>, is_exact: &dyn Fn(&str) -> bool) -> Selectors {
    let mut roots: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for code in wanted {
        roots.entry(root(code)).or_default().insert(code);
    }
    let mut out = Selectors::default();
    for (root, wanted) in roots {
        let mut leaves: Vec<&str> = Vec::new();
        let mut exact: Vec<&str> = Vec::new();
        for rule in catalogue().under(root) {
            let is_preview = rule.state == State::Preview;
            let is_wanted = wanted.contains(rule.code.as_str());
            out.has_preview |= is_preview && is_wanted;
            match is_preview || is_exact(&rule.code) {
                true if is_wanted => exact.push(&rule.code),
                true => {}
                false => leaves.push(&rule.code),
            }
        }
        let plan = cheapest(root, &leaves, &|code| wanted.contains(code), false);
        out.select.extend(plan.select);
        out.ignore.extend(plan.ignore);
        out.select.extend(exact.into_iter().map(str::to_owned));
    }
    out
}

/// Prefixes and codes that name, of the rules `enabled`, those `wanted` and no other. Preview rules are named by their exact code.
pub(crate) fn prefixes(wanted: &BTreeSet<String>, enabled: &BTreeSet<String>) -> Vec<String> {
    let mut roots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for code in enabled {
        roots.entry(root(code)).or_default().push(code);
    }
    let mut out = Vec::new();
    for (root, codes) in roots {
        let is_preview =
            |code: &&str| catalogue().rule(code).is_some_and(|rule| rule.state == State::Preview);
        let (exact, leaves): (Vec<&str>, Vec<&str>) = codes.into_iter().partition(is_preview);
        covering(root, &leaves, wanted, &mut out);
        out.extend(exact.into_iter().filter(|code| wanted.contains(*code)).map(str::to_owned));
    }
    out
}

fn covering(prefix: &str, leaves: &[&str], wanted: &BTreeSet<String>, out: &mut Vec<String>) {
    if leaves.iter().all(|code| wanted.contains(*code)) {
        match leaves {
            [] => {}
            [code] => out.push((*code).to_owned()),
            _ => out.push(prefix.to_owned()),
        }
        return;
    }
    if leaves.len() == 1 {
        return;
    }
    for (prefix, leaves) in children(prefix, leaves) {
        covering(&prefix, &leaves, wanted, out);
    }
}

/// A way to write the rules of one prefix, and how many entries it takes.
#[derive(Debug, Default)]
struct Plan {
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Plan {
    fn cost(&self) -> usize {
        self.select.len() + self.ignore.len()
    }
}

/// The fewest entries, where the prefixes above enable the rules or, without `enabled`, do not. ruff has the longest prefix win.
fn cheapest(prefix: &str, leaves: &[&str], wanted: &dyn Fn(&str) -> bool, enabled: bool) -> Plan {
    if leaves.iter().all(|code| wanted(code) == enabled) {
        return Plan::default();
    }
    let flipped = |mut plan: Plan, entry: &str| {
        let list = if enabled { &mut plan.ignore } else { &mut plan.select };
        list.insert(0, entry.to_owned());
        plan
    };
    if let [code] = leaves {
        // The name of a whole linter reads better than that of its one rule.
        let entry = if prefix.bytes().any(|byte| byte.is_ascii_digit()) && !prefix.starts_with("C90") {
            *code
        } else {
            prefix
        };
        return flipped(Plan::default(), entry);
    }
    let below = |enabled: bool| {
        children(prefix, leaves).into_iter().fold(Plan::default(), |mut sum, (prefix, leaves)| {
            let plan = cheapest(&prefix, &leaves, wanted, enabled);
            sum.select.extend(plan.select);
            sum.ignore.extend(plan.ignore);
            sum
        })
    };
    let kept = below(enabled);
    let turned = flipped(below(!enabled), prefix);
    // The name of a whole linter reads better than that of a part of it.
    let is_root = root(prefix) == prefix && !leaves.is_empty();
    if turned.cost() < kept.cost() || is_root && turned.cost() == kept.cost() { turned } else { kept }
}

/// The rules by the next character of their codes.
fn children<'a>(prefix: &str, leaves: &[&'a str]) -> Vec<(String, Vec<&'a str>)> {
    let mut groups: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for code in leaves {
        groups.entry(code.get(..=prefix.len()).unwrap_or(code)).or_default().push(code);
    }
    groups.into_iter().map(|(prefix, leaves)| (prefix.to_owned(), leaves)).collect()
}
