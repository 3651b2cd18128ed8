//! What is going on while it is measured, and the result on the way.

use std::path::Path;
use std::time::{Duration, Instant};

use uvshift_bench::{Observer, Progress, Run, Warning, file};

use crate::output::write;
use crate::printer::Printer;
use crate::progress::Bar;
use crate::settings::Settings;

/// How often the result so far is written at most: between samples, so that nothing is measured meanwhile.
const PAUSE: Duration = Duration::from_secs(2);

/// Shows progress, and keeps what is there in case of an interruption.
pub(super) struct Watcher<'a> {
    bar: Bar,
    printer: &'a Printer,
    file: Option<&'a Path>,
    written: Instant,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(settings: &Settings, printer: &'a Printer, file: Option<&'a Path>) -> Self {
        Self { bar: Bar::new(settings, 0), printer, file, written: Instant::now() }
    }

    pub(super) fn finish(&self) {
        self.bar.finish();
    }
}

impl Observer for Watcher<'_> {
    fn doing(&mut self, what: &str, progress: Progress) {
        self.bar.of(progress.done as usize, progress.total as usize);
        let left = progress.left.map(|left| format!(", {} left", rough(left))).unwrap_or_default();
        self.bar.say(&format!("{what}{left}"));
    }

    fn sample(&mut self, run: &Run, _: Progress) {
        let Some(place) = self.file.filter(|_| self.written.elapsed() >= PAUSE) else { return };
        self.written = Instant::now();
        // The whole result is written at the end, and that tells what does not work.
        let _ = write(place, file::to_json(run).as_bytes());
    }

    fn warning(&mut self, warning: &Warning) {
        if self.printer.is_verbose() {
            self.bar.suspend(|| self.printer.warn(&warning.message));
        }
    }
}

fn rough(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..=90 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
