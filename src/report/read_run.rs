//! Reads a saved run back.

use super::{SavedRun, VERSION};
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// A saved run that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read the report {}: {source}", path.display())]
    File {
        /// The path as typed.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// It is not a report.
    #[error("{} is no report of proviso: at `{at}`: {source}", path.display())]
    Shape {
        /// The path as typed.
        path: PathBuf,
        /// The key at which it departs.
        at: String,
        /// The mistake.
        source: serde_json::Error,
    },
    /// It is of a later shape.
    #[error("{} has version {version} of the report's shape, and this proviso reads version {VERSION}", path.display())]
    Version {
        /// The path as typed.
        path: PathBuf,
        /// The version in the file.
        version: u32,
    },
}

/// The part of a saved run that is looked at first, since a later shape need not fit the rest.
#[derive(Deserialize)]
struct ShapeVersion {
    version: u32,
}

/// Reads a run back.
pub fn read_run(path: &Path) -> Result<SavedRun, ReadError> {
    let text = std::fs::read(path).map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    let ShapeVersion { version } = parse_shape(path, &text)?;
    if version != VERSION {
        return Err(ReadError::Version { path: path.to_owned(), version });
    }
    parse_shape(path, &text)
}

fn parse_shape<'de, T: Deserialize<'de>>(path: &Path, text: &'de [u8]) -> Result<T, ReadError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer);
    let value = value.map_err(|error| (error.path().to_string(), error.into_inner()));
    let value = value.and_then(|value| match deserializer.end() {
        Ok(()) => Ok(value),
        Err(source) => Err((".".to_owned(), source)),
    });
    value.map_err(|(at, source)| ReadError::Shape { path: path.to_owned(), at, source })
}
