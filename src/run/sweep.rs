//! Finishing what runs left undone that were killed: every ledger that no living process holds is taken, and what is open in it removed.

use crate::run::engine::Engine;
use crate::run::ledger::{self, Entry, Taken};
use crate::run::left::name;
use crate::run::party::Party;
use crate::run::told::Teller;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What to sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweeping {
    /// Tell what would be removed, and send nothing.
    pub dry_run: bool,
    /// Only what runs left that began so long ago.
    pub older_than: Option<Duration>,
    /// Leave what was made elsewhere than at the parties of this sweep unmentioned, since one target is meant.
    pub only_parties: bool,
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
    pub mark: Option<String>,
    /// The ledger that speaks of it.
    pub ledger: PathBuf,
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
    /// How many ledgers were left alone, since a living process holds them.
    pub held: usize,
    /// How many ledgers were left alone, since they are too young.
    pub young: usize,
}

impl Swept {
    /// Whether nothing of ours can be left that is known here.
    pub fn is_clean(&self) -> bool {
        self.remaining.is_empty() && self.unreadable.is_empty()
    }
}

/// A vendor and a place at which something of ours may be left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftAt {
    /// The vendor.
    pub vendor: String,
    /// The target as it was named.
    pub target: String,
    /// Scheme, host, port and perhaps a path.
    pub origin: String,
}

/// Where something of ours may be left, as far as the ledgers that can be read tell.
pub fn left_at(state: &Path) -> BTreeSet<LeftAt> {
    let ledgers = ledger::all(state).unwrap_or_default();
    let entries = ledgers.iter().filter_map(|path| ledger::look(path)).flatten();
    let place = |entry: Entry| {
        let intent = entry.intent;
        LeftAt { vendor: intent.vendor, target: intent.target, origin: intent.origin }
    };
    entries.map(place).collect()
}

/// Removes what killed runs have left at these parties. Requests go nowhere else, whatever a ledger says.
pub async fn sweep<'a>(engine: &Engine<'a>, parties: &[Party<'a>], state: &Path, settings: &Sweeping) -> Swept {
    let mut swept = Swept::default();
    let ledgers = match ledger::all(state) {
        Ok(ledgers) => ledgers,
        Err(error) => {
            swept.unreadable.push((state.to_owned(), error.to_string()));
            return swept;
        }
    };
    for path in ledgers {
        match ledger::take(&path) {
            Taken::Held => swept.held += 1,
            Taken::Unreadable(why) => swept.unreadable.push((path, why)),
            Taken::Ours(_, started) if is_young(&started, settings.older_than) => swept.young += 1,
            Taken::Ours(ledger, _) => {
                for party in parties.iter().filter(|party| !party.destination.embedded && !settings.dry_run) {
                    let gone = engine.clear(party, &ledger).await;
                    swept.removed.extend(gone.iter().map(|entry| leftover(entry, &path, None)));
                }
                for entry in ledger.open() {
                    let party = parties.iter().find(|party| engine.is_at(party, &entry));
                    swept.count(&entry, &path, party, settings, &engine.teller);
                }
                ledger.close();
            }
        }
    }
    swept
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
            None if settings.only_parties => {}
            None => self.remaining.push(leftover(entry, path, Some(elsewhere(entry)))),
        }
    }
}

/// Whether a vendor can be asked for what an entry speaks of.
fn is_findable(party: &Party<'_>, entry: &Entry) -> bool {
    let resource = party.vendor.file.resources.get(&entry.intent.resource);
    let listed = resource.is_some_and(|resource| resource.sweep.is_some());
    entry.id.is_some() || entry.intent.doubtful || listed && entry.intent.mark.is_some()
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

/// Whether a run began too lately; one that did not come to say when has made nothing.
fn is_young(started: &str, older_than: Option<Duration>) -> bool {
    let began = humantime::parse_rfc3339(started).ok();
    let age = began.map(|began| SystemTime::now().duration_since(began).unwrap_or_default());
    older_than.zip(age).is_some_and(|(least, age)| age < least)
}

fn elsewhere(entry: &Entry) -> String {
    format!("this sweep asks nobody at {}; name it with --target", entry.intent.origin)
}

fn leftover(entry: &Entry, ledger: &Path, why: Option<String>) -> Leftover {
    let Entry { intent, id, .. } = entry;
    Leftover {
        vendor: intent.vendor.clone(),
        origin: intent.origin.clone(),
        resource: intent.resource.clone(),
        id: id.clone(),
        mark: intent.mark.clone(),
        ledger: ledger.to_owned(),
        name: name(intent, id.as_deref()),
        why,
    }
}
