//! What runs make, written down before it is made, so that a run that was killed leaves nothing behind that nobody knows of.
//!
//! Every run has a file of its own, `ledger/<run>.jsonl` in the folder of what runs remember, which it holds locked as long as it
//! lives. Before a request is sent that may make something, its intent is written and synced, with the mark that the request
//! carries; then comes the id that the vendor gave, and at last that it is gone. A ledger in which nothing is open is deleted.

mod book;
mod line;

use crate::run::mark::{Mark, RunId};
use book::{Book, ledgers};
use line::{Line, VERSION};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tokio::sync::{Mutex, watch};

pub(super) use line::{Account, Entry, Intent};

/// The things that a run has made and not removed yet, in memory and in its file.
pub(super) struct Ledger {
    /// The folder of what runs remember, and the run; without a folder, everything is kept in memory alone.
    state: Option<(PathBuf, RunId)>,
    /// The file, from the first intent on.
    book: RefCell<Option<Book>>,
    /// The reason why nothing more may be made, once something could not be written.
    broken: RefCell<Option<String>>,
    open: RefCell<BTreeMap<u64, Entry>>,
    last: Cell<u64>,
    /// The number of times that lines were added.
    added: Cell<u64>,
    /// The number of these additions that are known to be on the disk; locked while that is seen to.
    synced: Mutex<u64>,
    /// The number of requests under way that may make something.
    flying: watch::Sender<usize>,
}

/// A request that may make something, while it is under way.
pub(super) struct Flight<'a> {
    ledger: &'a Ledger,
    /// Its intents, by number.
    pub numbers: Vec<u64>,
    /// True if it may have been sent.
    sent: bool,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if !self.sent {
            self.numbers.iter().for_each(|number| self.ledger.nothing(*number, "not sent"));
        }
        self.ledger.flying.send_modify(|flying| *flying -= 1);
    }
}

impl Ledger {
    /// The ledger of a run that has made nothing.
    pub(super) fn new(state: Option<PathBuf>, run: RunId) -> Self {
        Self { state: state.map(|state| (state, run)), ..Self::in_memory() }
    }

    fn in_memory() -> Self {
        Self {
            state: None,
            book: RefCell::new(None),
            broken: RefCell::default(),
            open: RefCell::default(),
            last: Cell::new(0),
            added: Cell::new(0),
            synced: Mutex::new(0),
            flying: watch::Sender::new(0),
        }
    }

    /// Writes intents down; when this returns they are on the disk, and the request may be sent.
    pub(super) async fn intend(&self, intents: Vec<Intent>) -> Result<Flight<'_>, String> {
        if let Some(why) = self.broken() {
            return Err(why);
        }
        let number = |mut intent: Intent| {
            intent.number = self.last.get() + 1;
            self.last.set(intent.number);
            intent
        };
        let intents: Vec<Intent> = intents.into_iter().map(number).collect();
        let numbers = intents.iter().map(|intent| intent.number).collect();
        let lines: Vec<Line> = intents.iter().cloned().map(Line::Intent).collect();
        self.ready().and_then(|()| self.write(&lines)).map_err(|error| self.give_up(&error))?;
        for intent in intents {
            self.open.borrow_mut().insert(intent.number, Entry { intent, ..Entry::default() });
        }
        self.flying.send_modify(|flying| *flying += 1);
        let mut flight = Flight { ledger: self, numbers, sent: false };
        self.sync().await.map_err(|error| self.give_up(&error))?;
        flight.sent = true;
        Ok(flight)
    }

    /// Writes the id down that the vendor gave; when this returns it is on the disk.
    pub(super) async fn made(&self, number: u64, id: &str) {
        if let Some(entry) = self.open.borrow_mut().get_mut(&number) {
            entry.id = Some(id.to_owned());
        }
        let line = Line::Made { number, id: id.to_owned() };
        let written = match self.write(&[line]) {
            Ok(()) => self.sync().await,
            Err(error) => Err(error),
        };
        // It is known here, and its mark is on the disk; but nothing more is made.
        if let Err(error) = written {
            self.give_up(&error);
        }
    }

    /// Writes the answer down that gave no id by the contract; one that is mended may find it there.
    pub(super) fn answered(&self, number: u64, answer: &str) {
        self.heed(&Line::Answered { number, answer: answer.to_owned() });
        if let Some(entry) = self.open.borrow_mut().get_mut(&number) {
            entry.answer = Some(answer.to_owned());
        }
    }

    /// Takes note of an id that a mended contract finds in the answer that was written down.
    pub(super) fn identified(&self, number: u64, id: &str) {
        self.heed(&Line::Made { number, id: id.to_owned() });
        if let Some(entry) = self.open.borrow_mut().get_mut(&number) {
            entry.id = Some(id.to_owned());
        }
    }

    /// Keeps in mind that a vendor may have made another of what an intent speaks of.
    pub(super) fn doubt(&self, number: u64) {
        let Some(entry) = self.open.borrow().get(&number).cloned() else { return };
        self.last.set(self.last.get() + 1);
        let intent = Intent { number: self.last.get(), doubtful: true, ..entry.intent };
        self.heed(&Line::Intent(intent.clone()));
        self.open.borrow_mut().insert(intent.number, Entry { intent, ..Entry::default() });
    }

    /// Keeps in mind that the vendor has shown a thing as made by the request that carried a mark.
    pub(super) fn shown(&self, vendor: &str, resource: &str, id: &str, mark: Option<Mark>) {
        for number in self.marked(vendor, resource, id, mark) {
            self.open.borrow_mut().entry(number).and_modify(|entry| entry.seen = true);
        }
    }

    /// Takes note that the request that carried a mark was answered with a thing that it has not made.
    pub(super) fn older(&self, vendor: &str, resource: &str, id: &str, mark: Option<Mark>) {
        for number in self.marked(vendor, resource, id, mark) {
            self.nothing(number, "answered with an older thing");
        }
    }

    fn marked(&self, vendor: &str, resource: &str, id: &str, mark: Option<Mark>) -> Vec<u64> {
        let mut numbers = self.numbers(vendor, resource, id);
        numbers.retain(|number| self.open.borrow().get(number).is_some_and(|entry| entry.intent.mark == mark));
        numbers
    }

    /// Takes note of the things that were found under the mark of an intent.
    pub(super) fn found(&self, number: u64, ids: &[String]) {
        let Some(entry) = self.open.borrow().get(&number).cloned() else { return };
        for (index, id) in ids.iter().enumerate() {
            let mut intent = entry.intent.clone();
            if index > 0 {
                self.last.set(self.last.get() + 1);
                intent.number = self.last.get();
                self.heed(&Line::Intent(intent.clone()));
            }
            self.heed(&Line::Made { number: intent.number, id: id.clone() });
            self.open
                .borrow_mut()
                .insert(intent.number, Entry { intent, id: Some(id.clone()), seen: true, ..Entry::default() });
        }
    }

    /// Takes note that a request made nothing.
    pub(super) fn nothing(&self, number: u64, why: &str) {
        self.heed(&Line::Nothing { number, why: why.to_owned() });
        self.open.borrow_mut().remove(&number);
    }

    /// Takes note of the state in which something is now.
    pub(super) fn moved(&self, vendor: &str, resource: &str, id: &str, state: &str) {
        for number in self.numbers(vendor, resource, id) {
            self.heed(&Line::State { number, state: state.to_owned() });
            if let Some(entry) = self.open.borrow_mut().get_mut(&number) {
                state.clone_into(&mut entry.intent.state);
            }
        }
    }

    /// Takes note that something is gone.
    pub(super) fn removed(&self, vendor: &str, resource: &str, id: &str) {
        for number in self.numbers(vendor, resource, id) {
            self.heed(&Line::Removed { number });
            self.open.borrow_mut().remove(&number);
        }
    }

    /// Keeps in mind why something is still there.
    pub(super) fn remains(&self, number: u64, why: &str) {
        if let Some(entry) = self.open.borrow_mut().get_mut(&number) {
            entry.why = Some(why.to_owned());
        }
    }

    /// The things that may still be there, oldest first.
    pub(super) fn open(&self) -> Vec<Entry> {
        self.open.borrow().values().cloned().collect()
    }

    /// The number of entries that are open.
    pub(super) fn count_open(&self) -> usize {
        self.open.borrow().len()
    }

    /// The kind of resource that an open intent is about.
    pub(super) fn resource_of(&self, number: u64) -> Option<String> {
        self.open.borrow().get(&number).map(|entry| entry.intent.resource.clone())
    }

    /// Makes sure that what is made can be written down, before anything is.
    pub(super) fn prepare(&self) -> Result<(), String> {
        self.ready().map_err(|error| self.give_up(&error))
    }

    /// The reason why nothing may be made, if so.
    pub(super) fn broken(&self) -> Option<String> {
        self.broken.borrow().clone()
    }

    /// Returns when no request is under way that may make something.
    pub(super) async fn landed(&self) {
        // The sender lives as long as the ledger, so that waiting does not fail.
        let _ = self.flying.subscribe().wait_for(|flying| *flying == 0).await;
    }

    /// Lets the file go, and deletes it if nothing is open; where it stands if something is.
    pub(super) fn close(&self) -> Option<PathBuf> {
        let book = self.book.borrow_mut().take()?;
        if !self.open.borrow().is_empty() {
            return Some(book.path);
        }
        // What is left of it says that nothing is open, and the next sweep deletes it.
        let _ = book.delete();
        None
    }

    fn numbers(&self, vendor: &str, resource: &str, id: &str) -> Vec<u64> {
        let is = |entry: &Entry| {
            entry.id.as_deref() == Some(id) && entry.intent.resource == resource && entry.intent.vendor == vendor
        };
        self.open.borrow().iter().filter(|(_, entry)| is(entry)).map(|(number, _)| *number).collect()
    }

    /// Opens the file, if there is to be one and is none yet.
    fn ready(&self) -> io::Result<()> {
        let mut book = self.book.borrow_mut();
        if let Some((state, run)) = self.state.as_ref().filter(|_| book.is_none()) {
            let started = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
            let name = format!("{}-{run}", started.replace([':', '-'], ""));
            let first = Line::Ledger { version: VERSION, run: *run, started };
            *book = Some(Book::create(state, &name, &first)?);
        }
        Ok(())
    }

    fn write(&self, lines: &[Line]) -> io::Result<()> {
        let mut book = self.book.borrow_mut();
        self.added.set(self.added.get() + 1);
        book.as_mut().map_or(Ok(()), |book| book.append(lines))
    }

    /// Writes what need not be on the disk at once: without it, something is only looked for that is gone.
    fn heed(&self, line: &Line) {
        let _ = self.write(std::slice::from_ref(line));
    }

    /// Sees to it that everything written so far is on the disk; many who ask at once wait for one sync.
    async fn sync(&self) -> io::Result<()> {
        let mine = self.added.get();
        let mut synced = self.synced.lock().await;
        let Some(file) = self.book.borrow().as_ref().map(|book| book.file.clone()).filter(|_| *synced < mine) else {
            return Ok(());
        };
        let added = self.added.get();
        tokio::task::spawn_blocking(move || file.sync_data()).await.map_err(io::Error::other)??;
        *synced = added;
        Ok(())
    }

    /// Remembers that nothing more may be made, and why.
    fn give_up(&self, error: &io::Error) -> String {
        let state = self.state.as_ref().map_or(Path::new(""), |(state, _)| state);
        let place = state.join("ledger");
        let why = format!("what is made could not be written down in {}: {error}", place.display());
        self.broken.borrow_mut().get_or_insert(why).clone()
    }
}

/// Tries whether a run could write down what it makes, and leaves no file behind.
pub fn check_ledger(state: &Path) -> Result<(), String> {
    let ledger = Ledger::new(Some(state.to_path_buf()), RunId::begin());
    ledger.prepare()?;
    ledger.close();
    Ok(())
}

/// The result of reaching for a ledger.
#[expect(clippy::large_enum_variant, reason = "few are made, and most of those are ledgers")]
pub(super) enum Taken {
    /// It is ours now.
    Ours(Ledger),
    /// A living process holds it, or it is gone.
    Held,
    /// It cannot be acted on, and why.
    Unreadable(String),
}

/// Every ledger in the folder of what runs remember, oldest first.
pub(super) fn all(state: &Path) -> io::Result<Vec<PathBuf>> {
    ledgers(state)
}

/// The account in a ledger, although another process may hold it; nothing where it cannot be read.
pub(super) fn look(path: &Path) -> Option<Account> {
    line::read(&book::bytes(path).ok()?).ok()
}

/// Takes a ledger whose run lives no more.
pub(super) fn take(path: &Path) -> Taken {
    let (book, bytes) = match Book::take(path) {
        Ok(Some(taken)) => taken,
        Ok(None) => return Taken::Held,
        Err(error) => return Taken::Unreadable(error.to_string()),
    };
    let account = match line::read(&bytes) {
        Ok(account) => account,
        Err(unreadable) => return Taken::Unreadable(unreadable.to_string()),
    };
    let ledger = Ledger::in_memory();
    ledger.last.set(account.open.keys().last().copied().unwrap_or(0));
    ledger.book.replace(Some(book.resumed(&account)));
    ledger.open.replace(account.open);
    Taken::Ours(ledger)
}
