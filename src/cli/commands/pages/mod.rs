//! `proviso pages`: lock the sentences of a vendor's page, and see whether a later copy of it still has them.

mod check_page;
mod lock_page;

use crate::cli::context::Context;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_vendors};
use check_page::{CheckArgs, check_page};
use lock_page::{LockArgs, lock_page};
use proviso::contract::page::{self, Document};
use proviso::contract::{Loaded, Vendor};

/// Lock the sentences of a page, or see whether they stand on a later copy of it.
#[derive(Debug, clap::Args)]
pub(crate) struct PagesArgs {
    /// What to do
    #[command(subcommand)]
    command: PagesSubcommand,
}

/// The commands for a page.
#[derive(Debug, clap::Subcommand)]
enum PagesSubcommand {
    /// Lock the sentence of each clause of a page, by its hash
    Lock(LockArgs),
    /// See which sentences stand on a copy of a page, or, without a copy, what is locked
    Check(CheckArgs),
}

/// Locks or checks a page.
pub(crate) fn lock_or_check_page(args: &PagesArgs, context: &mut Context) -> CommandResult {
    match &args.command {
        PagesSubcommand::Lock(args) => lock_page(args, context),
        PagesSubcommand::Check(args) => check_page(args, context),
    }
}

/// Reads the contracts of a vendor.
fn read_vendor(name: &String, context: &mut Context) -> Result<Loaded, CommandError> {
    read_vendors(&context.specs, std::slice::from_ref(name), CheckLevel::Shape, &mut context.output)
}

fn find_vendor<'a>(name: &str, loaded: &'a Loaded) -> Result<&'a Vendor, Problem> {
    loaded.contracts.vendor(name).ok_or_else(|| {
        Problem::new(format_args!("there is no vendor `{name}`")).with_nearest(name, loaded.vendor_names())
    })
}

fn find_page<'a>(page: &str, vendor: &'a Vendor) -> Result<Document<'a>, Problem> {
    page::find_document(vendor, page).ok_or_else(|| {
        let problem = Problem::new(format_args!("no operation of `{}` has a page `{page}`", vendor.name));
        problem.with_nearest(page, page::documents(vendor).into_keys())
    })
}
