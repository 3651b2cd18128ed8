//! The hook itself. It belongs to a thread, so that tests in one process do not meet.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Operation;

/// One change to the file system that is about to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Counted from 1 since the hook was set.
    pub number: usize,
    /// What it does.
    pub operation: Operation,
    /// On what; for [`Operation::Rename`] the new name.
    pub path: PathBuf,
}

/// What happens at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing; the step is done.
    None,
    /// The process dies before the step.
    KillBefore,
    /// The process dies when half of the bytes are written; a step that writes none is not done.
    KillWithin,
    /// The process dies after the step.
    KillAfter,
    /// The step is not done and fails.
    Fail(io::ErrorKind),
    /// The step fails when half of the bytes are written.
    FailWithin(io::ErrorKind),
}

type Hook = Box<dyn FnMut(&Step) -> Fault>;

thread_local! {
    static HOOK: RefCell<Option<(usize, Hook)>> = const { RefCell::new(None) };
}

/// Runs `run` with `hook` asked before every step of this thread.
pub fn with_hook<R>(hook: impl FnMut(&Step) -> Fault + 'static, run: impl FnOnce() -> R) -> R {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            HOOK.with_borrow_mut(|slot| *slot = None);
        }
    }
    HOOK.with_borrow_mut(|slot| *slot = Some((0, Box::new(hook))));
    let _reset = Reset;
    run()
}

/// Runs `run` and says which steps it took.
pub fn record<R>(run: impl FnOnce() -> R) -> (R, Vec<Step>) {
    let steps = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&steps);
    let result = with_hook(
        move |step| {
            seen.borrow_mut().push(step.clone());
            Fault::None
        },
        run,
    );
    let steps = steps.take();
    (result, steps)
}

/// Runs `run` and lets `fault` happen at step `number`, which for the three kills ends this process.
pub fn kill_at<R>(number: usize, fault: Fault, run: impl FnOnce() -> R) -> R {
    with_hook(move |step| if step.number == number { fault } else { Fault::None }, run)
}

/// Runs `run` and lets every step from `number` on fail without being done, so that the disk is left as a kill
/// before that step leaves it. With `torn` the first of them, if it writes, leaves half of its bytes.
pub fn freeze_from<R>(number: usize, torn: bool, run: impl FnOnce() -> R) -> R {
    with_hook(
        move |step| match step.number.cmp(&number) {
            std::cmp::Ordering::Less => Fault::None,
            std::cmp::Ordering::Equal if torn => Fault::FailWithin(io::ErrorKind::Other),
            std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Fault::Fail(io::ErrorKind::Other),
        },
        run,
    )
}

fn ask(operation: Operation, path: &Path) -> Fault {
    HOOK.with_borrow_mut(|slot| {
        slot.as_mut().map_or(Fault::None, |(count, hook)| {
            *count += 1;
            hook(&Step { number: *count, operation, path: path.to_path_buf() })
        })
    })
}

pub(crate) fn around<T>(
    operation: Operation,
    path: &Path,
    run: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    match ask(operation, path) {
        Fault::None => run(),
        Fault::KillBefore | Fault::KillWithin => std::process::abort(),
        Fault::KillAfter => {
            let _ = run();
            std::process::abort()
        }
        Fault::Fail(kind) | Fault::FailWithin(kind) => Err(kind.into()),
    }
}

pub(crate) fn around_write<T>(
    path: &Path,
    bytes: &[u8],
    run: impl FnOnce(&[u8]) -> io::Result<T>,
) -> io::Result<T> {
    let half = &bytes[..bytes.len() / 2];
    match ask(Operation::Write, path) {
        Fault::None => run(bytes),
        Fault::KillBefore => std::process::abort(),
        Fault::KillWithin => {
            let _ = run(half);
            std::process::abort()
        }
        Fault::KillAfter => {
            let _ = run(bytes);
            std::process::abort()
        }
        Fault::Fail(kind) => Err(kind.into()),
        Fault::FailWithin(kind) => {
            run(half)?;
            Err(kind.into())
        }
    }
}
