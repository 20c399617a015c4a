//! `proviso pages lock`: the sentence of each clause of a page, locked by its hash.

use super::{find_page, find_vendor, read_vendor};
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::{CommandResult, Problem};
use proviso::contract::page::{self, Lock, SealResult};
use proviso::report::{Count, Exit};
use std::path::PathBuf;

/// Lock the sentence of each clause of a page, by its hash.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "The quotes are YAML: for each clause the passage of the page that says so, or `{ absent: why }`\n\
        where the copy has none. Of both only lengths and hashes are kept, in `clauses.lock` beside the\n\
        vendor's contracts.\n\n\
        Examples:\n  proviso pages lock acme --page delete-link --text page.txt --quotes quotes.yaml",
    &[
        (Exit::Fine, "locked; clauses without a quote are listed"),
        (Exit::Wrong, "a quote is not on the page or belongs to no clause; nothing was written"),
        (Exit::Environment, "the lock could not be written"),
    ],
))]
pub(super) struct LockArgs {
    /// The vendor
    #[arg(value_name = "VENDOR")]
    vendor: String,
    /// The page, by its id in the contracts
    #[arg(long, value_name = "ID")]
    page: String,
    /// The text of the page
    #[arg(long, value_name = "FILE")]
    text: PathBuf,
    /// The passage for each clause
    #[arg(long, value_name = "FILE")]
    quotes: PathBuf,
}

/// Locks a page.
pub(super) fn lock_page(args: &LockArgs, context: &mut Context) -> CommandResult {
    let loaded = read_vendor(&args.vendor, context)?;
    let output = &mut context.output;
    let vendor = find_vendor(&args.vendor, &loaded)?;
    let document = find_page(&args.page, vendor)?;
    let copy = page::read_copy(&args.text).map_err(Problem::new)?;
    let quotes = page::read_quotes(&args.quotes).map_err(Problem::new)?;
    let path = page::lock_path(&loaded, vendor);
    let mut lock = Lock::read(&path).map_err(Problem::new)?;
    let sealed = page::seal_page(&document, &copy, &quotes);
    show_sealed(&sealed, output);
    let Some(page) = sealed.page else {
        return Err(Problem::new(format_args!("the page `{}` was not locked", args.page)).into());
    };
    let locked = Count(page.clauses.len(), "clause");
    lock.pages.insert(args.page.clone(), page);
    lock.write(&path).map_err(|error| Problem::new(error).exit_with(Exit::Environment))?;
    output.notice(&format!("locked {locked} of the page `{}` in {}\n", args.page, path.display()));
    Ok(Exit::Fine)
}

fn show_sealed(sealed: &SealResult<'_>, output: &mut Output) {
    for id in &sealed.not_on_page {
        output.error(&Problem::new(format_args!("the quote of `{id}` is not on the page")));
    }
    for id in &sealed.without_clause {
        output.error(&Problem::new(format_args!("the page has no clause `{id}`, which the quotes have")));
    }
    for id in &sealed.without_quote {
        output.notice(&format!("not locked: `{id}` has no quote\n"));
    }
    for id in &sealed.without_status {
        output.notice(&format!(
            "`{id}`: its quote does not have the number, so another status on the page will not be noticed\n"
        ));
    }
}
