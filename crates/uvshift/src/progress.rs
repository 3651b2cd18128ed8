//! What is going on, on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use uvshift_migrate::{Progress, Step};

use crate::settings::{Settings, Verbosity};

/// A spinner that tells the step and the last word of uv.
pub(crate) struct Spinner {
    bar: ProgressBar,
    echo: bool,
}

impl Spinner {
    pub(crate) fn new(settings: &Settings) -> Self {
        let target = if settings.terminal.progress {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        // The template is a constant, so the fallback is never seen.
        let style = ProgressStyle::with_template("{spinner} {prefix} [{elapsed}] {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, echo: settings.verbosity == Verbosity::Verbose }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    pub(crate) fn say(&self, what: &'static str) {
        self.bar.set_prefix(what);
    }
}

impl Spinner {
    /// What becomes of an environment.
    pub(crate) fn venv(&self, step: uvshift_venv::Step<'_>) {
        use uvshift_venv::Step;
        self.say(match step {
            Step::Reading => "comparing files with what was installed",
            Step::Checking { .. } => "uv looks for the packages",
            Step::Rehearsing => "a rehearsal beside it",
            Step::Creating => "making an empty environment",
            Step::Installing { .. } => "uv installs",
            Step::PuttingAside => "putting the old one aside",
            Step::Comparing => "comparing with the old one",
            Step::PuttingBack => "putting the old one back",
            Step::Removing => "removing what is not needed any more",
            Step::Line(line) => return self.tell(line),
            _ => return,
        });
    }

    /// What becomes of an archive.
    pub(crate) fn archive(&self, progress: &uvshift_venv::ArchiveProgress<'_>) {
        use uvshift_venv::ArchiveStep;
        self.say(match progress.step {
            ArchiveStep::Read => "reading the environment",
            ArchiveStep::Write => "writing the archive",
            ArchiveStep::Verify => "verifying the archive",
            ArchiveStep::Extract => "writing the environment",
            ArchiveStep::Rebuild => "making the environment",
            ArchiveStep::Check => "comparing with the archive",
            ArchiveStep::Exchange => "putting it in its place",
            ArchiveStep::Clean => "removing what is not needed any more",
            _ => return,
        });
        let share = (progress.done * 100).checked_div(progress.total);
        let share = share.map(|share| format!("{share} %  ")).unwrap_or_default();
        self.bar.set_message(format!("{share}{}", progress.member));
    }

    fn tell(&self, line: &str) {
        if self.echo && !self.bar.is_hidden() {
            self.bar.println(format!("  uv: {line}"));
        }
        self.bar.set_message(line.to_owned());
    }
}

impl Progress for Spinner {
    fn step(&mut self, step: Step) {
        self.say(match step {
            Step::Apply => "writing",
            Step::Lock => "uv resolves",
            Step::CheckLock => "uv checks the lock",
            Step::Verify => "comparing with the old files",
            Step::Build => "building and comparing the wheels",
            Step::Undo => "putting everything back",
        });
    }

    fn line(&mut self, line: &str) {
        self.tell(line);
    }
}

/// A bar that is drawn from several threads.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar of so many steps; 0 where nobody knows yet.
    pub(crate) fn new(settings: &Settings, steps: usize) -> Self {
        let target = if settings.terminal.progress {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), target);
        let style = ProgressStyle::with_template("{spinner} [{elapsed}] {bar:24} {pos}/{len} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        // Drawing takes time from what is measured, so it is rare.
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar }
    }

    /// So many are done.
    pub(crate) fn at(&self, done: usize, what: &str) {
        self.bar.set_position(done as u64);
        self.say(what);
    }

    /// So many of so many are done.
    pub(crate) fn of(&self, done: usize, steps: usize) {
        self.bar.set_length(steps as u64);
        self.bar.set_position(done as u64);
    }

    pub(crate) fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Lets a line be written above it.
    pub(crate) fn suspend(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
