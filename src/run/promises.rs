//! What rows promise, as it is reported: found for the first case of a row, and the same for all others.

use crate::contract::{Operation, Row};
use crate::run::event::{ClauseInfo, Location};
use crate::run::teller::{Teller, cited, promise};
use crate::text::source::Place;
use std::cell::RefCell;
use std::collections::HashMap;

/// The promise of a row, as it is reported.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    /// The clauses that it and its outcomes cite.
    pub(super) cites: Vec<ClauseInfo>,
    /// The page's address.
    pub(super) page: Option<String>,
    /// The place where it is written.
    pub(super) location: Location,
    /// Its condition and outcomes in words.
    pub(super) words: String,
}

/// The promises of rows, by where they are written.
#[derive(Default)]
pub(super) struct Promises(RefCell<HashMap<Place, Promise>>);

impl Promises {
    pub(super) fn of(&self, teller: Teller<'_>, operation: &Operation, row: &Row) -> Promise {
        // A row of a shared section is written in one place, and cites by the clauses of each page.
        let place = operation.at.child(&row.name);
        let mut known = self.0.borrow_mut();
        known
            .entry(place)
            .or_insert_with(|| Promise {
                cites: cited(operation, row),
                page: operation.page.as_ref().map(|page| page.url.clone()),
                location: teller.location(&row.at.key()),
                words: promise(operation, row),
            })
            .clone()
    }
}
