//! Which projects with requirements files are migrated, as data.

/// How a migration is expected to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Exit 0, with all proofs.
    Migrated,
    /// Exit 1 with all proofs for the rest: `--skip-refused` leaves the refused lines in their files.
    MigratedButRefused,
    /// Exit 1 and nothing is changed, with the reason in plain words.
    Refused(&'static str),
    /// Exit 3 and nothing is changed: uv finds no lock for what the project asks for, whatever tool wrote it down.
    Unlockable(&'static str),
}

/// Where a project says what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Requirements files, beside `[project]` or alone.
    Requirements,
    SetupPy,
    SetupCfg,
    Poetry,
    Pipfile,
    Pdm,
    Flit,
    Conda,
}

/// A source distribution, pinned by its hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) sha256: &'static str,
    /// The part that is taken as an application of its own, or all of it.
    pub(crate) part: Option<&'static str>,
    pub(crate) flags: &'static [&'static str],
    pub(crate) ends: Ends,
    pub(crate) source: Source,
    /// Whether its wheel is built before and after.
    pub(crate) wheel: bool,
    /// Whether its Pipfile names an index by a host that is no more, so that it gets the present one first.
    pub(crate) old_index: bool,
}

impl Case {
    /// Whether something is migrated at all.
    pub(crate) fn migrates(&self) -> bool {
        matches!(self.ends, Ends::Migrated | Ends::MigratedButRefused)
    }

    /// Whether `declared.py` has something to read.
    pub(crate) fn is_of_another_source(&self) -> bool {
        self.source != Source::Requirements
    }
}

pub(crate) const fn whole(name: &'static str, version: &'static str, sha256: &'static str) -> Case {
    let (flags, ends, source) = (&[] as &[&str], Ends::Migrated, Source::Requirements);
    Case { name, version, sha256, part: None, flags, ends, source, wheel: false, old_index: false }
}

pub(crate) const fn part(
    name: &'static str,
    version: &'static str,
    sha256: &'static str,
    part: &'static str,
) -> Case {
    Case { part: Some(part), flags: &["--python", ">=3.11"], ..whole(name, version, sha256) }
}

const fn refused(case: Case, why: &'static str) -> Case {
    Case { ends: Ends::Refused(why), ..case }
}

pub(crate) const NUMPY: &str = "5cddc243c75114ba845f01b1f87aca1572dbf7b6c2d88636ed3e1d2bccd7f1bf";
pub(crate) const CELERY: &str = "6a5dfcf6662287204f009a02002b9e66c83d4105e47ebabdc7079108772fc6f0";

/// Whole packages with `[project]`, requirements files alone, and what has to be refused.
pub(crate) const CASES: &[Case] = &[
    whole("flask", "3.0.3", "ceb27b0af3823ea2737928a4d99d125a06175b8512c445cbd9a9ce200ef76842"),
    whole("werkzeug", "3.0.6", "a8dd59d4de28ca70471a34cba79bed5f7ef2e036a76b3ab0835474246eb41f8d"),
    whole("jinja2", "3.1.6", "0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d"),
    whole("click", "8.1.8", "ed53c9d8990d83c2a27deae68e4ee337473f6330c040a31d4225c9574d16096a"),
    whole("trio", "0.35.0", "7efb295c78a0ecd1235c5759e620b5da564ca80d2efcb0055423588547248b96"),
    whole("mypy", "2.4.1", "63b590965691e540a335fa74dadf31a7069142f6b72e234689bbd244edf55623"),
    whole("aiohttp", "3.14.5", "5558a7f5a05af9ecf744af91e5baefc436f93c9333e656c27ec253f9a6bbe178"),
    whole("glances", "4.5.8", "a1e5ed5a6488964a576d550a420c91af6f2c7c2d8df8e9fbe67c98eb38bacf3b"),
    whole("jupyterhub", "6.1.1", "1d7b6713b31ebd76d61a13c202f9323e66c4e8cf731adc5d3052bb6ee6178a95"),
    whole("fastapi", "0.110.3", "555700b0159379e94fdbfc6bb66a0f1c43f4cf7060f25239af3d84b63a656626"),
    whole("starlette", "0.36.3", "90a671733cfb35771d8cc605e0b679d23b992f8dcfad48cc60b38cb29aeb7080"),
    part("numpy", "2.5.5", NUMPY, "requirements"),
    part(
        "coverage",
        "7.17.3",
        "6695d1bb2a9a2fbd7806d69d78cf30f35eb0f65045da0ec5b5045242fadd6a78",
        "requirements",
    ),
    part(
        "scikit-image",
        "0.26.0",
        "f5f970ab04efad85c24714321fcc91613fcb64ef2a892a13167df2f3e59199fa",
        "requirements",
    ),
    part(
        "tornado",
        "6.6.1",
        "28e6311402af59c8b02e3fa0f5e7d8eb465b25081381803b127d97e6a4395d5a",
        "requirements.*",
    ),
    Case {
        flags: &["--python", ">=3.11", "--skip-refused"],
        ends: Ends::MigratedButRefused,
        ..part("celery", "5.7.0", CELERY, "requirements")
    },
    refused(
        part(
            "kombu",
            "5.7.0",
            "31e62fdfd2381caa3422f8e02b84a491d9a2180ddda74507b57f4cb1e1c2c2c9",
            "requirements",
        ),
        "three URLs have no name of a package, which pyproject.toml needs",
    ),
    refused(
        part(
            "edx-drf-extensions",
            "10.9.0",
            "cdd588a055a018c0b368932aeb1763e4bff7b0d8ce6e0b06eadd2d56a1d7f136",
            "requirements",
        ),
        "its files include files that the source distribution does not hold",
    ),
];
