//! All requirements, a bounded number of them at a time, and then all together.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::ask::{Asker, Question};
use super::asked::{Asked, Kind};
use super::attempts::{Case, attempts};
use super::classify::refined;
use super::compare::compare;
use super::error::CompatError;
use super::explain::{self, Pair};
use super::model::{
    Failure, FailureClass, NotTried, Outcome, Progress, Row, Status, Together, Tool, Verdict,
};
use super::plan::{Builds, Requested};
use super::remedies::remedies;

/// Who wants to know, and who may stop it.
pub(super) struct Watch<'a> {
    pub(super) observer: &'a (dyn Fn(&Progress) + Sync),
    pub(super) interrupt: &'a AtomicBool,
}

impl Watch<'_> {
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }
}

/// Every requirement alone, in the order of the plan.
pub(super) fn alone(
    context: &Asker<'_>,
    asked: &[Asked],
    watch: &Watch<'_>,
) -> Result<Vec<Row>, CompatError> {
    let firsts = firsts(asked);
    let unique: Vec<usize> = (0..asked.len()).filter(|place| firsts.get(place) == Some(place)).collect();
    let found = Mutex::new(HashMap::new());
    let failed = Mutex::new(None);
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(&place) = unique.get(next.fetch_add(1, Ordering::Relaxed)) {
            if failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                return;
            }
            (watch.observer)(&Progress::Started(place));
            match row(context, &context.plan.requirements[place], &asked[place], watch) {
                Ok(row) => {
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    let verdict = row.verdict;
                    found.insert(place, row);
                    let (done, all) = (found.len(), unique.len());
                    drop(found);
                    (watch.observer)(&Progress::Finished { row: place, done, all, verdict });
                }
                Err(error) => {
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..context.setting.parallel.min(unique.len()) {
            scope.spawn(work);
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let rows = context.plan.requirements.iter().enumerate();
    Ok(rows.filter_map(|(place, requested)| Some(copy(found.get(firsts.get(&place)?)?, requested))).collect())
}

/// All that can be asked in one go, and once more without what fails alone where that makes it fail.
pub(super) fn together(
    context: &Asker<'_>,
    asked: &[Asked],
    rows: &[Row],
    watch: &Watch<'_>,
) -> Result<Vec<Together>, CompatError> {
    let can = |place: &usize| {
        let readable = rows.get(*place).is_some_and(|row| !is_invalid(&row.pip) || !is_invalid(&row.uv));
        readable && asked.get(*place).is_some_and(|asked| may_be_asked(context, asked).is_ok())
    };
    let members: Vec<usize> = (0..asked.len()).filter(can).collect();
    let mut all = Vec::new();
    if members.len() < 2 || watch.is_interrupted() {
        return Ok(all);
    }
    (watch.observer)(&Progress::Together(members.len()));
    let first = of_members(context, asked, members, rows.len())?;
    let fails = first.pip.chosen().is_none() || first.uv.chosen().is_none();
    let sound = |place: &&usize| {
        rows.get(**place).is_some_and(|row| row.pip.chosen().is_some() && row.uv.chosen().is_some())
    };
    let rest: Vec<usize> = first.members.iter().filter(sound).copied().collect();
    let again = fails && rest.len() > 1 && rest.len() < first.members.len();
    all.push(first);
    if again && !watch.is_interrupted() {
        (watch.observer)(&Progress::Together(rest.len()));
        all.push(of_members(context, asked, rest, rows.len())?);
    }
    Ok(all)
}

fn of_members(
    context: &Asker<'_>,
    asked: &[Asked],
    members: Vec<usize>,
    rows: usize,
) -> Result<Together, CompatError> {
    let of_member = || members.iter().filter_map(|place| asked.get(*place));
    let lines: Vec<String> = of_member().map(|asked| asked.whole.clone()).collect();
    let lasting = of_member().all(|asked| asked.kind == Kind::Plain);
    let limit = context.plan.together_timeout;
    let question = |tool| Question {
        tool,
        lines: &lines,
        constraints: &[],
        flags: &[],
        limit,
        label: "together",
        lasting,
    };
    let mut pip = context.ask(&question(Tool::Pip))?;
    let uv = context.ask(&question(Tool::Uv))?;
    refine(&mut pip, &uv);
    let (verdict, differences) = compare(None, &pip, &uv);
    let case = Case { lines: &lines, label: "together", limit, lasting, pip: &pip, uv: &uv };
    let attempts = if context.plan.try_flags { attempts(context, &case)? } else { Vec::new() };
    let pair = Pair { verdict, pip: &pip, uv: &uv, differences: &differences, attempts: &attempts };
    let reason = explain::reason(&pair);
    let left_out = (0..rows).filter(|place| !members.contains(place)).collect();
    Ok(Together { members, left_out, pip, uv, verdict, differences, attempts, reason })
}

fn row(
    context: &Asker<'_>,
    requested: &Requested,
    asked: &Asked,
    watch: &Watch<'_>,
) -> Result<Row, CompatError> {
    let lines = [asked.alone.clone()];
    let limit = context.plan.timeout;
    let lasting = asked.kind == Kind::Plain;
    let ask = |tool| {
        if watch.is_interrupted() {
            return Ok(not_asked(Status::NotTried(NotTried::Interrupted)));
        }
        match may_be_asked(context, asked) {
            Ok(()) => context.ask(&Question {
                tool,
                lines: &lines,
                constraints: &[],
                flags: &[],
                limit,
                label: &asked.label,
                lasting,
            }),
            Err(status) => Ok(not_asked(status)),
        }
    };
    let mut pip = ask(Tool::Pip)?;
    let uv = ask(Tool::Uv)?;
    refine(&mut pip, &uv);
    let (verdict, differences) = compare(asked.name.as_deref(), &pip, &uv);
    let case = Case { lines: &lines, label: &asked.label, limit, lasting, pip: &pip, uv: &uv };
    let may_try = context.plan.try_flags && verdict != Verdict::NotTried && asked.kind != Kind::NoRequirement;
    let attempts = if may_try && !watch.is_interrupted() { attempts(context, &case)? } else { Vec::new() };
    let pair = Pair { verdict, pip: &pip, uv: &uv, differences: &differences, attempts: &attempts };
    let reason = explain::reason(&pair);
    let remedies = remedies(asked.name.as_deref(), &pip, &uv);
    let (requested, name) = (shown(context, requested), asked.name.clone());
    Ok(Row { requested, name, pip, uv, verdict, differences, attempts, reason, remedies })
}

/// The requirement without credentials: from here on it is only shown.
fn shown(context: &Asker<'_>, requested: &Requested) -> Requested {
    let covered = uvshift_requirements::redacted(&requested.text);
    let secrets = context.plan.index.secrets.iter().filter(|secret| !secret.is_empty());
    let text = secrets.fold(covered, |text, secret| text.replace(secret.as_str(), "****"));
    Requested { text, ..requested.clone() }
}

/// What is asked as it stands, or the status of what is not.
fn may_be_asked(context: &Asker<'_>, asked: &Asked) -> Result<(), Status> {
    match asked.kind {
        Kind::Source if context.plan.builds == Builds::Refused => Err(Status::NotTried(NotTried::NeedsBuild)),
        Kind::NoRequirement => Err(Status::Failed(Failure {
            class: FailureClass::InvalidRequirement,
            message: "this is an option or an include, not a requirement".to_owned(),
            about: None,
        })),
        _ => Ok(()),
    }
}

/// What cannot even be read makes every resolution fail.
fn is_invalid(outcome: &Outcome) -> bool {
    matches!(&outcome.status, Status::Failed(failure) if failure.class == FailureClass::InvalidRequirement)
}

fn not_asked(status: Status) -> Outcome {
    Outcome { status, seconds: 0.0, at: 0, taken: false, log: None }
}

fn refine(pip: &mut Outcome, uv: &Outcome) {
    if let (Status::Failed(pip), Status::Failed(uv)) = (&mut pip.status, &uv.status) {
        refined(pip, uv);
    }
}

/// The first place of the same question, for every place.
fn firsts(asked: &[Asked]) -> HashMap<usize, usize> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    asked
        .iter()
        .enumerate()
        .map(|(place, asked)| (place, *seen.entry(&asked.alone).or_insert(place)))
        .collect()
}

fn copy(row: &Row, requested: &Requested) -> Row {
    let Requested { text: _, file, line } = requested.clone();
    let text = row.requested.text.clone();
    Row { requested: Requested { text, file, line }, ..row.clone() }
}
