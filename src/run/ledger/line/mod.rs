//! The lines of a ledger, and what they come to: what was to be made, what was made, and what of it is gone.

use crate::run::mark::{Mark, RunId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format that this build writes and reads.
pub(super) const VERSION: u32 = 1;

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "most lines are intents")]
pub(super) enum Line {
    /// The first line: whose ledger it is.
    Ledger {
        /// The version of the format.
        version: u32,
        /// The run.
        run: RunId,
        /// When the run began, RFC 3339.
        started: String,
    },
    /// A request that may make something is about to be sent.
    Intent(Intent),
    /// The answer to it gave an id.
    Made {
        /// The intent.
        number: u64,
        /// The id.
        id: String,
    },
    /// The answer to it gave no id by the contract of that time.
    Answered {
        /// The intent.
        number: u64,
        /// The answer's body, without secrets.
        answer: String,
    },
    /// The thing that was made is in another state now.
    State {
        /// The intent.
        number: u64,
        /// The state.
        state: String,
    },
    /// The request made nothing.
    Nothing {
        /// The intent.
        number: u64,
        /// The evidence.
        why: String,
    },
    /// The thing that was made is gone.
    Removed {
        /// The intent.
        number: u64,
    },
}

/// The thing that a request is about to make, and everything that it takes to find it again and to remove it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::run) struct Intent {
    /// The number of the intent in its ledger.
    pub number: u64,
    /// When it was written, RFC 3339.
    pub at: String,
    /// The mark in the request, if it carries one.
    pub mark: Option<Mark>,
    /// The vendor.
    pub vendor: String,
    /// The target as it was named.
    pub target: String,
    /// The place where the request goes.
    pub origin: String,
    /// The kind of resource.
    pub resource: String,
    /// The operation that makes it.
    pub operation: String,
    /// The state that it is made in.
    pub state: String,
    /// The name of the credential that it is made with.
    pub account: Option<String>,
    /// The resources inside which it is made: kind to id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub within: BTreeMap<String, String>,
    /// True if the vendor has said that it could not do it, so that it is looked for, but not missed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
}

/// An intent of which something may still be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::run) struct Entry {
    /// The intent, in the state that is known last.
    pub intent: Intent,
    /// The id that the vendor gave, if it is known.
    pub id: Option<String>,
    /// The answer to the request, where it gave no id by the contract of that time.
    pub answer: Option<String>,
    /// True if the vendor has shown this process the thing with its mark: a ledger only claims it.
    pub seen: bool,
    /// The reason why it is still there, where somebody tried to remove it.
    pub why: Option<String>,
}

/// The account that a ledger gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::run) struct Account {
    /// The run; nothing where not even that was written.
    pub run: Option<RunId>,
    /// The things that may still be there, by number.
    pub open: BTreeMap<u64, Entry>,
    /// The number of bytes of the file that are whole lines.
    pub whole: u64,
    /// True if the last whole line lacks nothing but its end.
    pub unended: bool,
}

/// The reason why a ledger cannot be acted on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::run) enum Unreadable {
    /// Another build wrote it.
    #[error(
        "it is of version {0} of the format, and this build reads version {VERSION}; sweep with the build that wrote it"
    )]
    OtherVersion(u32),
    /// A line within it cannot be read.
    #[error("its line {0} cannot be read, so nothing in it is acted on: {1}")]
    Damaged(usize, String),
    /// A mark in it is another run's.
    #[error("its line {0} names {1}, which is not a mark of its own run, so nothing in it is acted on")]
    Foreign(usize, Mark),
}

/// Reads a ledger. A run that was killed leaves its last line torn: what that line speaks of has not been sent.
pub(in crate::run) fn read(bytes: &[u8]) -> Result<Account, Unreadable> {
    let mut account = Account::default();
    for (index, piece) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let ended = piece.ends_with(b"\n");
        match (serde_json::from_slice(piece), index, ended) {
            (Ok(Line::Ledger { version, .. }), 0, _) if version != VERSION => {
                return Err(Unreadable::OtherVersion(version));
            }
            (Ok(Line::Ledger { run, .. }), 0, _) => account.run = Some(run),
            (Ok(line), 1.., _) => account.take(line).map_err(|mark| Unreadable::Foreign(index + 1, mark))?,
            (_, _, false) => return Ok(account),
            (read, _, true) => return Err(other_version(piece, index).unwrap_or_else(|| damaged(index, read.err()))),
        }
        account.whole += piece.len() as u64;
        account.unended = !ended;
    }
    Ok(account)
}

fn damaged(index: usize, error: Option<serde_json::Error>) -> Unreadable {
    let why = error.map_or_else(|| "expected the line of a ledger's run".to_owned(), |error| error.to_string());
    Unreadable::Damaged(index + 1, why)
}

/// The version in a first line that says little else that is known here.
fn other_version(piece: &[u8], index: usize) -> Option<Unreadable> {
    let line: serde_json::Value = serde_json::from_slice(piece).ok().filter(|_| index == 0)?;
    let version = u32::try_from(line.get("version")?.as_u64()?).ok()?;
    Some(version).filter(|version| *version != VERSION).map(Unreadable::OtherVersion)
}

impl Account {
    /// Follows a line, unless its mark is another run's.
    fn take(&mut self, line: Line) -> Result<(), Mark> {
        match line {
            Line::Ledger { .. } => {}
            Line::Intent(intent) => {
                if let Some(mark) = intent.mark.filter(|mark| Some(mark.run) != self.run) {
                    return Err(mark);
                }
                self.open.insert(intent.number, Entry { intent, ..Entry::default() });
            }
            Line::Made { number, id } => {
                self.open.entry(number).and_modify(|entry| entry.id = Some(id));
            }
            Line::Answered { number, answer } => {
                self.open.entry(number).and_modify(|entry| entry.answer = Some(answer));
            }
            Line::State { number, state } => {
                self.open.entry(number).and_modify(|entry| entry.intent.state = state);
            }
            Line::Nothing { number, .. } | Line::Removed { number } => {
                self.open.remove(&number);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
