//! How far a run is and how long it will take.

use std::time::Duration;

use super::Progress;

/// Counts commands and the time they take together with what is done around them.
#[derive(Debug, Default)]
pub(super) struct Meter {
    done: u32,
    total: u32,
    spent: Duration,
    cells: Vec<CellMeter>,
    /// Commands of scenarios that have no cells yet.
    ahead: u32,
}

#[derive(Debug, Default, Clone, Copy)]
struct CellMeter {
    left: u32,
    done: u32,
    spent: Duration,
}

impl Meter {
    /// A guess of what all scenarios together need.
    pub(super) fn expect(&mut self, commands: u32) {
        self.ahead = commands;
        self.total = commands;
    }

    /// The cells of the next scenario with the commands of each; `guessed` is what was expected of them.
    pub(super) fn begin_scenario(&mut self, cells: &[u32], guessed: u32) {
        let real: u32 = cells.iter().sum();
        self.ahead = self.ahead.saturating_sub(guessed);
        self.total = self.total.saturating_sub(guessed).saturating_add(real);
        self.cells = cells.iter().map(|left| CellMeter { left: *left, ..CellMeter::default() }).collect();
    }

    /// A command of a cell has been run; `took` is the time with all around it.
    pub(super) fn ran(&mut self, cell: usize, took: Duration) {
        self.done += 1;
        self.spent += took;
        if let Some(cell) = self.cells.get_mut(cell) {
            cell.left = cell.left.saturating_sub(1);
            cell.done += 1;
            cell.spent += took;
        }
    }

    /// Nothing more will be run in this cell.
    pub(super) fn give_up(&mut self, cell: usize) {
        if let Some(cell) = self.cells.get_mut(cell) {
            self.total = self.total.saturating_sub(cell.left);
            cell.left = 0;
        }
    }

    /// What one command of a cell takes on average with all around it, if any has been run.
    pub(super) fn mean(&self, cell: usize) -> Option<Duration> {
        self.cells.get(cell).and_then(|cell| cell.spent.checked_div(cell.done))
    }

    pub(super) fn progress(&self) -> Progress {
        let overall = self.spent.checked_div(self.done);
        let left = overall.map(|overall| {
            let cells = self
                .cells
                .iter()
                .map(|cell| cell.spent.checked_div(cell.done).unwrap_or(overall) * cell.left);
            cells.sum::<Duration>() + overall * self.ahead
        });
        Progress { done: self.done, total: self.total.max(self.done), left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_comes_from_each_cell_by_itself() {
        let mut meter = Meter::default();
        meter.expect(20);
        assert_eq!(meter.progress(), Progress { done: 0, total: 20, left: None });
        meter.begin_scenario(&[5, 5, 2], 10);
        assert_eq!(meter.progress().total, 22);
        meter.ran(0, Duration::from_secs(1));
        meter.ran(1, Duration::from_secs(3));
        // 4 of 1 s, 4 of 3 s, 2 of the mean of 2 s, and 10 of it of other scenarios.
        assert_eq!(meter.progress(), Progress { done: 2, total: 22, left: Some(Duration::from_secs(40)) });
        meter.give_up(1);
        assert_eq!(meter.progress(), Progress { done: 2, total: 18, left: Some(Duration::from_secs(28)) });
    }
}
