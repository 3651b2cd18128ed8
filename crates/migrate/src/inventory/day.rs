//! Days, and the last one of each Python.

use std::fmt;

/// A day of the Gregorian calendar. Days compare by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Day {
    /// The day in UTC of a time in seconds since 1970-01-01.
    pub fn of_unix(seconds: u64) -> Self {
        // Years begin in March here, so that the day that is sometimes missing comes last.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        Self { year: u16::try_from(year).unwrap_or(u16::MAX), month: small(month), day: small(day) }
    }
}

/// `2026-11-28`
impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

/// A version of Python, and its last day as year, month and day.
type End = ((u8, u8), (u16, u8, u8));

/// The last supported day of each Python: the release schedule of each (PEP 361, 373, 375, 392, 398, 429, 478, 494, 537, 569,
/// 596, 619, 664, 693, 719, 745, 790) and the table "Status of Python versions" of the Python Developer's Guide. Where these
/// name a month that is still to come, it is the last day of it.
const ENDS: [End; 18] = [
    ((2, 6), (2013, 10, 29)),
    ((2, 7), (2020, 1, 1)),
    ((3, 0), (2009, 6, 27)),
    ((3, 1), (2012, 4, 9)),
    ((3, 2), (2016, 2, 20)),
    ((3, 3), (2017, 9, 29)),
    ((3, 4), (2019, 3, 18)),
    ((3, 5), (2020, 9, 30)),
    ((3, 6), (2021, 12, 23)),
    ((3, 7), (2023, 6, 27)),
    ((3, 8), (2024, 10, 7)),
    ((3, 9), (2025, 10, 31)),
    ((3, 10), (2026, 10, 31)),
    ((3, 11), (2027, 10, 31)),
    ((3, 12), (2028, 10, 31)),
    ((3, 13), (2029, 10, 31)),
    ((3, 14), (2030, 10, 31)),
    ((3, 15), (2031, 10, 31)),
];

/// The last day on which a Python was or is supported; none where that is not known. Pythons before 2.6 are over for sure.
pub(crate) fn end_of_life(version: (u8, u8)) -> Option<Day> {
    let oldest = ENDS.first().map(|(_, day)| *day);
    let known = ENDS.iter().find(|(known, _)| *known == version).map(|(_, day)| *day);
    let (year, month, day) = if version < (2, 6) { oldest? } else { known? };
    Some(Day { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_709_251_200, "2024-03-01"),
            (1_735_603_200, "2024-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(Day::of_unix(seconds).to_string(), day, "{seconds}");
        }
        let _ = Day::of_unix(u64::MAX);
    }

    #[test]
    fn ends_come_one_after_the_other() {
        let python_3: Vec<Day> = (0..=15).filter_map(|minor| end_of_life((3, minor))).collect();
        assert_eq!(python_3.len(), 16);
        assert!(python_3.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(end_of_life((3, 49)), None);
        assert_eq!(end_of_life((2, 5)), end_of_life((2, 6)));
    }
}
