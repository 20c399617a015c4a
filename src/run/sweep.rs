//! Finishing what runs left undone that were killed: every ledger that no living process holds is taken, and what is open in it removed.

use crate::run::engine::Engine;
use crate::run::ledger::{self, Entry, Ledger, Taken};
use crate::run::left::name;
use crate::run::mark::Mark;
use crate::run::marked::Marked;
use crate::run::party::Party;
use crate::run::shell::quoted;
use crate::run::told::Teller;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweeping {
    /// Tell what would be removed, and send nothing.
    pub dry_run: bool,
    /// How the vendors' lists are looked through for marks; nothing where only ledgers count.
    pub look: Option<Look>,
}

/// How a vendor's lists are looked through.
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
    /// Where it was made.
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
    /// Why it is still there, if it is.
    pub why: Option<String>,
}

/// What a sweep came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// What is gone now; in a dry run, what would be.
    pub removed: Vec<Leftover>,
    /// What remains, or may remain: then the sweep was no success.
    pub remaining: Vec<Leftover>,
    /// The ledgers that cannot be acted on, and why; nor is such a sweep a success.
    pub unreadable: Vec<(PathBuf, String)>,
    /// What was made where no party of this sweep is, as the ledgers name it.
    pub elsewhere: Vec<Leftover>,
    /// What could not be looked at; then too the sweep was no success.
    pub unseen: Vec<Unseen>,
    /// What a dry run did not ask for, but a sweep would.
    pub unasked: Vec<String>,
    /// How many ledgers there were.
    pub ledgers: usize,
    /// How many of them were left alone, since a living process holds them.
    pub held: usize,
    /// How many things with a mark were left alone, since their run began too lately or is going on.
    pub young: usize,
}

/// A kind of resource that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Which, and where.
    pub name: String,
    /// Why.
    pub why: String,
}

impl Swept {
    /// Whether everything was looked at that was to be, and nothing of ours can be left.
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
    /// Where it was made.
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

/// Where something of ours may be left, as far as the ledgers that can be read tell.
pub fn left_at(state: &Path) -> BTreeSet<LeftAt> {
    let ledgers = ledger::all(state).unwrap_or_default();
    let entries = ledgers.iter().filter_map(|path| ledger::look(path)).flat_map(|account| account.open.into_values());
    entries.map(|entry| LeftAt { vendor: entry.intent.vendor, origin: entry.intent.origin }).collect()
}

/// Removes what killed runs have left at these parties: what the ledgers name, then what the vendors' lists show, where
/// that is asked for. Requests go nowhere else, whatever a ledger says.
pub async fn sweep<'a>(engine: &Engine<'a>, parties: &[Party<'a>], state: &Path, settings: &Sweeping) -> Swept {
    let mut swept = Swept::default();
    let ledgers = match ledger::all(state) {
        Ok(ledgers) => ledgers,
        Err(error) => {
            swept.unreadable.push((state.to_owned(), error.to_string()));
            return swept;
        }
    };
    swept.ledgers = ledgers.len();
    let (mut alive, mut led_to) = (BTreeSet::new(), BTreeSet::new());
    for path in ledgers {
        match ledger::take(&path) {
            Taken::Held => {
                swept.held += 1;
                alive.extend(ledger::look(&path).and_then(|account| account.run));
            }
            Taken::Unreadable(why) => swept.unreadable.push((path, why)),
            Taken::Ours(ledger) => {
                let named = |party: &Party<'_>| ledger.open().iter().any(|entry| engine.is_at(party, entry));
                led_to.extend(parties.iter().enumerate().filter(|(_, party)| named(party)).map(|(index, _)| index));
                engine.clear_all(parties, &ledger, &path, settings, &mut swept).await;
                ledger.close();
            }
        }
    }
    if let Some(look) = settings.look {
        let marked = Marked { look, alive: &alive, dry_run: settings.dry_run };
        for (index, party) in parties.iter().enumerate().filter(|(_, party)| !party.destination.embedded) {
            if look.always || !led_to.contains(&index) {
                engine.look_through(party, &marked, &mut swept).await;
            }
        }
    }
    swept
}

impl<'a> Engine<'a> {
    /// Removes what a ledger has open at all parties, and takes note of what that came to.
    async fn clear_all(
        &self,
        parties: &[Party<'a>],
        ledger: &Ledger,
        path: &Path,
        settings: &Sweeping,
        swept: &mut Swept,
    ) {
        for party in parties.iter().filter(|party| !party.destination.embedded && !settings.dry_run) {
            let gone = self.clear(party, ledger).await;
            swept.removed.extend(gone.iter().map(|entry| leftover(entry, path, None)));
        }
        for entry in ledger.open() {
            let party = parties.iter().find(|party| self.is_at(party, &entry));
            swept.count(&entry, path, party, settings, &self.teller);
        }
    }
}

impl Swept {
    /// Takes note of what is still open after its vendor was asked, if it was.
    fn count(
        &mut self,
        entry: &Entry,
        path: &Path,
        party: Option<&Party<'_>>,
        settings: &Sweeping,
        teller: &Teller<'_>,
    ) {
        match party {
            Some(party) if settings.dry_run && is_findable(party, entry) => {
                self.removed.push(leftover(entry, path, None));
            }
            Some(_) => self.remaining.push(leftover(entry, path, Some(teller.text(&unfound(entry))))),
            None => self.elsewhere.push(leftover(entry, path, None)),
        }
    }
}

/// Whether a vendor can be asked for what an entry speaks of.
fn is_findable(party: &Party<'_>, entry: &Entry) -> bool {
    let resource = party.vendor.file.resources.get(&entry.intent.resource);
    let shows_marks = resource.is_some_and(|resource| resource.sweep.is_some());
    let known = if shows_marks { entry.intent.mark.is_some() } else { entry.id.is_some() };
    entry.intent.doubtful || known
}

/// Why something remains after its vendor was asked.
fn unfound(entry: &Entry) -> String {
    let unlisted = || match entry.intent.mark {
        Some(_) => {
            format!("no documented call of {} lists such things, so look for the mark there", entry.intent.vendor)
        }
        None => "nothing in it tells it from others".to_owned(),
    };
    entry.why.clone().unwrap_or_else(unlisted)
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
        name: name(intent, id.as_deref()),
        why,
    }
}
