//! Steps that tests count, fail and kill at. Without the feature `failpoints` there is no hook to reach.

use std::io;
use std::path::Path;

#[cfg(feature = "failpoints")]
mod hook {
    use std::cell::RefCell;
    use std::io;
    use std::path::Path;

    /// What a test does at a step: its name, and the file or folder that it is about to change.
    pub type Hook = Box<dyn FnMut(&'static str, &Path) -> io::Result<()>>;

    thread_local! {
        static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
    }

    /// Runs something with a hook at each step of this thread. An error of the hook is that of the step.
    pub fn with_hook<T>(hook: Hook, run: impl FnOnce() -> T) -> T {
        HOOK.set(Some(hook));
        let result = run();
        HOOK.set(None);
        result
    }

    pub(crate) fn step(name: &'static str, path: &Path) -> io::Result<()> {
        // Taken out while it runs: a hook may itself come to a step.
        let Some(mut hook) = HOOK.take() else { return Ok(()) };
        let result = hook(name, path);
        HOOK.set(Some(hook));
        result
    }
}

#[cfg(feature = "failpoints")]
pub use hook::{Hook, with_hook};

/// Says that a file or folder is about to be changed.
#[cfg_attr(
    not(feature = "failpoints"),
    expect(clippy::unnecessary_wraps, reason = "with fail points it can fail")
)]
pub(crate) fn step(name: &'static str, path: &Path) -> io::Result<()> {
    #[cfg(feature = "failpoints")]
    return hook::step(name, path);
    #[cfg(not(feature = "failpoints"))]
    {
        let _ = (name, path);
        Ok(())
    }
}
