//! `proviso schema`: the JSON Schemas of the contract language, by which editors complete and check, and of what programs read.

use crate::cli::context::Context;
use crate::cli::live::{SCHEMA_FILE, SETTINGS_CHECKER};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use clap::ValueEnum;
use proviso::contract::schema::FileKind;
use proviso::report::{self, Exit};
use proviso::text::source::unlinked;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Print or write the JSON Schemas of the contract language.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso schema vendor\n  proviso schema --write\n  proviso schema --check",
    &[
        (Exit::Fine, "printed, written, or unchanged"),
        (Exit::Wrong, "--check found a file that is missing or differs"),
        (Exit::Environment, "a file could not be written"),
    ],
))]
pub(crate) struct SchemaArgs {
    /// Which; without it, all of them, by the names of their files
    #[arg(value_name = "WHICH", conflicts_with_all = ["write", "check"])]
    which: Option<SchemaName>,
    /// Write them into the folder of the contracts
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Fail if the folder of the contracts has others
    #[arg(long)]
    check: bool,
}

/// A schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaName {
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

/// Those that are written beside the contracts.
const WRITTEN: [SchemaName; 3] = [SchemaName::Vendor, SchemaName::Operation, SchemaName::Settings];

impl SchemaName {
    fn file_name(self) -> &'static str {
        match self {
            Self::Vendor => FileKind::Vendor.file_name(),
            Self::Operation => FileKind::Operation.file_name(),
            Self::Settings => SCHEMA_FILE,
            Self::Report => "report.schema.json",
            Self::Comparison => "comparison.schema.json",
        }
    }

    fn schema(self) -> Cow<'static, Value> {
        match self {
            Self::Vendor => Cow::Borrowed(FileKind::Vendor.schema()),
            Self::Operation => Cow::Borrowed(FileKind::Operation.schema()),
            Self::Settings => Cow::Borrowed(SETTINGS_CHECKER.schema()),
            Self::Report => Cow::Owned(report::run_schema()),
            Self::Comparison => Cow::Owned(report::comparison::comparison_schema()),
        }
    }

    fn text(self) -> String {
        format!("{:#}\n", self.schema())
    }
}

/// Prints, writes or checks the schemas.
pub(crate) fn write_schemas(args: &SchemaArgs, context: &mut Context) -> CommandResult {
    let Context { specs, output, .. } = context;
    if args.write {
        return write_into(specs, false, output);
    }
    if args.check {
        return Ok(check_files(specs, output));
    }
    if let Some(which) = args.which {
        output.document(&which.text());
    } else {
        let all = SchemaName::value_variants().iter().map(|which| (which.file_name(), which.schema()));
        output.print_json(&all.collect::<BTreeMap<_, _>>())?;
    }
    Ok(Exit::Fine)
}

/// Writes the schemas into a folder; those that are there already may be kept as they are.
pub(super) fn write_into(folder: &Path, keep: bool, output: &mut Output) -> CommandResult {
    for which in WRITTEN {
        let path = folder.join(which.file_name());
        if keep && path.exists() {
            continue;
        }
        unlinked::create_folder(folder, folder)
            .and_then(|()| unlinked::replace(folder, &path, which.text().as_bytes()))
            .map_err(|error| unwritten(&path, &error))?;
        output.notice(&format!("wrote {}\n", path.display()));
    }
    Ok(Exit::Fine)
}

/// The error that a file or a folder cannot be written.
pub(super) fn unwritten(path: &Path, error: &io::Error) -> CommandError {
    Problem::new(format_args!("{} cannot be written: {error}", path.display())).exit_with(Exit::Environment)
}

fn check_files(folder: &Path, output: &mut Output) -> Exit {
    let mut exit = Exit::Fine;
    for which in WRITTEN {
        let path = folder.join(which.file_name());
        // A file that cannot be read is not the expected one.
        let found = fs::read_to_string(&path).map(|text| text.replace("\r\n", "\n"));
        let what = match found {
            Ok(text) if text == which.text() => continue,
            Ok(_) => "is not what the language says now",
            Err(_) => "is missing",
        };
        let problem = Problem::new(format_args!("{} {what}", path.display()));
        output.error(&problem.with_help("`proviso schema --write` writes it"));
        exit = Exit::Wrong;
    }
    exit
}
