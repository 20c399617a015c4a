//! `proviso pages`: lock the sentences of a vendor's page, and see whether they still stand on a later copy of it.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::output::Output;
use crate::cli::table;
use clap::{Subcommand, ValueEnum};
use proviso::contract::page::{self, Change, Checked, Document, Lock, LockedPage, Sealed, Standing};
use proviso::contract::{Loaded, Vendor};
use proviso::report::Exit;
use proviso::report::explain::citations;
use proviso::text::diagnostic::{self, suggest};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Lock the sentences of a page, or see whether they stand on a later copy of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Command {
    /// Lock the sentence of each clause of a page, by its hash
    Lock(LockArgs),
    /// See which sentences stand on a copy of a page, or, without a copy, what is locked
    Check(CheckArgs),
}

/// Lock the sentence of each clause of a page, by its hash.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "The quotes are YAML: for each clause the passage of the page that says so, or `{ absent: why }`\n\
    where the copy has none. Of both only lengths and hashes are kept, in `clauses.lock` beside the\n\
    vendor's contracts.\n\n\
    Examples:\n  proviso pages lock acme --page delete-link --text page.txt --quotes quotes.yaml\n\n\
    Exit codes:\n  0  locked; what has no quote is told\n  2  a quote is not on the page or belongs to no clause; nothing was written\n  \
    3  the lock could not be written"
)]
struct LockArgs {
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

/// See which sentences stand on a copy of a page, or, without a copy, what is locked.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  proviso pages check acme\n  proviso pages check acme --page delete-link --text page.txt\n\n\
    Exit codes:\n  0  every locked sentence stands\n  1  sentences are gone\n  2  the contracts or the lock are wrong"
)]
struct CheckArgs {
    /// The vendor
    #[arg(value_name = "VENDOR")]
    vendor: String,
    /// The page, by its id in the contracts
    #[arg(long, value_name = "ID", requires = "text")]
    page: Option<String>,
    /// The text of a later copy of the page
    #[arg(long, value_name = "FILE", requires = "page")]
    text: Option<PathBuf>,
    /// How what was found is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How what was found is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people; with `-v` the sentences that stand as well
    Text,
    /// One JSON document
    Json,
}

/// Why there is nothing more to do, and what would be right.
struct Stop {
    exit: Exit,
    message: String,
    help: Vec<String>,
}

impl Stop {
    fn wrong(message: impl Into<String>) -> Self {
        Self { exit: Exit::Wrong, message: message.into(), help: Vec::new() }
    }

    fn suggest<'a>(mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        self.help.extend(suggest(word, candidates).map(|near| format!("did you mean `{near}`?")));
        self
    }
}

/// Locks or checks.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let loaded = match contracts::read_unproved(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let done = match &args.command {
        Command::Lock(args) => lock(args, &loaded, output),
        Command::Check(args) => check(args, &loaded, output),
    };
    done.unwrap_or_else(|Stop { exit, message, help }| {
        output.error(&message, &help);
        exit
    })
}

fn vendor<'a>(loaded: &'a Loaded, name: &str) -> Result<&'a Vendor, Stop> {
    let names = loaded.contracts.vendors.iter().map(|vendor| vendor.name.as_str());
    let unknown = || Stop::wrong(format!("there is no vendor `{name}`")).suggest(name, names);
    loaded.contracts.vendor(name).ok_or_else(unknown)
}

fn document<'a>(vendor: &'a Vendor, page: &str) -> Result<Document<'a>, Stop> {
    let unknown = || {
        let message = format!("no operation of `{}` has a page `{page}`", vendor.name);
        Stop::wrong(message).suggest(page, page::documents(vendor).into_keys())
    };
    page::document(vendor, page).ok_or_else(unknown)
}

fn lock(args: &LockArgs, loaded: &Loaded, output: &mut Output) -> Result<Exit, Stop> {
    let vendor = vendor(loaded, &args.vendor)?;
    let document = document(vendor, &args.page)?;
    let copy = page::read(&args.text).map_err(|error| Stop::wrong(error.to_string()))?;
    let quotes = page::quotes(&args.quotes).map_err(|error| Stop::wrong(error.to_string()))?;
    let path = page::lock_path(loaded, vendor);
    let mut lock = Lock::read(&path).map_err(|error| Stop::wrong(error.to_string()))?;
    let sealed = page::seal(&document, &copy, &quotes);
    tell_sealed(&sealed, output);
    let Some(page) = sealed.page else {
        return Err(Stop::wrong(format!("the page `{}` was not locked", args.page)));
    };
    let locked = plural(page.clauses.len(), "clause");
    lock.pages.insert(args.page.clone(), page);
    lock.write(&path).map_err(|error| Stop { exit: Exit::Environment, ..Stop::wrong(error.to_string()) })?;
    output.notice(&format!("locked {locked} of the page `{}` in {}\n", args.page, path.display()));
    Ok(Exit::Fine)
}

fn tell_sealed(sealed: &Sealed, output: &mut Output) {
    for id in &sealed.not_on_page {
        output.error(&format!("the quote of `{id}` does not stand on the page"), &[]);
    }
    for id in &sealed.without_clause {
        output.error(&format!("the page has no clause `{id}`, which the quotes have"), &[]);
    }
    for id in &sealed.without_quote {
        output.notice(&format!("not locked: `{id}` has no quote\n"));
    }
    for id in &sealed.repeated {
        output.notice(&format!(
            "`{id}`: the page has its quote several times, and only when all are gone is it missed\n"
        ));
    }
}

fn check(args: &CheckArgs, loaded: &Loaded, output: &mut Output) -> Result<Exit, Stop> {
    let vendor = vendor(loaded, &args.vendor)?;
    let path = page::lock_path(loaded, vendor);
    let lock = Lock::read(&path).map_err(|error| Stop::wrong(error.to_string()))?;
    let (Some(id), Some(text)) = (&args.page, &args.text) else {
        return Ok(list(vendor, &lock, args.format, loaded, output));
    };
    let document = document(vendor, id)?;
    let not_locked = || Stop {
        help: vec![format!("`proviso pages lock {} --page {id}` locks it", vendor.name)],
        ..Stop::wrong(format!("{} does not have the page `{id}`", path.display()))
    };
    let locked = lock.pages.get(id).ok_or_else(not_locked)?;
    let copy = page::read(text).map_err(|error| Stop::wrong(error.to_string()))?;
    let checked = page::check(locked, document.clauses(), &copy);
    match args.format {
        Format::Json => output.document(&format!("{:#}\n", checked_json(&document, &checked))),
        Format::Text => print_checked(&document, locked, &checked, output),
    }
    Ok(if checked.change == Change::Sentences { Exit::Violated } else { Exit::Fine })
}

fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::Stands => "stands",
        Standing::Altered => "altered",
        Standing::Gone => "gone",
        Standing::NotLocked(_) => "not locked",
    }
}

fn change(change: Change) -> &'static str {
    match change {
        Change::Sentences => "sentences are gone",
        Change::Signs => "every sentence stands, but the signs in some have changed",
        Change::Elsewhere => "every sentence stands; the page has changed elsewhere",
        Change::Nothing => "the page has not changed",
    }
}

/// What a clause says and who rests on it, so that a person sees what to read again.
fn rests(document: &Document<'_>, id: &str) -> (String, Vec<String>) {
    let has = |operation: &&&proviso::contract::Operation| operation.clauses.contains_key(id);
    let operations: Vec<_> = document.operations.iter().filter(has).collect();
    let says = operations.iter().filter_map(|operation| operation.clauses.get(id)).map(|clause| &clause.value.says);
    let cited = operations.iter().flat_map(|operation| {
        let name = &operation.name;
        citations(operation, id).into_iter().map(move |citation| format!("{} {name}/{}", citation.kind, citation.name))
    });
    (says.take(1).cloned().collect(), cited.collect())
}

fn print_checked(document: &Document<'_>, locked: &LockedPage, checked: &Checked, output: &mut Output) {
    let all = output.verbosity > 0;
    let shown = |standing: &Standing| all || *standing != Standing::Stands;
    for (id, standing) in checked.clauses.iter().filter(|(_, standing)| shown(standing)) {
        let (says, cited) = rests(document, id);
        output.print(&format!("{:10}  {id}: {says}\n", word(standing)));
        match standing {
            Standing::NotLocked(why) => {
                output.print(&format!("            {}\n", why.as_deref().unwrap_or("it has no quote")));
            }
            _ if cited.is_empty() => {}
            _ => output.print(&format!("            rests on it: {}\n", cited.join(", "))),
        }
    }
    if !output.quiet {
        let count = |wanted: &str| checked.clauses.iter().filter(|(_, standing)| word(standing) == wanted).count();
        let counts = [("stands", "stand"), ("altered", "altered"), ("gone", "gone"), ("not locked", "not locked")];
        let counts = counts.map(|(one, many)| format!("{} {many}", count(one)));
        let page = &document.page.id;
        output.print(&format!("{page}, read {}: {}; {}\n", locked.read, counts.join(", "), change(checked.change)));
    }
}

fn checked_json(document: &Document<'_>, checked: &Checked) -> Value {
    let clause = |(id, standing): &(String, Standing)| {
        let (says, cited) = rests(document, id);
        let why = if let Standing::NotLocked(why) = standing { why.clone() } else { None };
        json!({ "clause": id, "says": says, "standing": word(standing), "why": why, "cited_by": cited })
    };
    let clauses: Vec<Value> = checked.clauses.iter().map(clause).collect();
    let change = match checked.change {
        Change::Sentences => "sentences",
        Change::Signs => "signs",
        Change::Elsewhere => "elsewhere",
        Change::Nothing => "nothing",
    };
    json!({ "version": 1, "page": document.page.id, "change": change, "clauses": clauses })
}

/// What is locked of each page, and what is wrong with the lock.
fn list(vendor: &Vendor, lock: &Lock, format: Format, loaded: &Loaded, output: &mut Output) -> Exit {
    let mut rows = vec![["page", "read", "clauses", "locked", "absent"].map(str::to_owned).to_vec()];
    let mut pages = Vec::new();
    for (id, document) in page::documents(vendor) {
        let clauses = document.clauses().count();
        let page = lock.pages.get(id);
        let (locked, absent) = page.map_or((0, 0), |page| (page.clauses.len(), page.absent.len()));
        let read = page.map_or("never", |page| page.read.as_str());
        rows.push(vec![id.to_owned(), read.to_owned(), clauses.to_string(), locked.to_string(), absent.to_string()]);
        pages.push(json!({ "page": id, "read": page.map(|page| &page.read), "clauses": clauses, "locked": locked,
                           "absent": page.map(|page| &page.absent) }));
    }
    match format {
        Format::Json => output.document(&format!("{:#}\n", json!({ "version": 1, "pages": pages }))),
        Format::Text => table::lines(&rows).iter().for_each(|line| output.print(&format!("{line}\n"))),
    }
    let mistakes = page::mistakes_of(loaded, vendor);
    output.tell(&diagnostic::text(&mistakes, &loaded.sources, output.error_style));
    if contracts::is_wrong(&mistakes) { Exit::Wrong } else { Exit::Fine }
}
