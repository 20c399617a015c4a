//! Holds a later copy of a page against its lock: which sentences still stand, and whether anything else has changed.

use super::{LockedPage, Normalised, Presence, Sentence, find};

/// What has become of a clause's sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It stands as it was.
    Stands,
    /// Its words stand, with other punctuation or underscores in it.
    Altered,
    /// The copy does not have it.
    Gone,
    /// The lock has no sentence for the clause; with the reason, where it has one.
    NotLocked(Option<String>),
}

/// How a copy differs from the page that was locked, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Sentences are gone.
    Sentences,
    /// Every sentence stands, but the signs in some are others.
    Signs,
    /// Every sentence stands, and something else on the page is new or gone.
    Elsewhere,
    /// Nothing is new, nothing is gone.
    Nothing,
}

/// What a copy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Checked {
    /// Every clause that was asked for, in that order.
    pub clauses: Vec<(String, Standing)>,
    /// The page as a whole.
    pub change: Change,
}

impl Checked {
    /// The clauses that stand so.
    pub fn of<'a>(&'a self, standing: &'a Standing) -> impl Iterator<Item = &'a str> {
        self.clauses.iter().filter(move |(_, other)| other == standing).map(|(id, _)| id.as_str())
    }
}

/// Looks for the sentences of these clauses on a copy of their page.
pub fn check<'a>(page: &LockedPage, clauses: impl IntoIterator<Item = &'a str>, copy: &str) -> Checked {
    let copy = Normalised::of(copy);
    let clauses: Vec<&str> = clauses.into_iter().collect();
    let locked: Vec<(&str, &Sentence)> = clauses.iter().filter_map(|id| Some((*id, page.clauses.get(*id)?))).collect();
    let sentences: Vec<&Sentence> = locked.iter().map(|(_, sentence)| *sentence).collect();
    let mut found = find(&copy, &sentences).into_iter();
    let mut standing = |id: &str| match page.clauses.get(id).and_then(|_| found.next()) {
        Some(Presence::Exact) => Standing::Stands,
        Some(Presence::Altered) => Standing::Altered,
        Some(Presence::Absent) => Standing::Gone,
        None => Standing::NotLocked(page.absent.get(id).cloned()),
    };
    let clauses: Vec<_> = clauses.into_iter().map(|id| (id.to_owned(), standing(id))).collect();
    let has = |standing: &Standing| clauses.iter().any(|(_, other)| other == standing);
    let change = if has(&Standing::Gone) {
        Change::Sentences
    } else if has(&Standing::Altered) {
        Change::Signs
    } else if Sentence::of(&copy).is_some_and(|whole| whole.letters_are(&page.whole)) {
        Change::Nothing
    } else {
        Change::Elsewhere
    };
    Checked { clauses, change }
}
