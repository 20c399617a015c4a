//! The command line: what is typed, what is told where, and how it ends.

mod args;
mod arrive;
mod baseline;
mod diff;
mod doctor;
mod explain;
mod explain_why;
mod fail_on;
mod gate;
mod init;
mod judge;
mod known;
mod known_targets;
mod lint;
mod list;
mod no_baseline;
mod reference;
#[cfg(target_os = "linux")]
mod review;
mod schema;
mod upgrade;
mod vendor_folders;
mod witness;

use crate::acme::write_acme;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The binary, with nothing of the environment that the tests run in.
fn proviso(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// What the program told, and how it ended.
#[derive(Debug)]
struct Told {
    code: i32,
    out: String,
    err: String,
}

/// A folder with contracts in it.
struct Project {
    folder: TempDir,
}

impl Project {
    /// A folder without anything in it.
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with the vendor in `tests/fixtures/acme`.
    fn acme() -> Self {
        let project = Self::empty();
        project.add("acme");
        project
    }

    /// Adds a vendor that is like the one in `tests/fixtures/acme` but for its name, and the schemas.
    fn add(&self, vendor: &str) {
        write_acme(self.path(), vendor);
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a text that stands exactly once in a file.
    fn change(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(from).count(), 1, "{from} in {file}");
        self.write(file, &text.replace(from, to));
    }

    fn run(&self, typed: &[&str]) -> Told {
        self.run_with(&[], typed)
    }

    fn run_with(&self, variables: &[(&str, &str)], typed: &[&str]) -> Told {
        let output = proviso(self.path()).envs(variables.iter().copied()).args(typed).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}
