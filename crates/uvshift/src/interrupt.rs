//! Ctrl-C: the running command is ended, then the project is put back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use uvshift_process::SystemRunner;

/// A runner whose commands end when the user interrupts uvshift.
///
/// Without this, a terminal's Ctrl-C would end uvshift alone, and uv would go on writing.
pub(crate) fn runner() -> SystemRunner {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&flag);
    // Where no handler can be set, an interrupt ends uvshift, and the next run recovers.
    let _ = ctrlc::set_handler(move || seen.store(true, Ordering::SeqCst));
    SystemRunner::new().interrupted_by(flag)
}
