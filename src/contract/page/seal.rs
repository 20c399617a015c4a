//! Makes the lock of a page from a copy of it and the quotes of its clauses, and tells what does not fit together.

use super::{Document, LockedPage, Normalised, Presence, Quote, Quotes, Sentence, find};
use std::collections::{BTreeMap, HashSet};

/// A page's entry in the lock, and what stands in the way of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Sealed {
    /// The entry; none where something is wrong with the quotes or the copy has no text.
    pub page: Option<LockedPage>,
    /// Clauses whose quote does not stand on the copy, signs included, or has no letters.
    pub not_on_page: Vec<String>,
    /// Quotes of clauses that the contracts do not have.
    pub without_clause: Vec<String>,
    /// Clauses without a quote; they are left out of the entry.
    pub without_quote: Vec<String>,
    /// Clauses whose quote the copy has several times: that one of them is gone will not be noticed. A longer quote helps.
    pub repeated: Vec<String>,
}

/// Seals a page: every quote has to stand on the copy and to belong to a clause.
pub fn seal(document: &Document<'_>, copy: &str, quotes: &Quotes) -> Sealed {
    let copy = Normalised::of(copy);
    let clauses: HashSet<&str> = document.clauses().collect();
    let mut sentences = BTreeMap::new();
    let mut absent = BTreeMap::new();
    let (mut not_on_page, mut repeated) = (Vec::new(), Vec::new());
    for (id, quote) in quotes {
        match quote {
            Quote::Absent(why) => {
                absent.insert(id.clone(), why.clone());
            }
            Quote::Passage(passage) => match Sentence::of(&Normalised::of(passage)) {
                Some(sentence) if find(&copy, &[&sentence]) == [Presence::Exact] => {
                    if sentence.times(&copy) > 1 {
                        repeated.push(id.clone());
                    }
                    sentences.insert(id.clone(), sentence);
                }
                _ => not_on_page.push(id.clone()),
            },
        }
    }
    let without_clause: Vec<_> = quotes.keys().filter(|id| !clauses.contains(id.as_str())).cloned().collect();
    let without_quote = document.clauses().filter(|id| !quotes.contains_key(*id)).map(str::to_owned).collect();
    let whole = Sentence::of(&copy).filter(|_| not_on_page.is_empty() && without_clause.is_empty());
    let (url, read) = (document.page.url.clone(), document.page.read.clone());
    let page = whole.map(|whole| LockedPage { url, read, whole, clauses: sentences, absent });
    Sealed { page, not_on_page, without_clause, without_quote, repeated }
}
