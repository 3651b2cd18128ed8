//! Giving up what stands in the way of a solution: one thing at a time, and never more than uv names.

use uvshift_project::{Group, GroupItem, Manifest, Pin, Provenance, write};
use uvshift_pyproject::{PyProject, Value};
use uvshift_requirements::normalize_name;

use super::explanation::{
    apart, floor, is_missing, lower_bound, needed_python, next_python, outside, sentence_with, split,
    too_new, unwrapped,
};
use super::{GroupLimit, GroupsApart, PythonRaise, UnheldPin};
use crate::{Error, Project};

/// What is tried.
pub(super) struct Attempt {
    /// Pins that still hold.
    pub(super) active: Vec<Pin>,
    pub(super) manifest: Manifest,
    pub(super) document: PyProject,
    pub(super) unheld: Vec<UnheldPin>,
    pub(super) groups: Vec<GroupLimit>,
    pub(super) apart: Vec<GroupsApart>,
    pub(super) python: Option<PythonRaise>,
}
/// Gives up one obstacle that uv names: a Python version that nobody declared, or a pin.
pub(super) fn relent(project: &Project, stderr: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let message = unwrapped(stderr);
    if limit_groups(project, &message, attempt)? {
        return Ok(true);
    }
    if !project.python.declared
        && let Some(needed) = needed_python(&message)
        && let Some(present) = attempt.document.requires_python().map(str::to_owned)
        && lower_bound(&present).is_some_and(|bound| bound < needed)
    {
        let to = format!(">={}.{}", needed.0, needed.1);
        attempt.manifest.metadata.requires_python = Some(to.clone());
        attempt.document = write(&attempt.manifest, project.before.as_ref())?;
        let from = attempt.python.take().map_or(present, |raise| raise.from);
        attempt.python = Some(PythonRaise { from, to, why: sentence_with(&message, "Python") });
        return Ok(true);
    }
    let named = |pin: &Pin| {
        let with_version = format!("{}=={}", pin.name, pin.version);
        message.match_indices(&with_version).any(|(at, text)| {
            let after = message[at + text.len()..].chars().next();
            let before = message[..at].chars().next_back();
            !after.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '+')
                && !before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        })
    };
    let missing = |pin: &Pin| is_missing(&message, pin);
    let old_python = |pin: &Pin| floor(&message, pin).is_some();
    let pins = &attempt.active;
    let at = pins.iter().position(missing).or_else(|| pins.iter().position(old_python));
    let Some(at) = at.or_else(|| pins.iter().rposition(named)) else {
        return Ok(limit_lock(project, &message, attempt)? || set_apart(project, &message, attempt)?);
    };
    give_up(&message, at, attempt);
    Ok(true)
}

/// Gives up a pin: for the Python versions or platforms for which it cannot hold if uv tells them, else altogether.
fn give_up(message: &str, at: usize, attempt: &mut Attempt) {
    let pin = attempt.active[at].clone();
    let mut why = sentence_with(message, &format!("{}==", pin.name));
    let known = |limit: &String| pin.marker.as_ref().is_some_and(|marker| marker.contains(limit));
    // One attempt to hold for a part; a version that is nowhere to be had, or that fails in part after part, goes.
    let again =
        attempt.unheld.iter().any(|other| other.pin.name == pin.name && other.pin.version == pin.version);
    let hopeless = again || is_missing(message, &pin);
    let floor =
        floor(message, &pin).map(|(major, minor)| format!("python_full_version >= '{major}.{minor}'"));
    if let Some(limit) = floor.filter(|limit| !known(limit)) {
        // The file could not be installed below that version, so none of its pins says anything about it. With
        // the others still in force uv would look for ancient versions to go with them.
        let file = &pin.from.file;
        attempt
            .active
            .iter_mut()
            .filter(|other| other.from.file == *file)
            .for_each(|pin| narrow(pin, &limit));
        why = format!("the pins of {file} hold where {limit}; {why}");
    } else if let Some(limit) = split(message).and_then(outside).filter(|_| !hopeless) {
        narrow(&mut attempt.active[at], &limit);
        why = format!("holds only where {limit}; {why}");
    } else {
        attempt.active.remove(at);
    }
    attempt.unheld.push(UnheldPin { pin, why });
}
/// A group that needs newer Pythons than the project supports is limited to these; what the package itself supports
/// does not depend on what its developers use.
fn limit_groups(project: &Project, message: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let Some((package, version)) = too_new(message) else { return Ok(false) };
    let (manifest, limit) = (&attempt.manifest, format!(">={version}"));
    let is_needed = manifest.dependencies.iter().any(|dependency| dependency.name == package)
        || project.document.dependencies().iter().any(|entry| is_about(&entry.text, &package));
    let names = |item: &GroupItem| matches!(item, GroupItem::Dependency(found) if found.name == package);
    let listing = manifest.groups.iter().any(|group| group.items.iter().any(names));
    let name = normalize_name(&manifest.metadata.name);
    let blamed = |group: &Group| message.contains(&format!(" {name}:{} depends on ", group.name));
    // Only where uv does not blame the project itself too.
    let is_needed = is_needed || (!listing && message.contains(&format!(" {name} depends on ")));
    let groups: Vec<String> = manifest
        .groups
        .iter()
        .filter(|group| if listing { group.items.iter().any(names) } else { blamed(group) })
        .filter(|group| {
            !attempt
                .groups
                .iter()
                .any(|known| known.group.as_ref() == Some(&group.name) && known.limit == limit)
        })
        .map(|group| group.name.clone())
        .collect();
    if is_needed || groups.is_empty() {
        return Ok(false);
    }
    for group in groups {
        let from = Provenance::new("uv.lock", 1);
        let table = ["tool", "uv", "dependency-groups", group.as_str()];
        attempt.manifest.set(&table, "requires-python", limit.as_str(), &from);
        attempt.groups.retain(|known| known.group.as_ref() != Some(&group));
        let why = sentence_with(message, &package);
        attempt.groups.push(GroupLimit { group: Some(group), limit: limit.clone(), why });
    }
    attempt.document = write(&attempt.manifest, project.before.as_ref())?;
    Ok(true)
}

/// What the project declares stays: it is what its package says. But its extras often need newer Pythons, and then there is
/// no lock for the older ones.
fn limit_lock(project: &Project, message: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let known = attempt.groups.iter().find(|known| known.group.is_none());
    let present = known.map(|known| known.limit.as_str()).or_else(|| attempt.document.requires_python());
    let is_ours = known.is_some() || attempt.document.get(&["tool", "uv", "environments"]).is_none();
    let Some(version) = present.and_then(|present| next_python(message, present)) else { return Ok(false) };
    if !project.python.declared || !is_ours {
        return Ok(false);
    }
    let marker = format!("python_full_version >= '{version}'");
    let from = Provenance::new("uv.lock", 1);
    attempt.manifest.set(&["tool", "uv"], "environments", Value::strings([marker]), &from);
    attempt.document = write(&attempt.manifest, project.before.as_ref())?;
    attempt.groups.retain(|known| known.group.is_some());
    let why = sentence_with(message, " depends on Python>=");
    attempt.groups.push(GroupLimit { group: None, limit: format!(">={version}"), why });
    Ok(true)
}

/// Nobody had to install two requirements files into one environment, so what they pin need not go together: uv is told
/// that it may resolve their groups apart.
fn set_apart(project: &Project, message: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let name = normalize_name(&attempt.manifest.metadata.name);
    let Some((first, second)) = apart(message, &name) else { return Ok(false) };
    let group = |name: &str| attempt.manifest.groups.iter().find(|group| group.name == name);
    let (Some(one), Some(other)) = (group(&first), group(&second)) else { return Ok(false) };
    // uv installs its default groups together, `dev` among them.
    let is_default = |group: &Group| group.default || group.name == "dev";
    let is_known = attempt.apart.iter().any(|known| known.groups == [first.clone(), second.clone()]);
    let has_own = attempt.apart.is_empty() && attempt.document.get(&["tool", "uv", "conflicts"]).is_some();
    if (is_default(one) && is_default(other)) || is_known || has_own {
        return Ok(false);
    }
    let why = sentence_with(message, "are incompatible");
    attempt.apart.push(GroupsApart { groups: [first, second], why });
    let group = |name: &String| Value::Table(vec![("group".to_owned(), Value::String(name.clone()))]);
    let pairs = attempt.apart.iter().map(|pair| Value::Array(pair.groups.iter().map(group).collect()));
    let conflicts = Value::Array(pairs.collect());
    let from = Provenance::new("uv.lock", 1);
    attempt.manifest.set(&["tool", "uv"], "conflicts", conflicts, &from);
    attempt.document = write(&attempt.manifest, project.before.as_ref())?;
    Ok(true)
}

fn is_about(requirement: &str, package: &str) -> bool {
    let end = requirement.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
    normalize_name(&requirement[..end.unwrap_or(requirement.len())]) == package
}

fn narrow(pin: &mut Pin, limit: &str) {
    pin.marker = Some(match &pin.marker {
        Some(marker) => format!("({marker}) and ({limit})"),
        None => limit.to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "  × No solution found when resolving dependencies:\n  ╰─▶ Because the requested Python version (>=3.8) does not satisfy\n      Python>=3.10 and numpy==2.2.0 depends on Python>=3.10, we can conclude\n      that numpy==2.2.0 cannot be used.";

    #[test]
    fn a_pin_for_newer_pythons_limits_the_pins_of_its_file() {
        let pin = |file: &str, name: &str, marker: Option<&str>| Pin {
            name: name.to_owned(),
            version: "2.2.0".to_owned(),
            marker: marker.map(str::to_owned),
            from: uvshift_project::Provenance::new(file, 1),
        };
        let document = PyProject::parse("[project]\nname = \"a\"\n").unwrap();
        let active = vec![
            pin("dev.txt", "babel", Some("os_name == 'nt'")),
            pin("dev.txt", "numpy", None),
            pin("other.txt", "six", None),
        ];
        let mut attempt = Attempt {
            active,
            manifest: Manifest::default(),
            document,
            unheld: Vec::new(),
            groups: Vec::new(),
            apart: Vec::new(),
            python: None,
        };
        let message = unwrapped(MESSAGE);
        assert_eq!(floor(&message, &attempt.active[1]), Some((3, 10)));
        give_up(&message, 1, &mut attempt);
        let markers = |attempt: &Attempt| -> Vec<String> {
            attempt.active.iter().map(|pin| pin.marker.clone().unwrap_or_default()).collect()
        };
        assert_eq!(
            markers(&attempt),
            ["(os_name == 'nt') and (python_full_version >= '3.10')", "python_full_version >= '3.10'", ""]
        );
        assert!(attempt.unheld[0].why.starts_with("the pins of dev.txt hold where"), "{:?}", attempt.unheld);
        // What was narrowed and still fails goes.
        give_up(&message, 1, &mut attempt);
        assert_eq!(attempt.active.len(), 2);
    }
}
