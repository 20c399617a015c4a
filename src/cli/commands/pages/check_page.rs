//! `proviso pages check`: the sentences that a later copy of a page still has, or what is locked.

use super::{find_page, find_vendor, read_vendor};
use crate::cli::align_columns::align_columns;
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::{CommandResult, Problem};
use crate::cli::read_contracts::has_errors;
use clap::ValueEnum;
use proviso::contract::page::{self, CopyCheck, Document, Lock, LockedPage, PageChange, SentenceState};
use proviso::contract::{Loaded, Vendor};
use proviso::report::Exit;
use proviso::report::explain::citations;
use proviso::text::diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Find the sentences that have changed on a copy of a page, or, without a copy, list what is locked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso pages check acme\n  proviso pages check acme --page delete-link --text page.txt",
    &[
        (Exit::Fine, "every locked sentence is unchanged"),
        (Exit::Violated, "sentences are gone, or their punctuation has changed"),
        (Exit::Wrong, "the contracts or the lock are wrong"),
    ],
))]
pub(super) struct CheckArgs {
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
    format: PagesFormat,
}

/// The forms in which what was found is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PagesFormat {
    /// For people; with `-v` the unchanged sentences as well
    Text,
    /// One JSON document
    Json,
}

/// Checks a copy of a page, or shows what is locked.
pub(super) fn check_page(args: &CheckArgs, context: &mut Context) -> CommandResult {
    let loaded = read_vendor(&args.vendor, context)?;
    let output = &mut context.output;
    let vendor = find_vendor(&args.vendor, &loaded)?;
    let path = page::lock_path(&loaded, vendor);
    let lock = Lock::read(&path).map_err(Problem::new)?;
    let (Some(id), Some(text)) = (&args.page, &args.text) else {
        return show_locked(vendor, &lock, args.format, &loaded, output);
    };
    let document = find_page(id, vendor)?;
    let locked = lock.pages.get(id).ok_or_else(|| {
        Problem::new(format_args!("{} does not have the page `{id}`", path.display()))
            .with_help(format!("`proviso pages lock {} --page {id}` locks it", vendor.name))
    })?;
    let copy = page::read_copy(text).map_err(Problem::new)?;
    let checked = page::check_copy(locked, document.clauses(), &copy);
    let clauses: Vec<_> =
        checked.clauses.iter().map(|(id, standing)| CheckedClause::new(&document, id, standing)).collect();
    match args.format {
        PagesFormat::Json => {
            let change = change_word(checked.change);
            output.print_json(&CheckedDocument { version: 1, page: &document.page.id, change, clauses })?;
        }
        PagesFormat::Text => print_checked(&clauses, (&document, locked, &checked), output),
    }
    Ok(match checked.change {
        PageChange::Sentences | PageChange::Signs => Exit::Violated,
        PageChange::Elsewhere | PageChange::Nothing => Exit::Fine,
    })
}

/// The result as one JSON document.
#[derive(Serialize)]
struct CheckedDocument<'a> {
    change: &'static str,
    clauses: Vec<CheckedClause<'a>>,
    page: &'a str,
    version: u32,
}

/// A clause with what rests on it, so that a person sees what to read again.
#[derive(Serialize)]
struct CheckedClause<'a> {
    cited_by: Vec<String>,
    clause: &'a str,
    says: &'a str,
    standing: &'static str,
    why: Option<&'a str>,
}

impl<'a> CheckedClause<'a> {
    fn new(document: &Document<'a>, id: &'a str, standing: &'a SentenceState) -> Self {
        let mut says = None;
        let mut cited_by = Vec::new();
        for operation in &document.operations {
            let Some(clause) = operation.clauses.get(id) else { continue };
            says.get_or_insert(clause.value.says.as_str());
            for citation in citations(operation, id) {
                cited_by.push(format!("{} {}/{}", citation.kind, operation.name, citation.name));
            }
        }
        let why = if let SentenceState::NotLocked(why) = standing { why.as_deref() } else { None };
        Self { clause: id, says: says.unwrap_or(""), standing: standing_word(standing), why, cited_by }
    }

    fn print(&self, standing: &SentenceState, output: &mut Output) {
        output.print(&format!("{:10}  {}: {}\n", self.standing, self.clause, self.says));
        match standing {
            SentenceState::NotLocked(_) => {
                output.print(&format!("            {}\n", self.why.unwrap_or("it has no quote")));
            }
            SentenceState::Fewer { there, locked } => {
                output.print(&format!("            the page had it {locked} times, and has it {there} times now\n"));
                self.print_citations(output);
            }
            _ => self.print_citations(output),
        }
    }

    fn print_citations(&self, output: &mut Output) {
        if !self.cited_by.is_empty() {
            output.print(&format!("            rests on it: {}\n", self.cited_by.join(", ")));
        }
    }
}

fn standing_word(standing: &SentenceState) -> &'static str {
    match standing {
        SentenceState::Unchanged => "unchanged",
        SentenceState::Altered => "altered",
        SentenceState::Fewer { .. } => "fewer",
        SentenceState::Gone => "gone",
        SentenceState::NotLocked(_) => "not locked",
    }
}

fn change_word(change: PageChange) -> &'static str {
    match change {
        PageChange::Sentences => "sentences",
        PageChange::Signs => "signs",
        PageChange::Elsewhere => "elsewhere",
        PageChange::Nothing => "nothing",
    }
}

fn describe_change(change: PageChange) -> &'static str {
    match change {
        PageChange::Sentences => "sentences are gone",
        PageChange::Signs => "the punctuation in some sentences has changed",
        PageChange::Elsewhere => "every sentence is unchanged; the page has changed elsewhere",
        PageChange::Nothing => "the page has not changed",
    }
}

fn print_checked(
    clauses: &[CheckedClause<'_>],
    (document, locked, checked): (&Document<'_>, &LockedPage, &CopyCheck),
    output: &mut Output,
) {
    let all = output.verbosity > 0;
    for (clause, (_, standing)) in clauses.iter().zip(&checked.clauses) {
        if all || *standing != SentenceState::Unchanged {
            clause.print(standing, output);
        }
    }
    if !output.quiet {
        let counts = ["unchanged", "altered", "fewer", "gone", "not locked"].map(|word| {
            let number = clauses.iter().filter(|clause| clause.standing == word).count();
            format!("{number} {word}")
        });
        let (page, change) = (&document.page.id, describe_change(checked.change));
        output.print(&format!("{page}, read {}: {}; {change}\n", locked.read, counts.join(", ")));
    }
}

/// The locks of all pages, as one JSON document.
#[derive(Serialize)]
struct LockedDocument<'a> {
    pages: Vec<PageLock<'a>>,
    version: u32,
}

/// The lock of a page.
#[derive(Serialize)]
struct PageLock<'a> {
    absent: Option<&'a BTreeMap<String, String>>,
    clauses: usize,
    locked: usize,
    page: &'a str,
    read: Option<&'a str>,
}

impl<'a> PageLock<'a> {
    fn new(id: &'a str, document: &Document<'_>, locked: Option<&'a LockedPage>) -> Self {
        Self {
            page: id,
            read: locked.map(|page| page.read.as_str()),
            clauses: document.clauses().count(),
            locked: locked.map_or(0, |page| page.clauses.len()),
            absent: locked.map(|page| &page.absent),
        }
    }

    fn cells(&self) -> Vec<String> {
        let absent = self.absent.map_or(0, BTreeMap::len);
        let numbers = [self.clauses, self.locked, absent].map(|number| number.to_string());
        [self.page, self.read.unwrap_or("never")].map(str::to_owned).into_iter().chain(numbers).collect()
    }
}

/// Shows what is locked of each page, and what is wrong with the lock.
fn show_locked(
    vendor: &Vendor,
    lock: &Lock,
    format: PagesFormat,
    loaded: &Loaded,
    output: &mut Output,
) -> CommandResult {
    let documents = page::documents(vendor);
    let pages: Vec<_> =
        documents.iter().map(|(id, document)| PageLock::new(id, document, lock.pages.get(*id))).collect();
    match format {
        PagesFormat::Json => output.print_json(&LockedDocument { version: 1, pages })?,
        PagesFormat::Text => {
            let mut rows = vec![["page", "read", "clauses", "locked", "absent"].map(str::to_owned).to_vec()];
            rows.extend(pages.iter().map(PageLock::cells));
            align_columns(&rows).iter().for_each(|line| output.print(&format!("{line}\n")));
        }
    }
    let mistakes = page::lock_mistakes_of(loaded, vendor);
    output.eprint(&diagnostic::render_text(&mistakes, &loaded.sources, output.error_style));
    Ok(if has_errors(&mistakes) { Exit::Wrong } else { Exit::Fine })
}
