use std::io;
use std::path::PathBuf;

/// Why a file is no wheel that can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened.
    #[error("cannot open `{path}`")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file name is not that of a wheel.
    #[error("`{name}` is not the name of a wheel")]
    Name {
        /// The name.
        name: String,
    },
    /// It is no zip archive, or a damaged one.
    #[error("`{wheel}` is no readable archive")]
    Archive {
        /// The wheel.
        wheel: String,
        /// What is wrong.
        source: zip::result::ZipError,
    },
    /// A file of the archive cannot be unpacked.
    #[error("`{file}` in `{wheel}` cannot be unpacked")]
    Unpack {
        /// The wheel.
        wheel: String,
        /// The file in it.
        file: String,
        /// What is wrong.
        source: io::Error,
    },
    /// A name in the archive leads out of the folder that it is unpacked in.
    #[error("`{wheel}` holds the unsafe name `{file}`")]
    UnsafeName {
        /// The wheel.
        wheel: String,
        /// The name.
        file: String,
    },
    /// The archive is larger than any wheel.
    #[error("`{wheel}` holds more than {limit}")]
    TooLarge {
        /// The wheel.
        wheel: String,
        /// The limit that it goes over, such as `100000 files`.
        limit: String,
    },
    /// Two files have one name.
    #[error("`{wheel}` holds a file twice")]
    Duplicate {
        /// The wheel.
        wheel: String,
    },
    /// A part that every wheel has is missing.
    #[error("`{wheel}` has no `{file}`")]
    Missing {
        /// The wheel.
        wheel: String,
        /// The file.
        file: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Archive { .. } | Self::Unpack { .. } | Self::Missing { .. } => {
                Some("build the wheel again; this one is damaged")
            }
            Self::UnsafeName { .. } | Self::TooLarge { .. } | Self::Duplicate { .. } => {
                Some("do not install this wheel; find out what its build backend puts into it")
            }
            Self::Open { .. } | Self::Name { .. } => None,
        }
    }
}
