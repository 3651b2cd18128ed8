//! JSON into a run. Every problem is told with the place of the field, and nothing is guessed.

use serde_json::Value;

use super::{FileError, KIND, VERSION, hyperfine};
use crate::model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};

/// More series than anybody measures; a bound for the work that a file can ask for.
pub(super) const MOST_SERIES: usize = 2_000;

/// More samples of one series than anybody measures.
pub(super) const MOST_SAMPLES: usize = 10_000;

/// More samples of one file.
const MOST_SAMPLES_OF_ALL: usize = 200_000;

/// 31 years: no command takes longer, and sums of times stay numbers.
const LONGEST: f64 = 1e9;

/// The run of a file, ours or one of hyperfine. A file of a run that was interrupted is read like any other.
pub fn from_json(text: &str) -> Result<Run, FileError> {
    let value: Value = serde_json::from_str(text).map_err(|source| FileError::Syntax {
        line: source.line(),
        column: source.column(),
        source,
    })?;
    let root = Field { path: String::new(), value: &value };
    match (root.find("kind"), root.find("results")) {
        (Some(kind), _) => {
            check_kind(&kind.text()?, &root)?;
            read_run(&root)
        }
        (None, Some(_)) => hyperfine::read(&root),
        (None, None) => Err(FileError::Unknown),
    }
}

fn check_kind(kind: &str, root: &Field<'_>) -> Result<(), FileError> {
    if kind != KIND {
        return Err(FileError::Kind { kind: kind.to_owned() });
    }
    let version = root.get("version")?;
    if version.value.as_u64() == Some(VERSION) {
        return Ok(());
    }
    Err(FileError::Version { version: version.value.to_string() })
}

fn read_run(root: &Field<'_>) -> Result<Run, FileError> {
    let series = root.get("series")?.map_list(read_series)?;
    check_count(series.len(), MOST_SERIES, "series")?;
    let samples = series.iter().map(|one| one.samples.len()).sum();
    check_count(samples, MOST_SAMPLES_OF_ALL, "series")?;
    Ok(Run {
        uvshift: root.get("uvshift")?.text()?,
        started: root.get("started")?.whole()?,
        finished: root.optional("finished", Field::whole)?,
        machine: read_machine(&root.get("machine")?)?,
        settings: read_settings(&root.get("settings")?)?,
        contenders: root.get("contenders")?.map_list(read_contender)?,
        scenarios: root.get("scenarios")?.map_list(read_scenario)?,
        series,
        warnings: root.get("warnings")?.map_list(read_warning)?,
    })
}

fn read_machine(field: &Field<'_>) -> Result<Machine, FileError> {
    Ok(Machine {
        os: field.get("os")?.text()?,
        release: field.optional("release", Field::text)?,
        architecture: field.get("architecture")?.text()?,
        processor: field.optional("processor", Field::text)?,
        cores: field.get("cores")?.small()?,
        memory: field.optional("memory", Field::whole)?,
        load: field.optional("load", Field::number)?,
        file_system: field.optional("file_system", Field::text)?,
        same_device: field.optional("same_device", Field::truth)?,
        link_mode: field.optional("link_mode", Field::text)?,
        python: field.optional("python", Field::text)?,
    })
}

fn read_settings(field: &Field<'_>) -> Result<Settings, FileError> {
    Ok(Settings {
        runs: field.get("runs")?.small()?,
        warmups: field.get("warmups")?.small()?,
        seed: field.get("seed")?.whole()?,
        timeout: field.get("timeout")?.number()?,
        local_index: field.get("local_index")?.truth()?,
        quick: field.get("quick")?.truth()?,
    })
}

fn read_contender(field: &Field<'_>) -> Result<Contender, FileError> {
    let text = |key| field.get(key)?.text();
    Ok(Contender { id: text("id")?, label: text("label")?, version: text("version")? })
}

fn read_scenario(field: &Field<'_>) -> Result<Scenario, FileError> {
    Ok(Scenario {
        name: field.get("name")?.text()?,
        description: field.get("description")?.text()?,
        requirements: field.get("requirements")?.map_list(Field::text)?,
        packages: field.optional("packages", Field::small)?,
    })
}

fn read_warning(field: &Field<'_>) -> Result<Warning, FileError> {
    let kind = field.get("kind")?;
    Ok(Warning {
        kind: kind.one_of("kind of warning", WarningKind::of_id)?,
        place: field.optional("place", Field::text)?,
        message: field.get("message")?.text()?,
    })
}

fn read_series(field: &Field<'_>) -> Result<Series, FileError> {
    let samples = field.get("samples")?;
    check_count(samples.list()?.len(), MOST_SAMPLES, &samples.path)?;
    Ok(Series {
        scenario: field.get("scenario")?.text()?,
        operation: field.get("operation")?.one_of("operation", Operation::of_id)?,
        contender: field.get("contender")?.text()?,
        command: field.get("command")?.text()?,
        samples: samples.map_list(read_sample)?,
        failure: field.optional("failure", Field::text)?,
    })
}

fn read_sample(field: &Field<'_>) -> Result<Sample, FileError> {
    Ok(Sample {
        block: field.get("block")?.small()?,
        position: field.get("position")?.small()?,
        wall: field.get("wall")?.duration()?,
        user: field.get("user")?.duration()?,
        system: field.get("system")?.duration()?,
        peak_memory: field.optional("peak_memory", Field::whole)?,
        load: field.optional("load", Field::number)?,
    })
}

pub(super) fn check_count(count: usize, most: usize, field: &str) -> Result<(), FileError> {
    if count <= most {
        return Ok(());
    }
    let problem = format!("has {count} entries, and more than {most} are not read");
    Err(FileError::Field { field: field.to_owned(), problem })
}

/// A value and where it stands in the file.
pub(super) struct Field<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Field<'a> {
    /// Where a member of this object stands.
    pub(super) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A member, unless it is missing or `null`.
    pub(super) fn find(&self, key: &str) -> Option<Field<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Field { path: self.path(key), value })
    }

    pub(super) fn get(&self, key: &str) -> Result<Field<'a>, FileError> {
        let missing = || FileError::Field { field: self.path(key), problem: "is missing".to_owned() };
        self.find(key).ok_or_else(missing)
    }

    fn optional<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Field<'a>) -> Result<T, FileError>,
    ) -> Result<Option<T>, FileError> {
        self.find(key).map(|field| read(&field)).transpose()
    }

    pub(super) fn list(&self) -> Result<Vec<Field<'a>>, FileError> {
        let entries = self.value.as_array().ok_or_else(|| self.is_no("list"))?;
        let fields = entries.iter().enumerate();
        Ok(fields.map(|(i, value)| Field { path: format!("{}[{i}]", self.path), value }).collect())
    }

    fn map_list<T>(&self, read: impl Fn(&Field<'a>) -> Result<T, FileError>) -> Result<Vec<T>, FileError> {
        self.list()?.iter().map(read).collect()
    }

    pub(super) fn text(&self) -> Result<String, FileError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.is_no("text"))
    }

    fn truth(&self) -> Result<bool, FileError> {
        self.value.as_bool().ok_or_else(|| self.is_no("`true` or `false`"))
    }

    pub(super) fn whole(&self) -> Result<u64, FileError> {
        self.value.as_u64().ok_or_else(|| self.is_no("whole number from 0 to 2 to the power of 64"))
    }

    fn small<T: TryFrom<u64>>(&self) -> Result<T, FileError> {
        T::try_from(self.whole()?).map_err(|_| self.is_no("whole number of this size"))
    }

    fn number(&self) -> Result<f64, FileError> {
        self.value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| self.is_no("number"))
    }

    /// A time in seconds.
    pub(super) fn duration(&self) -> Result<f64, FileError> {
        let number = self.number()?;
        if (0.0..=LONGEST).contains(&number) { Ok(number) } else { Err(self.is_no("time in seconds")) }
    }

    fn one_of<T>(&self, what: &str, find: impl FnOnce(&str) -> Option<T>) -> Result<T, FileError> {
        find(&self.text()?).ok_or_else(|| self.is_no(what))
    }

    fn is_no(&self, expected: &str) -> FileError {
        let found: String = self.value.to_string().chars().take(40).collect();
        FileError::Field { field: self.path.clone(), problem: format!("is no {expected}: {found}") }
    }
}
