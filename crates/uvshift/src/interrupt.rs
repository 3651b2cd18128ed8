//! Ctrl-C: the running command is ended, then the project is put back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;
use std::{io, thread};

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

/// How long a question goes on after Ctrl-C at most.
const PAUSE: Duration = Duration::from_millis(50);

/// A line that the user types; none where they interrupt instead. Reading starts anew after a signal, so another thread does it.
pub(crate) fn line() -> io::Result<Option<String>> {
    let interrupted = flag();
    let (sender, answers) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line).map(|_| line);
        // Nobody listens any more after an interrupt.
        let _ = sender.send(read);
    });
    loop {
        if interrupted.load(Ordering::SeqCst) {
            return Ok(None);
        }
        match answers.recv_timeout(PAUSE) {
            Ok(line) => return line.map(Some),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

/// A runner whose commands end when the user interrupts uvshift.
pub(crate) fn runner() -> SystemRunner {
    SystemRunner::new().interrupted_by(flag())
}
