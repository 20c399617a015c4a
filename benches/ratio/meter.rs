//! One command, metered: its wall time, its processor time with that of everybody it waited for, its peak memory.

use crate::Failure;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// What a command took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// Milliseconds from its start to its end.
    pub(crate) wall: f64,
    /// Milliseconds of processor.
    pub(crate) cpu: f64,
    /// The most memory that any process of it held, in MB.
    pub(crate) memory: f64,
    /// Its exit code.
    pub(crate) code: i32,
}

/// The word by which this binary is told to meter.
pub(crate) const WORD: &str = "--meter";

/// Meters a command. It runs below a small process of its own: a process begins with its parent's peak of memory.
pub(crate) fn meter(command: &Invocation, folder: &Path, log: &Path) -> Result<Reading, Failure> {
    let output = Command::new(std::env::current_exe()?)
        .arg(WORD)
        .arg(log)
        .args(&command.words)
        .envs(command.variables.iter().map(|(name, value)| (name, value)))
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(&told).map_err(|error| format!("{}: {error}: {told}", command.words.join(" ")))?)
}

/// A command line with its environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invocation {
    pub(crate) words: Vec<String>,
    pub(crate) variables: Vec<(String, String)>,
}

impl Invocation {
    /// A command of these words.
    pub(crate) fn new<T: ToString>(words: impl IntoIterator<Item = T>) -> Self {
        Self { words: words.into_iter().map(|word| word.to_string()).collect(), variables: Vec::new() }
    }

    /// With a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The metering process itself: `--meter LOG COMMAND...`.
pub(crate) fn main(mut arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
    let log = File::create(arguments.next().ok_or("no log")?)?;
    let mut command = Command::new(arguments.next().ok_or("no command")?);
    command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let began = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let wall = began.elapsed();
    let used = ended.rusage;
    let reading = Reading {
        wall: wall.as_secs_f64() * 1e3,
        cpu: (used.utime + used.stime).as_secs_f64() * 1e3,
        memory: used.maxrss as f64 / (1024.0 * 1024.0),
        code: ended.status.code().unwrap_or(-1),
    };
    println!("{}", serde_json::to_string(&reading)?);
    Ok(())
}
