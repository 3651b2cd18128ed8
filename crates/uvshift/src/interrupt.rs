//! Ctrl-C: the running command is ended, then the project is put back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use uvshift_process::SystemRunner;

/// What Ctrl-C sets. Without this, a terminal's Ctrl-C would end uvshift alone, and uv would go on writing.
pub(crate) fn flag() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&flag);
        // Where no handler can be set, an interrupt ends uvshift, and the next run recovers.
        let _ = ctrlc::set_handler(move || seen.store(true, Ordering::SeqCst));
        flag
    });
    Arc::clone(flag)
}

/// A runner whose commands end when the user interrupts uvshift.
pub(crate) fn runner() -> SystemRunner {
    SystemRunner::new().interrupted_by(flag())
}
