//! `proviso init`: the beginning of a new vendor's contract, which lints and runs as it is.

mod ask_user;
mod contract_text;
mod first_operation;
mod key_place;
mod project_files;

use crate::cli::commands::write_schemas::{unwritten, write_into};
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::project_folder::SPECS;
use ask_user::User;
use contract_text::VendorFacts;
use first_operation::FirstOperation;
use key_place::KeyPlace;
use project_files::{Pipeline, project_files};
use proviso::report::Exit;
use proviso::text::source::unlinked;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::str::FromStr;
use std::time::SystemTime;

/// Begin the contract of a new vendor.
///
/// Writes `vendor.yaml` and one operation into a folder of the vendor's name, and beside the contracts `proviso.yaml`,
/// `.gitignore` and a pipeline if you want one. What exists is never written over. At a terminal, what no option says is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n\
     \x20 proviso init acme\n\
     \x20 proviso init acme --keys header:X-Api-Key --operation 'POST /v1/invoices/{invoice_id}/void'\n\
     \x20 proviso init acme --origin https://sandbox.acme.example --ci github --yes",
    &[
        (Exit::Fine, "written"),
        (Exit::Wrong, "the vendor exists, or an answer is not valid"),
        (Exit::Environment, "a file could not be written"),
    ],
))]
pub(crate) struct InitArgs {
    /// The vendor's name: small letters, digits, `-` and `_`
    #[arg(value_name = "VENDOR")]
    vendor: Option<VendorName>,
    /// Where the vendor's sandbox answers, such as `https://sandbox.acme.example`
    #[arg(long, value_name = "URL")]
    origin: Option<Origin>,
    /// Where the key goes: `bearer`, `basic`, `header:NAME`, `query:NAME` or `none`
    #[arg(long, value_name = "HOW")]
    keys: Option<KeyPlace>,
    /// The first operation, such as `DELETE /v1/links/{link_id}`
    #[arg(long, value_name = "METHOD PATH")]
    operation: Option<FirstOperation>,
    /// Write a pipeline: `github`, `gitlab` or `none`
    #[arg(long, value_name = "WHICH", hide_possible_values = true)]
    ci: Option<Pipeline>,
    /// Ask nothing
    #[arg(long)]
    yes: bool,
}

/// Words that YAML does not read as text.
const NO_NAMES: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// A name that a folder can have, and a variable once it is in capitals.
#[derive(Debug, Clone)]
struct VendorName(String);

impl FromStr for VendorName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let begins = text.starts_with(|letter: char| letter.is_ascii_lowercase());
        let allowed =
            text.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || b"-_".contains(&sign));
        if !begins || !allowed || text.len() > 64 {
            return Err("a vendor's name has small letters, digits, `-` and `_`, and begins with a letter");
        }
        if NO_NAMES.contains(&text) {
            return Err("YAML does not read this word as text; choose another name");
        }
        Ok(Self(text.to_owned()))
    }
}

/// A scheme and a host, and perhaps a port and a path.
#[derive(Debug, Clone)]
struct Origin(String);

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_plain = |sign: u8| sign.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&sign);
        match host.filter(|host| !host.is_empty() && !host.starts_with([':', '/']) && host.bytes().all(is_plain)) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err("write an origin with its scheme, such as `https://sandbox.acme.example`"),
        }
    }
}

/// Writes the files of a new vendor, and what its project lacks.
pub(crate) fn init_vendor(args: &InitArgs, context: &mut Context) -> CommandResult {
    let (facts, pipeline) = ask_all(args, &mut context.output)?;
    let Context { project, specs, output, .. } = context;
    let folder = specs.join(&facts.name);
    let files = [
        ("vendor.yaml".to_owned(), facts.vendor_file()),
        (format!("{}.yaml", facts.operation.name()), facts.operation_file()),
    ];
    write_vendor(specs, &folder, &files).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            let path = folder.display();
            let problem = Problem::new(format_args!("{path} exists already; nothing was written"));
            return problem.with_help(format!("choose another name, or remove {path} first")).into();
        }
        unwritten(&folder, &error)
    })?;
    for (name, _) in &files {
        output.print(&format!("wrote {}\n", folder.join(name).display()));
    }
    let exit = write_into(specs, true, output)?;
    if *specs == project.join(SPECS) {
        for (name, text) in project_files(&facts, pipeline) {
            write_missing(project, name, &text, output)?;
        }
    }
    output.notice(&format!(
        "next: `proviso {0}/` runs its cases on the mock, `proviso explain {0}` shows them\n",
        facts.name
    ));
    Ok(exit)
}

/// Everything that has to be known, as typed, as answered or as usual.
fn ask_all(args: &InitArgs, output: &mut Output) -> Result<(VendorFacts, Pipeline), CommandError> {
    let user = User::new(!args.yes && !output.quiet);
    let VendorName(name) = user.ask(args.vendor.clone(), "The vendor's name", "", output)?;
    let usual = format!("https://sandbox.{}.example", name.replace('_', "-"));
    let Origin(origin) = user.ask(args.origin.clone(), "Where its sandbox answers", &usual, output)?;
    let how = "How the key is sent: bearer, basic, header:NAME, query:NAME or none";
    let keys = user.ask(args.keys.clone(), how, "bearer", output)?;
    let which = "The first operation: method and path";
    let operation = user.ask(args.operation.clone(), which, "DELETE /v1/links/{link_id}", output)?;
    let pipeline = user.ask(args.ci, "A pipeline: github, gitlab or none", "none", output)?;
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let today = now.chars().take(10).collect();
    Ok((VendorFacts { name, origin, keys, operation, today }, pipeline))
}

/// Makes the vendor's folder, which must not exist yet, and writes its files.
fn write_vendor(specs: &Path, folder: &Path, files: &[(String, String)]) -> io::Result<()> {
    unlinked::create_folder(specs, specs)?;
    fs::create_dir(folder)?;
    for (name, text) in files {
        let mut file = unlinked::open(specs, &folder.join(name), OpenOptions::new().write(true).create_new(true))?;
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Writes a file of the project unless there is one.
fn write_missing(project: &Path, name: &str, text: &str, output: &mut Output) -> Result<(), CommandError> {
    let path = project.join(name);
    if path.exists() {
        output.notice(&format!("kept {}\n", path.display()));
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), |folder| unlinked::create_folder(project, folder)).and_then(|()| {
        let mut file = unlinked::open(project, &path, OpenOptions::new().write(true).create_new(true))?;
        file.write_all(text.as_bytes())
    });
    written.map_err(|error| unwritten(&path, &error))?;
    output.print(&format!("wrote {}\n", path.display()));
    Ok(())
}

/// A text with its first letter in capitals.
pub(super) fn capitalise(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_a_folder_and_a_variable_can_have() {
        for right in ["acme", "a", "acme-pay_2"] {
            assert!(right.parse::<VendorName>().is_ok(), "{right}");
        }
        for wrong in ["", "..", "a/b", "a.b", "Acme", "2pay", "-a", "null", "yes", "ä"] {
            assert!(wrong.parse::<VendorName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host() {
        for right in ["https://a.example", "http://127.0.0.1:8080/", "https://a.example/api"] {
            assert!(right.parse::<Origin>().is_ok(), "{right}");
        }
        for wrong in ["", "a.example", "https://", "https:///x", "ftp://a.example", "https://a b", "https://a\"b"] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
