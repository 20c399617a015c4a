//! Finishing what runs left undone that were killed: every ledger that no living process holds is taken, and what is open in it removed.

use crate::run::ledger::{self, Entry, Ledger, Taken};
use crate::run::ledger_sweep::{is_at, sweep_ledger};
use crate::run::mark::Mark;
use crate::run::mark_sweep::MarkSweep;
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::shell::quoted;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The extent of a sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweeping {
    /// Tell what would be removed, and send nothing.
    pub dry_run: bool,
    /// The way in which the vendors' lists are looked through for marks; nothing where only ledgers count.
    pub look: Option<Look>,
}

/// The way in which a vendor's lists are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Also where a ledger of this folder has led to the vendor.
    pub always: bool,
    /// Only for marks of runs that began so long ago.
    pub older_than: Duration,
}

/// Something that a run has made, or may have made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The vendor.
    pub vendor: String,
    /// The place where it was made.
    pub origin: String,
    /// The kind of resource.
    pub resource: String,
    /// Its id, if it is known.
    pub id: Option<String>,
    /// The mark that it holds, if it holds one.
    pub mark: Option<Mark>,
    /// The ledger that names it, if one does.
    pub ledger: Option<PathBuf>,
    /// All that in words: what it is, and where.
    pub name: String,
    /// The reason why it is still there, if it is.
    pub why: Option<String>,
}

/// The result of a sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SweepResult {
    /// The things that are gone now; in a dry run, those that would be.
    pub removed: Vec<Leftover>,
    /// The things that remain, or may remain: then the sweep was not a success.
    pub remaining: Vec<Leftover>,
    /// The ledgers that cannot be acted on, and why; nor is such a sweep a success.
    pub unreadable: Vec<(PathBuf, String)>,
    /// The things that were made where this sweep has no party, as the ledgers name them.
    pub elsewhere: Vec<Leftover>,
    /// The kinds of things that could not be looked at; then too the sweep was not a success.
    pub unseen: Vec<Unseen>,
    /// The kinds of things that a dry run did not ask for, but a sweep would.
    pub unasked: Vec<String>,
    /// The number of ledgers.
    pub ledgers: usize,
    /// The number of ledgers that were not touched, since a living process holds them.
    pub held: usize,
    /// The number of marked things that were not touched, since their run began too lately or is going on.
    pub young: usize,
}

/// A kind of resource that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Which, and where.
    pub name: String,
    /// The reason.
    pub why: String,
}

impl SweepResult {
    /// Returns whether everything was looked at that was to be, and nothing of ours can be left.
    pub fn is_clean(&self) -> bool {
        self.remaining.is_empty() && self.unreadable.is_empty() && self.unseen.is_empty()
    }
}

/// A vendor and a place at which something of ours may be left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftAt {
    /// The vendor.
    pub vendor: String,
    /// Scheme, host, port and perhaps a path.
    pub origin: String,
}

impl Leftover {
    /// The place where it was made.
    pub fn place(&self) -> LeftAt {
        LeftAt { vendor: self.vendor.clone(), origin: self.origin.clone() }
    }
}

impl LeftAt {
    /// The command that sweeps there, which a shell can be given as it is.
    pub fn command(&self) -> String {
        let Self { vendor, origin } = self;
        format!("proviso sweep --target {}", quoted(&format!("{vendor}={origin}")))
    }
}

/// The place where something of ours may be left, as far as the ledgers that can be read tell.
pub fn left_at(state: &Path) -> BTreeSet<LeftAt> {
    let ledgers = ledger::all(state).unwrap_or_default();
    let entries = ledgers.iter().filter_map(|path| ledger::look(path)).flat_map(|account| account.open.into_values());
    entries.map(|entry| LeftAt { vendor: entry.intent.vendor, origin: entry.intent.origin }).collect()
}

/// Removes what killed runs have left at these parties: what the ledgers name, then what the vendors' lists show, where
/// that is asked for. Requests go nowhere else, whatever a ledger says.
pub async fn sweep<'a>(run: &RunContext<'a>, parties: &[Party<'a>], state: &Path, settings: &Sweeping) -> SweepResult {
    let mut result = SweepResult::default();
    let ledgers = match ledger::all(state) {
        Ok(ledgers) => ledgers,
        Err(error) => {
            result.unreadable.push((state.to_owned(), error.to_string()));
            return result;
        }
    };
    result.ledgers = ledgers.len();
    let (mut alive, mut led_to) = (BTreeSet::new(), BTreeSet::new());
    for path in ledgers {
        match ledger::take(&path) {
            Taken::Held => {
                result.held += 1;
                alive.extend(ledger::look(&path).and_then(|account| account.run));
            }
            Taken::Unreadable(why) => result.unreadable.push((path, why)),
            Taken::Ours(ledger) => {
                let named = |party: &Party<'_>| ledger.open().iter().any(|entry| is_at(run, party, entry));
                led_to.extend(parties.iter().enumerate().filter(|(_, party)| named(party)).map(|(index, _)| index));
                clear_ledger(run, parties, &ledger, &path, settings, &mut result).await;
                ledger.close();
            }
        }
    }
    if let Some(look) = settings.look {
        for (index, party) in parties.iter().enumerate().filter(|(_, party)| !party.destination.embedded) {
            if look.always || !led_to.contains(&index) {
                let sweep = MarkSweep { run, party, look, alive: &alive, dry_run: settings.dry_run };
                sweep.look_through(&mut result).await;
            }
        }
    }
    result
}

/// Removes what a ledger has open at all parties, and takes note of what that came to.
async fn clear_ledger<'a>(
    run: &RunContext<'a>,
    parties: &[Party<'a>],
    ledger: &Ledger,
    path: &Path,
    settings: &Sweeping,
    result: &mut SweepResult,
) {
    for party in parties.iter().filter(|party| !party.destination.embedded && !settings.dry_run) {
        let gone = sweep_ledger(run, party, ledger).await;
        result.removed.extend(gone.iter().map(|entry| leftover(entry, path, None)));
    }
    for entry in ledger.open() {
        match parties.iter().find(|party| is_at(run, party, &entry)) {
            Some(party) if settings.dry_run && is_findable(party, &entry) => {
                result.removed.push(leftover(&entry, path, None));
            }
            Some(_) => result.remaining.push(leftover(&entry, path, Some(run.teller.text(&unfound(&entry))))),
            None => result.elsewhere.push(leftover(&entry, path, None)),
        }
    }
}

/// Returns whether a vendor can be asked for what an entry speaks of.
fn is_findable(party: &Party<'_>, entry: &Entry) -> bool {
    let resource = party.vendor.file.resources.get(&entry.intent.resource);
    let shows_marks = resource.is_some_and(|resource| resource.sweep.is_some());
    let known = if shows_marks { entry.intent.mark.is_some() } else { entry.id.is_some() };
    entry.intent.doubtful || known
}

/// The reason why something remains after its vendor was asked.
fn unfound(entry: &Entry) -> String {
    match (&entry.why, entry.intent.mark) {
        (Some(why), _) => why.clone(),
        (None, Some(_)) => {
            format!("no documented call of {} lists such things, so look for the mark there", entry.intent.vendor)
        }
        (None, None) => "nothing in it tells it from others".to_owned(),
    }
}

fn leftover(entry: &Entry, ledger: &Path, why: Option<String>) -> Leftover {
    let Entry { intent, id, .. } = entry;
    Leftover {
        vendor: intent.vendor.clone(),
        origin: intent.origin.clone(),
        resource: intent.resource.clone(),
        id: id.clone(),
        mark: intent.mark,
        ledger: Some(ledger.to_owned()),
        name: intent.words(id.as_deref()),
        why,
    }
}
