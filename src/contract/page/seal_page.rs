//! Makes the lock of a page from a copy of it and the quotes of its clauses, and reports those that do not match.

use super::{Document, LockedPage, NormalisedText, Quote, Quotes, Sentence, find_sentences};
use std::collections::{BTreeMap, HashSet};

/// A page's entry in the lock, and the quotes that are in the way of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct SealResult<'a> {
    /// The entry; `None` where something is wrong with the quotes or the copy has no text.
    pub page: Option<LockedPage>,
    /// Clauses whose quote is not on the copy, signs included, or has no letters.
    pub not_on_page: Vec<&'a str>,
    /// Quotes of clauses that the contracts do not have.
    pub without_clause: Vec<&'a str>,
    /// Clauses without a quote; they are left out of the entry.
    pub without_quote: Vec<&'a str>,
    /// Clauses named after a status of which the quote does not have the number, so that another number will not be noticed.
    pub without_status: Vec<&'a str>,
}

/// Seals a page: every quote has to be on the copy and to belong to a clause.
pub fn seal_page<'a>(document: &Document<'a>, copy: &str, quotes: &'a Quotes) -> SealResult<'a> {
    let copy = NormalisedText::new(copy);
    let (mut sentences, mut absent) = (BTreeMap::new(), BTreeMap::new());
    let (mut not_on_page, mut without_status) = (Vec::new(), Vec::new());
    for (id, quote) in quotes {
        match quote {
            Quote::Absent(why) => {
                absent.insert(id.clone(), why.clone());
            }
            Quote::Passage(passage) => match sentence_on(&copy, passage) {
                Some(sentence) => {
                    without_status.extend(lacks_status(id, passage).then_some(id.as_str()));
                    sentences.insert(id.clone(), sentence);
                }
                None => not_on_page.push(id.as_str()),
            },
        }
    }
    let clauses: HashSet<&str> = document.clauses().collect();
    let without_clause: Vec<_> = quotes.keys().map(String::as_str).filter(|id| !clauses.contains(id)).collect();
    let without_quote = document.clauses().filter(|id| !quotes.contains_key(*id)).collect();
    let whole = Sentence::new(&copy).filter(|_| not_on_page.is_empty() && without_clause.is_empty());
    let (url, read) = (&document.page.url, &document.page.read);
    let page =
        whole.map(|whole| LockedPage { url: url.clone(), read: read.clone(), whole, clauses: sentences, absent });
    SealResult { page, not_on_page, without_clause, without_quote, without_status }
}

/// A passage as a sentence of a copy, if the copy has it, signs included.
fn sentence_on(copy: &NormalisedText, passage: &str) -> Option<Sentence> {
    let sentence = Sentence::new(&NormalisedText::new(passage))?;
    let times = find_sentences(copy, &[&sentence]).first()?.exact;
    (times > 0).then(|| sentence.with_times(times))
}

/// Returns true for a clause such as `404.status` with a passage that does not have the number.
fn lacks_status(clause: &str, passage: &str) -> bool {
    let status = clause.strip_suffix(".status").filter(|status| status.bytes().all(|byte| byte.is_ascii_digit()));
    status.is_some_and(|status| !passage.contains(status))
}
