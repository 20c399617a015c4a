//! `proviso init`: the beginning of a new vendor's contract, which lints and runs as it is.

use crate::cli::commands::write_schemas::{unwritten, write_into};
use crate::cli::context::Context;
use crate::cli::problem::{CommandResult, Problem};
use proviso::contract::variable_prefix;
use proviso::report::Exit;
use proviso::text::source::unlinked;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::SystemTime;

/// Begin the contract of a new vendor.
///
/// Writes `VENDOR/vendor.yaml` and one operation beside it, with comments that say what each part is for; what is there
/// already is never written over.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso init acme\n  proviso lint specs/acme\n  proviso acme",
    &[
        (Exit::Fine, "written"),
        (Exit::Wrong, "there is such a vendor already, or this is no name"),
        (Exit::Environment, "a file could not be written"),
    ],
))]
pub(crate) struct InitArgs {
    /// The vendor's name: small letters, digits, `-` and `_`
    #[arg(value_name = "VENDOR", value_parser = parse_vendor_name)]
    vendor: String,
}

/// The name in the templates.
const TEMPLATE: &str = "acme";
/// The day on which the template's page was read.
const TEMPLATE_DAY: &str = "2000-01-01";
/// The files, by name.
const FILES: [(&str, &str); 2] =
    [("vendor.yaml", include_str!("vendor.yaml")), ("links.delete.yaml", include_str!("links.delete.yaml"))];
/// Words that YAML does not read as text.
const NO_NAMES: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// A name that may be a folder's, and a variable's once it is in capitals.
fn parse_vendor_name(text: &str) -> Result<String, &'static str> {
    let begins = text.starts_with(|letter: char| letter.is_ascii_lowercase());
    let allowed = text.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || b"-_".contains(&sign));
    if !begins || !allowed || text.len() > 64 {
        return Err("a vendor's name has small letters, digits, `-` and `_`, and begins with a letter");
    }
    if NO_NAMES.contains(&text) { Err("YAML does not read this word as text") } else { Ok(text.to_owned()) }
}

/// Writes the files of a new vendor, and the schemas beside it.
pub(crate) fn init_vendor(args: &InitArgs, context: &mut Context) -> CommandResult {
    let Context { specs, output, .. } = context;
    let folder = specs.join(&args.vendor);
    write_vendor(specs, &folder, &args.vendor).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            let path = folder.display();
            let problem = Problem::new(format_args!("{path} is there already, and nothing was written"));
            return problem.with_help(format!("choose another name, or remove {path} first")).into();
        }
        unwritten(&folder, &error)
    })?;
    for (name, _) in FILES {
        output.print(&format!("wrote {}\n", folder.join(name).display()));
    }
    let exit = write_into(specs, true, output)?;
    output.notice(&format!("next: `proviso lint {}`, then `proviso {}/`\n", folder.display(), args.vendor));
    Ok(exit)
}

/// Makes the vendor's folder, which must not be there yet, and writes its files.
fn write_vendor(specs: &Path, folder: &Path, vendor: &str) -> io::Result<()> {
    unlinked::create_folder(specs, specs)?;
    fs::create_dir(folder)?;
    for (name, template) in FILES {
        let mut file = unlinked::open(specs, &folder.join(name), OpenOptions::new().write(true).create_new(true))?;
        file.write_all(fill_template(template, vendor, SystemTime::now()).as_bytes())?;
    }
    Ok(())
}

/// A template with the vendor's name and the day in place of its own.
fn fill_template(template: &str, vendor: &str, now: SystemTime) -> String {
    let now = humantime::format_rfc3339_seconds(now).to_string();
    let (day, _) = now.split_once('T').unwrap_or((TEMPLATE_DAY, ""));
    template
        .replace(TEMPLATE_DAY, day)
        .replace(&variable_prefix(TEMPLATE), &variable_prefix(vendor))
        .replace(&capitalise(TEMPLATE), &capitalise(vendor))
        .replace(TEMPLATE, vendor)
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
            assert_eq!(parse_vendor_name(right), Ok(right.to_owned()));
        }
        for wrong in ["", "..", "a/b", "a.b", "Acme", "2pay", "-a", "null", "yes", "ä"] {
            assert!(parse_vendor_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_template_takes_the_name_in_every_form() {
        let text = fill_template("acme Acme ACME_KEY 2000-01-01", "my-pay", SystemTime::UNIX_EPOCH);
        assert_eq!(text, "my-pay My-pay MY_PAY_KEY 1970-01-01");
    }
}
