//! A command and everything it started, as one thing that can be ended.

#[cfg(unix)]
pub(super) use unix::{Group, end, has_exited, separate, wait_for_exit};
#[cfg(not(unix))]
pub(super) use windows::{Group, end, has_exited, separate, wait_for_exit};

/// How long a command that was asked to end may take to clean up after itself.
pub(super) const GRACE: std::time::Duration = std::time::Duration::from_secs(2);

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::GRACE;
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    /// Makes the command the leader of a new process group, which its children join.
    pub(in crate::run) fn separate(command: &mut Command) {
        command.process_group(0);
    }

    /// Whether the command has ended. It is not reaped, so its number, which is also the group's, stays taken.
    pub(in crate::run) fn has_exited(child: &mut Child) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(child)), options)?.is_some())
    }

    /// Waits until the command has ended, without reaping it: its number stays taken.
    pub(in crate::run) fn wait_for_exit(child: &mut Child) -> io::Result<()> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        loop {
            match waitid(WaitId::Pid(Pid::from_child(child)), options) {
                Err(rustix::io::Errno::INTR) => {}
                other => return other.map(drop).map_err(io::Error::from),
            }
        }
    }

    /// The group of a command that somebody else waits for. Valid only until that one reaps the command.
    #[derive(Clone, Copy)]
    pub(in crate::run) struct Group(Pid);

    impl Group {
        pub(in crate::run) fn of(child: &Child) -> Self {
            Self(Pid::from_child(child))
        }

        /// Asks the group to end.
        pub(in crate::run) fn ask(self) {
            let _ = kill_process_group(self.0, Signal::TERM);
        }

        /// Ends the group by force.
        pub(in crate::run) fn kill(self) {
            let _ = kill_process_group(self.0, Signal::KILL);
        }
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

    /// Keeps the Ctrl-C of the console from the command and its children (`CREATE_NEW_PROCESS_GROUP`): who started it decides.
    #[cfg(windows)]
    pub(in crate::run) fn separate(command: &mut Command) {
        std::os::windows::process::CommandExt::creation_flags(command, 0x0000_0200);
    }

    #[cfg(not(windows))]
    pub(in crate::run) fn separate(_: &mut Command) {}

    pub(in crate::run) fn has_exited(child: &mut Child) -> io::Result<bool> {
        Ok(child.try_wait()?.is_some())
    }

    /// Waits until the command has ended. The handle stays open, so its number stays taken.
    pub(in crate::run) fn wait_for_exit(child: &mut Child) -> io::Result<()> {
        child.wait().map(drop)
    }

    /// A command that somebody else waits for, and its children.
    #[derive(Clone, Copy)]
    pub(in crate::run) struct Group(u32);

    impl Group {
        pub(in crate::run) fn of(child: &Child) -> Self {
            Self(child.id())
        }

        /// There is no way to ask on Windows.
        pub(in crate::run) fn ask(self) {
            end_tree(self.0);
        }

        pub(in crate::run) fn kill(self) {
            end_tree(self.0);
        }
    }

    /// Ends the command and its children.
    pub(in crate::run) fn end(child: &mut Child) {
        end_tree(child.id());
        // When there is no taskkill, ending the command itself is all that can be done.
        let _ = child.kill();
    }

    /// Windows has no process groups; `taskkill` walks the tree.
    #[expect(clippy::disallowed_methods, reason = "a helper of the one place that starts programs")]
    fn end_tree(id: u32) {
        let id = id.to_string();
        let mut taskkill = Command::new("taskkill");
        taskkill
            .args(["/T", "/F", "/PID", &id])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let _ = taskkill.status();
    }
}
