//! The names of the members.

/// The list of all other members.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The snapshot.
pub(crate) const SNAPSHOT: &str = "snapshot.json";
/// What `pip freeze` prints.
pub(crate) const FREEZE: &str = "freeze.txt";
/// What `pip inspect` prints.
pub(crate) const INSPECT: &str = "inspect.json";
/// The system and its Python.
pub(crate) const PLATFORM: &str = "platform.json";
/// The variables that matter.
pub(crate) const ENVIRONMENT: &str = "environment.json";
/// `pyvenv.cfg` of the environment.
pub(crate) const PYVENV: &str = "pyvenv.cfg";
/// The folder of configuration files.
pub(crate) const CONFIGURATION: &str = "config";
/// The folder of the environment itself.
pub(crate) const TREE: &str = "tree";

/// The members that every archive has.
pub(crate) const REQUIRED: [&str; 5] = [SNAPSHOT, FREEZE, INSPECT, PLATFORM, ENVIRONMENT];

/// Whether an archive may have such a member.
pub(crate) fn belongs(name: &str) -> bool {
    let (top, rest) = name.split_once('/').map_or((name, None), |(top, rest)| (top, Some(rest)));
    match rest {
        None => REQUIRED.contains(&top) || [PYVENV, CONFIGURATION, TREE].contains(&top),
        Some(rest) => top == TREE || (top == CONFIGURATION && !rest.contains('/')),
    }
}
