//! What is measured side by side: how each tool is called for the same cases, and how many it says failed.

use crate::Failure;
use crate::case::cases;
use crate::formats;
use crate::meter::Invocation;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As many as proviso has in flight, unless it is told otherwise.
pub(crate) const IN_FLIGHT: usize = 64;

/// A tool that runs cases, or the process that does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    Empty,
    Floor,
    Proviso,
    Hurl,
    Pytest,
}

impl Tool {
    /// Every tool, in the order in which they are told.
    pub(crate) const ALL: [Self; 5] = [Self::Empty, Self::Floor, Self::Proviso, Self::Hurl, Self::Pytest];

    /// Its name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "an empty binary",
            Self::Floor => "floor",
            Self::Proviso => "proviso",
            Self::Hurl => "hurl --jobs 64",
            Self::Pytest => "pytest, by hand",
        }
    }

    /// Its color in the chart.
    pub(crate) fn colour(self) -> &'static str {
        match self {
            Self::Empty => "#8c959f",
            Self::Floor => "#57606a",
            Self::Proviso => "#0969da",
            Self::Hurl => "#bf3989",
            Self::Pytest => "#9a6700",
        }
    }
}

/// The binaries of all tools that are there, and the folder of their cases.
pub(crate) struct Bench {
    pub(crate) floor: PathBuf,
    pub(crate) answerer: PathBuf,
    pub(crate) byhand: PathBuf,
    pub(crate) empty: PathBuf,
    /// The tests that the contracts are.
    pub(crate) specs: PathBuf,
    pub(crate) proviso: PathBuf,
    pub(crate) hurl: Option<PathBuf>,
    pub(crate) pytest: Option<PathBuf>,
    pub(crate) folder: PathBuf,
}

impl Bench {
    /// Builds what is ours and looks for what is not.
    pub(crate) fn find(folder: PathBuf) -> Result<Self, Failure> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // In the same way as this one was.
        let profile = if cfg!(debug_assertions) { "dev" } else { "bench" };
        let mut build = Command::new(cargo);
        // What cargo tells of this package is none of that build's business: build scripts of others would run anew, and all that
        // stands on them with them.
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "OUT_DIR"];
        let names = std::env::vars_os().map(|(name, _)| name);
        for name in names.filter(|name| told.iter().any(|word| name.to_string_lossy().starts_with(word))) {
            build.env_remove(name);
        }
        let built = build
            .args(["bench", "--no-run", "--quiet", "--message-format", "json", "--profile", profile])
            .args([
                "--bench", "floor", "--bench", "answerer", "--bench", "byhand", "--bench", "empty", "--test", "specs",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(std::process::Stdio::inherit())
            .output()?;
        let told = String::from_utf8_lossy(&built.stdout);
        let messages: Vec<serde_json::Value> =
            told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let executable = |name: &str| {
            let own = messages.iter().filter(|message| message["target"]["name"] == name);
            let path = own.filter_map(|message| message["executable"].as_str()).next_back();
            path.map(PathBuf::from).ok_or_else(|| format!("`{name}` was not built"))
        };
        Ok(Self {
            floor: executable("floor")?,
            answerer: executable("answerer")?,
            byhand: executable("byhand")?,
            empty: executable("empty")?,
            specs: executable("specs")?,
            proviso: env!("CARGO_BIN_EXE_proviso").into(),
            hurl: on_path("hurl").filter(|hurl| answers(hurl, &["--version"])),
            pytest: on_path("pytest").filter(|pytest| answers(pytest, &["--version"]) && has_libraries(pytest)),
            folder,
        })
    }

    /// Whether a tool is there.
    pub(crate) fn has(&self, tool: Tool) -> bool {
        match tool {
            Tool::Hurl => self.hurl.is_some(),
            Tool::Pytest => self.pytest.is_some(),
            Tool::Empty | Tool::Floor | Tool::Proviso => true,
        }
    }

    /// The folder of so many cases.
    pub(crate) fn home(&self, count: usize) -> PathBuf {
        self.folder.join(format!("n{count}"))
    }

    /// Writes so many cases for these tools.
    pub(crate) fn write(&self, count: usize, tools: &[Tool]) -> Result<(), Failure> {
        let (home, cases) = (self.home(count), cases(count));
        for tool in tools {
            let folder = home.join(format!("{tool:?}").to_lowercase());
            if folder.exists() {
                continue;
            }
            fs::create_dir_all(&folder)?;
            match tool {
                Tool::Empty => {}
                Tool::Floor => formats::floor(&cases, &folder.join("cases.yaml"))?,
                Tool::Proviso => formats::proviso(&cases, &folder.join("specs"))?,
                Tool::Hurl => formats::hurl(&cases, &folder.join("cases"))?,
                Tool::Pytest => formats::pytest(&cases, &folder)?,
            }
        }
        Ok(())
    }

    /// The folder in which a tool finds its cases.
    pub(crate) fn place(&self, tool: Tool, count: usize) -> PathBuf {
        self.home(count).join(format!("{tool:?}").to_lowercase())
    }

    /// How a tool is called for its cases, which stand in the folder that it is called in.
    pub(crate) fn call(&self, tool: Tool, base: &str) -> Invocation {
        let words = |program: Option<&PathBuf>, words: &[&str]| {
            let program = program.map_or_else(String::new, |program| program.display().to_string());
            Invocation::new(std::iter::once(program).chain(words.iter().map(|word| (*word).to_owned())))
        };
        match tool {
            Tool::Empty => words(Some(&self.empty), &[]),
            Tool::Floor => words(Some(&self.floor), &["cases.yaml", base]),
            Tool::Proviso => {
                // As many vendors as the most cases have.
                let keys = (0..10).map(|vendor| (format!("BENCH{vendor:02}_KEY"), formats::KEY.to_owned()));
                let mut call = words(Some(&self.proviso), &["--target", base]).with("CI", "true");
                call.variables.extend(keys);
                call
            }
            Tool::Hurl => {
                words(self.hurl.as_ref(), &["--test", "--jobs", "64", "--variable", &format!("base={base}"), "cases"])
            }
            Tool::Pytest => words(self.pytest.as_ref(), &["-q", "-p", "no:cacheprovider", "--no-header", "--tb=line"])
                .with("BENCH_BASE", base),
        }
    }

    /// How many cases failed, as the tool itself tells it.
    pub(crate) fn failed(tool: Tool, told: &str) -> Option<usize> {
        let number = |before: &str| before.trim_end().rsplit([' ', '\n', '=']).next()?.parse().ok();
        match tool {
            Tool::Empty => Some(0),
            Tool::Floor => number(told.split(" failed").next()?.rsplit(", ").next()?),
            Tool::Proviso => number(told.rsplit_once(" violate")?.0),
            Tool::Hurl => number(told.rsplit_once("Failed files:")?.1.trim_start().split(' ').next()?),
            Tool::Pytest => number(told.rsplit_once(" failed")?.0),
        }
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn answers(program: &Path, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Whether the interpreter of a pytest has what a person would write the cases with.
fn has_libraries(pytest: &Path) -> bool {
    let interpreter = pytest.canonicalize().ok();
    let beside = [pytest.with_file_name("python3"), pytest.with_file_name("python")];
    let mut known = interpreter.iter().map(|path| path.with_file_name("python3")).chain(beside);
    known.any(|python| answers(&python, &["-c", "import requests, jsonschema"]))
}
