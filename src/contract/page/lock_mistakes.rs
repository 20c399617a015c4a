//! The mistakes of locks: the differences between a lock and its contracts in pages and clauses.

use super::{Document, LOCK_FILE, Lock, LockedPage, PageFileError, documents, lock_path};
use crate::contract::{Loaded, Vendor};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use std::collections::HashSet;

/// Every mistake in the locks of vendors that were read; a vendor without a lock has none.
pub fn lock_mistakes(loaded: &Loaded) -> Vec<Diagnostic> {
    loaded.contracts.vendors.iter().flat_map(|vendor| lock_mistakes_of(loaded, vendor)).collect()
}

/// Every mistake in the lock of one vendor.
pub fn lock_mistakes_of(loaded: &Loaded, vendor: &Vendor) -> Vec<Diagnostic> {
    let lock = match Lock::read(&lock_path(loaded, vendor)) {
        Ok(lock) if lock.pages.is_empty() => return Vec::new(),
        Ok(lock) => lock,
        Err(error) => return vec![unread_lock(vendor, &error)],
    };
    let documents = documents(vendor);
    let unknown = lock.pages.keys().filter(|page| !documents.contains_key(page.as_str())).map(|page| {
        Diagnostic::error(Code::LockUnknown, format!("`{LOCK_FILE}` has a page `{page}` that no operation has"))
            .at(vendor.at.child("vendor"), "this vendor's lock")
            .suggest(page, documents.keys().copied())
    });
    let of_pages = documents.iter().flat_map(|(id, document)| match lock.pages.get(*id) {
        Some(page) => PagePair { document, page }.mistakes(),
        None => unlocked_page(id, document).into_iter().collect(),
    });
    unknown.chain(of_pages).collect()
}

fn unread_lock(vendor: &Vendor, error: &PageFileError) -> Diagnostic {
    Diagnostic::error(Code::LockUnreadable, error.to_string())
        .at(vendor.at.child("vendor"), "this vendor's lock")
        .help("`proviso pages lock` writes it anew once the file is removed")
}

fn unlocked_page(id: &str, document: &Document<'_>) -> Option<Diagnostic> {
    let warning = Diagnostic::warning(Code::LockStale, format!("`{LOCK_FILE}` does not have the page `{id}`"))
        .at(page_place(document)?.child("id"), "not locked, while other pages of the vendor are")
        .help("`proviso pages lock` adds it");
    Some(warning)
}

fn page_place(document: &Document<'_>) -> Option<Place> {
    document.operations.first().map(|operation| operation.at.child("page"))
}

/// A page in the contracts and in the lock.
struct PagePair<'a> {
    document: &'a Document<'a>,
    page: &'a LockedPage,
}

impl PagePair<'_> {
    fn mistakes(&self) -> Vec<Diagnostic> {
        let Some(at) = page_place(self.document) else { return Vec::new() };
        self.other_copy(&at).chain(self.unknown_clauses(&at)).chain(self.unlocked_clauses()).collect()
    }

    fn other_copy(&self, at: &Place) -> impl Iterator<Item = Diagnostic> {
        let written = &self.document.page;
        let pairs = [("url", &written.url, &self.page.url), ("read", &written.read, &self.page.read)];
        pairs.into_iter().filter(|(_, written, locked)| written != locked).map(|(key, _, locked)| {
            let message = format!("`{LOCK_FILE}` was made from another copy of the page `{}`", written.id);
            Diagnostic::warning(Code::LockStale, message)
                .at(at.child(key), format!("the lock has `{locked}`"))
                .help("`proviso pages lock` makes it anew from the copy that the contract means")
        })
    }

    fn unknown_clauses(&self, at: &Place) -> impl Iterator<Item = Diagnostic> {
        let known: HashSet<&str> = self.document.clauses().collect();
        let locked = self.page.clauses.keys().chain(self.page.absent.keys());
        let unknown: Vec<&String> = locked.filter(|id| !known.contains(id.as_str())).collect();
        unknown.into_iter().map(move |id| {
            let page = &self.document.page.id;
            let message = format!("`{LOCK_FILE}` has a clause `{id}` that the page `{page}` does not have");
            Diagnostic::error(Code::LockUnknown, message)
                .at(at.child("id"), "on this page")
                .suggest(id, known.iter().copied())
                .help("`proviso pages lock` makes the page's entry anew")
        })
    }

    fn unlocked_clauses(&self) -> impl Iterator<Item = Diagnostic> {
        let clauses = self.document.operations.iter().flat_map(|operation| &operation.clauses);
        clauses.filter(|(id, _)| !self.page.has_clause(id)).map(|(id, clause)| {
            let page = &self.document.page.id;
            Diagnostic::warning(
                Code::LockStale,
                format!("`{LOCK_FILE}` does not have the clause `{id}` of the page `{page}`"),
            )
            .at(clause.at.key(), "no sentence is locked for it")
            .help("quote its sentence to `proviso pages lock`, or give `{ absent: why }` in its place")
        })
    }
}
