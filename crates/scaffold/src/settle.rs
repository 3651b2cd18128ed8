//! What becomes of each rendered text: it is new, it is joined with a file that is there, or it gives way to it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use uvshift_changeset::TreePath;
use uvshift_diagnostics::Diagnostic;

use crate::existing::{Existing, There};
use crate::manifest::Merge;
use crate::merge::merge;
use crate::plan::{Fate, GeneratedFile, Plan};
use crate::{Error, codes};

/// The permission bits of a new program.
const PROGRAM: u32 = 0o755;

/// A rendered text.
pub(crate) struct Draft {
    pub(crate) template: String,
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) merge: Option<Merge>,
    pub(crate) executable: bool,
}

/// What one path comes to.
struct Place {
    template: String,
    text: String,
    merge: Option<Merge>,
    before: There,
    /// What it is to hold; none when it stays as it is.
    after: Option<Vec<u8>>,
    executable: bool,
}

pub(crate) fn settle(drafts: Vec<Draft>, existing: &Existing, force: bool) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for draft in drafts {
        if TreePath::new(&draft.path).is_err() {
            return Err(Error::UnsafePath { template: draft.template, path: draft.path });
        }
        let fate = match places.entry(draft.path.clone()) {
            Entry::Vacant(entry) => {
                let before = existing.look(&draft.path);
                let (fate, after) = plan.first(&draft, &before, force);
                entry.insert(Place::new(&draft, before, after));
                fate
            }
            Entry::Occupied(mut entry) => entry.get_mut().add(&draft)?,
        };
        let Draft { template, path, text, .. } = draft;
        plan.files.push(GeneratedFile { path, template, text, fate });
    }
    for (path, place) in places {
        plan.change(&path, place)?;
    }
    Ok(plan)
}

impl Place {
    fn new(draft: &Draft, before: There, after: Option<Vec<u8>>) -> Self {
        Self {
            template: draft.template.clone(),
            text: draft.text.clone(),
            merge: draft.merge,
            before,
            after,
            executable: draft.executable,
        }
    }

    /// A second text for the same path: it is the same, or it can be joined.
    fn add(&mut self, draft: &Draft) -> Result<Fate, Error> {
        if self.text == draft.text {
            return Ok(Fate::Unchanged);
        }
        let conflict = || Error::SamePath {
            path: draft.path.clone(),
            first: self.template.clone(),
            second: draft.template.clone(),
        };
        let (Some(kind), true) = (draft.merge, self.merge == draft.merge) else { return Err(conflict()) };
        let now = match (&self.after, &self.before) {
            (Some(after), _) => after,
            (None, There::File { bytes, .. }) => bytes,
            (None, _) => return Ok(Fate::LeftAlone),
        };
        // What cannot be joined has been said when the first one came.
        let Ok(joined) = merge(kind, now, &draft.text) else { return Ok(Fate::LeftAlone) };
        if joined == *now {
            return Ok(Fate::Unchanged);
        }
        self.after = Some(joined);
        Ok(Fate::Merged)
    }
}

impl Plan {
    /// What becomes of the first text for a path, and what the file is to hold.
    fn first(&mut self, draft: &Draft, before: &There, force: bool) -> (Fate, Option<Vec<u8>>) {
        let text = || Some(draft.text.clone().into_bytes());
        match before {
            There::Nothing => (Fate::Created, text()),
            There::Blocked { what } => {
                self.say(draft, codes::IN_THE_WAY, format!("`{}` is not made: {what}", draft.path));
                (Fate::LeftAlone, None)
            }
            There::File { bytes, .. } if is_same(bytes, &draft.text) => (Fate::Unchanged, None),
            There::File { .. } if force => (Fate::Replaced, text()),
            There::File { bytes, .. } => match draft.merge.map(|kind| merge(kind, bytes, &draft.text)) {
                None => (Fate::LeftAlone, None),
                Some(Ok(joined)) if joined == *bytes => (Fate::Unchanged, None),
                Some(Ok(joined)) => (Fate::Merged, Some(joined)),
                Some(Err(problem)) => {
                    let message = format!("`{}` stays as it is: {problem}", draft.path);
                    self.say(draft, codes::NOT_JOINED, message);
                    (Fate::LeftAlone, None)
                }
            },
        }
    }

    fn say(&mut self, draft: &Draft, code: uvshift_diagnostics::Code, message: String) {
        self.diagnostics.push(Diagnostic::warning(code, message).in_file(&draft.path, 1));
    }

    fn change(&mut self, path: &str, place: Place) -> Result<(), Error> {
        let Some(after) = place.after else { return Ok(()) };
        match place.before {
            There::Nothing if place.executable => self.changes.create_with_mode(path, after, PROGRAM)?,
            There::Nothing => self.changes.create(path, after)?,
            There::File { bytes, mode } => {
                self.changes.edit(path, bytes, after)?;
                if let Some(mode) = mode.filter(|_| place.executable) {
                    let runnable = with_execution(mode);
                    if runnable != mode {
                        self.changes.set_mode(path, mode, runnable)?;
                    }
                }
            }
            There::Blocked { .. } => {}
        }
        Ok(())
    }
}

/// Line ends are those of the file that is there, so they make no difference.
fn is_same(bytes: &[u8], text: &str) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|there| there.replace("\r\n", "\n") == text)
}

/// Whoever may read it may run it.
const fn with_execution(mode: u32) -> u32 {
    mode | ((mode & 0o444) >> 2)
}
