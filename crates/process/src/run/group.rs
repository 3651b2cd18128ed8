//! A command and everything it started, as one thing that can be ended.

#[cfg(unix)]
pub(super) use unix::{end, has_exited, separate};
#[cfg(not(unix))]
pub(super) use windows::{end, has_exited, separate};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    /// How long a command that was asked to end may take to clean up after itself.
    const GRACE: Duration = Duration::from_secs(2);

    /// Makes the command the leader of a new process group, which its children join.
    pub(in crate::run) fn separate(command: &mut Command) {
        command.process_group(0);
    }

    /// Whether the command has ended. It is not reaped, so its number, which is also the group's, stays taken.
    pub(in crate::run) fn has_exited(child: &mut Child) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(child)), options)?.is_some())
    }

    /// Asks the group to end, and ends it by force if the command is still there after a while.
    pub(in crate::run) fn end(child: &mut Child) {
        let group = Pid::from_child(child);
        // A group that is gone already is what we want, so errors have nothing to tell.
        let _ = kill_process_group(group, Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < GRACE && !has_exited(child).unwrap_or(true) {
            thread::sleep(Duration::from_millis(5));
        }
        // Also when the command itself has ended: what it started may have ignored the request.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
mod windows {
    use std::io;
    use std::process::{Child, Command, Stdio};

    pub(in crate::run) fn separate(_: &mut Command) {}

    pub(in crate::run) fn has_exited(child: &mut Child) -> io::Result<bool> {
        Ok(child.try_wait()?.is_some())
    }

    /// Ends the command and its children. Windows has no process groups; `taskkill` walks the tree.
    #[expect(clippy::disallowed_methods, reason = "a helper of the one place that starts programs")]
    pub(in crate::run) fn end(child: &mut Child) {
        let id = child.id().to_string();
        let mut taskkill = Command::new("taskkill");
        taskkill
            .args(["/T", "/F", "/PID", &id])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // When there is no taskkill, ending the command itself is all that can be done.
        let _ = taskkill.status();
        let _ = child.kill();
    }
}
