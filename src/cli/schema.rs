//! `proviso schema`: the JSON Schemas of the contract language, by which editors complete and check, and of what programs read.

use crate::cli::args::Global;
use crate::cli::output::Output;
use crate::cli::settings;
use clap::ValueEnum;
use proviso::contract::schema::FileKind;
use proviso::report;
use proviso::report::Exit;
use proviso::text::source::unlinked;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Print or write the JSON Schemas of the contract language.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  proviso schema vendor\n  proviso schema --write\n  proviso schema --check\n\n\
    Exit codes:\n  0  printed, written, or unchanged\n  2  --check found a file that is missing or differs\n  3  a file could not be written"
)]
pub(crate) struct Args {
    /// Which; without it, all of them, by the names of their files
    #[arg(value_name = "WHICH", conflicts_with_all = ["write", "check"])]
    which: Option<Which>,
    /// Write them into the folder of the contracts
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Fail if the folder of the contracts has others
    #[arg(long)]
    check: bool,
}

/// A schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// `vendor.yaml`
    Vendor,
    /// An operation's file
    Operation,
    /// `proviso.yaml`
    Settings,
    /// What `run --report-json` writes
    Report,
    /// What `diff --format json` prints
    Comparison,
}

/// Those that stand beside the contracts.
const WRITTEN: [Which; 3] = [Which::Vendor, Which::Operation, Which::Settings];

impl Which {
    fn file_name(self) -> &'static str {
        match self {
            Self::Vendor => FileKind::Vendor.file_name(),
            Self::Operation => FileKind::Operation.file_name(),
            Self::Settings => settings::SCHEMA_FILE,
            Self::Report => "report.schema.json",
            Self::Comparison => "comparison.schema.json",
        }
    }

    fn schema(self) -> Value {
        match self {
            Self::Vendor => FileKind::Vendor.schema().clone(),
            Self::Operation => FileKind::Operation.schema().clone(),
            Self::Settings => settings::CHECKER.schema().clone(),
            Self::Report => report::schema(),
            Self::Comparison => report::comparison::schema(),
        }
    }

    fn text(self) -> String {
        format!("{:#}\n", self.schema())
    }
}

/// Prints, writes or checks.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    if args.write {
        return write(&global.specs, false, output);
    }
    if args.check {
        return check(&global.specs, output);
    }
    if let Some(which) = args.which {
        output.document(&which.text());
    } else {
        let all = Which::value_variants().iter().map(|which| (which.file_name().to_owned(), which.schema()));
        output.document(&format!("{:#}\n", Value::Object(all.collect())));
    }
    Exit::Fine
}

/// Writes the schemas into a folder; those that are there already may be kept as they are.
pub(super) fn write(folder: &Path, keep: bool, output: &mut Output) -> Exit {
    for which in WRITTEN {
        let path = folder.join(which.file_name());
        if keep && path.exists() {
            continue;
        }
        let written = unlinked::create_folder(folder, folder)
            .and_then(|()| unlinked::replace(folder, &path, which.text().as_bytes()));
        if let Err(error) = written {
            output.error(&format!("{} cannot be written: {error}", path.display()), &[]);
            return Exit::Environment;
        }
        output.notice(&format!("wrote {}\n", path.display()));
    }
    Exit::Fine
}

fn check(folder: &Path, output: &mut Output) -> Exit {
    let mut exit = Exit::Fine;
    for which in WRITTEN {
        let path = folder.join(which.file_name());
        // A file that cannot be read is not the one that is due.
        let found = fs::read_to_string(&path).ok();
        if found.as_ref().map(|text| text.replace("\r\n", "\n")) != Some(which.text()) {
            let what = if found.is_some() { "is not what the language says now" } else { "is missing" };
            output.error(&format!("{} {what}", path.display()), &["`proviso schema --write` writes it".to_owned()]);
            exit = Exit::Wrong;
        }
    }
    exit
}
