//! Compares a later copy of a page with its lock: the sentences that are still there, and other changes.

use super::{LockedPage, NormalisedText, Presence, Sentence, find_sentences};

/// The fate of a clause's sentence on a later copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentenceState {
    /// It is there as it was.
    Unchanged,
    /// Its words are there, with other punctuation or underscores in it.
    Altered,
    /// Some of its copies on the page are there, and others are not.
    Fewer {
        /// The number that is there.
        there: usize,
        /// The number that was locked.
        locked: usize,
    },
    /// The copy does not have it.
    Gone,
    /// The lock has no sentence for the clause; with the reason, where it has one.
    NotLocked(Option<String>),
}

impl SentenceState {
    /// The state of a locked sentence by its presence on a copy.
    fn new(sentence: &Sentence, presence: Presence) -> Self {
        match presence {
            Presence { exact: 0, altered: 0 } => Self::Gone,
            Presence { exact: 0, .. } => Self::Altered,
            Presence { exact, .. } if exact < sentence.times() => {
                Self::Fewer { there: exact, locked: sentence.times() }
            }
            Presence { .. } => Self::Unchanged,
        }
    }
}

/// The difference between a copy and the page that was locked, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageChange {
    /// Sentences are gone.
    Sentences,
    /// Every sentence is there, but the signs in some are others.
    Signs,
    /// Every sentence is there, and something else on the page is new or gone.
    Elsewhere,
    /// Nothing is new, nothing is gone.
    Nothing,
}

/// The result of checking a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CopyCheck {
    /// Every clause that was asked for, in that order.
    pub clauses: Vec<(String, SentenceState)>,
    /// The page as a whole.
    pub change: PageChange,
}

/// Looks for the sentences of these clauses on a copy of their page.
pub fn check_copy<'a>(page: &LockedPage, clauses: impl IntoIterator<Item = &'a str>, copy: &str) -> CopyCheck {
    let copy = NormalisedText::new(copy);
    let clauses: Vec<_> = clauses.into_iter().map(|id| (id, page.clauses.get(id))).collect();
    let sentences: Vec<&Sentence> = clauses.iter().filter_map(|(_, sentence)| *sentence).collect();
    let mut found = find_sentences(&copy, &sentences).into_iter();
    let states = clauses.into_iter().map(|(id, sentence)| {
        let state = match sentence.and_then(|sentence| Some(SentenceState::new(sentence, found.next()?))) {
            Some(state) => state,
            None => SentenceState::NotLocked(page.absent.get(id).cloned()),
        };
        (id.to_owned(), state)
    });
    let clauses: Vec<_> = states.collect();
    let change = if clauses.iter().any(|(_, state)| matches!(state, SentenceState::Gone | SentenceState::Fewer { .. }))
    {
        PageChange::Sentences
    } else if clauses.iter().any(|(_, state)| *state == SentenceState::Altered) {
        PageChange::Signs
    } else if Sentence::new(&copy).is_some_and(|whole| whole.is_same_text(&page.whole)) {
        PageChange::Nothing
    } else {
        PageChange::Elsewhere
    };
    CopyCheck { clauses, change }
}
