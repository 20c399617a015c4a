//! The mistakes of locks: what a lock and its contracts say differently of pages and clauses.

use super::{Document, LOCK_FILE, Lock, LockedPage, documents, lock_path};
use crate::contract::{Loaded, Vendor};
use crate::text::diagnostic::{Code, Diagnostic};
use std::collections::HashSet;

/// Every mistake in the locks of vendors that were read; a vendor without a lock has none.
pub fn mistakes(loaded: &Loaded) -> Vec<Diagnostic> {
    loaded.contracts.vendors.iter().flat_map(|vendor| mistakes_of(loaded, vendor)).collect()
}

/// Every mistake in the lock of one vendor.
pub fn mistakes_of(loaded: &Loaded, vendor: &Vendor) -> Vec<Diagnostic> {
    let lock = match Lock::read(&lock_path(loaded, vendor)) {
        Ok(lock) if lock.pages.is_empty() => return Vec::new(),
        Ok(lock) => lock,
        Err(error) => {
            return vec![
                Diagnostic::error(Code::LockUnreadable, error.to_string())
                    .at(vendor.at.child("vendor"), "this vendor's lock")
                    .help("`proviso pages lock` writes it anew once the file is removed"),
            ];
        }
    };
    let documents = documents(vendor);
    let unknown = lock.pages.keys().filter(|page| !documents.contains_key(page.as_str())).map(|page| {
        Diagnostic::error(Code::LockUnknown, format!("`{LOCK_FILE}` has a page `{page}` that no operation has"))
            .at(vendor.at.child("vendor"), "this vendor's lock")
            .suggest(page, documents.keys().copied())
    });
    let mut found: Vec<_> = unknown.collect();
    for (id, document) in &documents {
        match lock.pages.get(*id) {
            Some(page) => of_page(document, page, &mut found),
            None => found.extend(document.operations.first().map(|operation| {
                Diagnostic::warning(Code::LockStale, format!("`{LOCK_FILE}` does not have the page `{id}`"))
                    .at(operation.at.child("page").child("id"), "not locked, while other pages of the vendor are")
                    .help("`proviso pages lock` adds it")
            })),
        }
    }
    found
}

fn of_page(document: &Document<'_>, page: &LockedPage, found: &mut Vec<Diagnostic>) {
    let Some(first) = document.operations.first() else { return };
    let at = first.at.child("page");
    for (key, written, locked) in [("url", &document.page.url, &page.url), ("read", &document.page.read, &page.read)] {
        if written != locked {
            let message = format!("`{LOCK_FILE}` was made from another copy of the page `{}`", document.page.id);
            found.push(
                Diagnostic::warning(Code::LockStale, message)
                    .at(at.child(key), format!("the lock has `{locked}`"))
                    .help("`proviso pages lock` makes it anew from the copy that the contract means"),
            );
        }
    }
    let clauses: HashSet<&str> = document.clauses().collect();
    for id in page.clauses.keys().chain(page.absent.keys()).filter(|id| !clauses.contains(id.as_str())) {
        let message = format!("`{LOCK_FILE}` has a clause `{id}` that the page `{}` does not have", document.page.id);
        found.push(
            Diagnostic::error(Code::LockUnknown, message)
                .at(at.child("id"), "on this page")
                .suggest(id, clauses.iter().copied())
                .help("`proviso pages lock` makes the page's entry anew"),
        );
    }
    for operation in &document.operations {
        let locked = |id: &str| page.clauses.contains_key(id) || page.absent.contains_key(id);
        for (id, clause) in operation.clauses.iter().filter(|(id, _)| !locked(id)) {
            let message = format!("`{LOCK_FILE}` does not have the clause `{id}` of the page `{}`", document.page.id);
            found.push(
                Diagnostic::warning(Code::LockStale, message)
                    .at(clause.at.clone().key(), "no sentence is locked for it")
                    .help("quote its sentence to `proviso pages lock`, or give `{ absent: why }` in its place"),
            );
        }
    }
}
