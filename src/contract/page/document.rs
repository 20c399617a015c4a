//! A page as contracts know it: its address, and every clause that they take from it.

use crate::contract::language::Page;
use crate::contract::{Operation, Vendor};
use indexmap::{IndexMap, IndexSet};

/// A page of a vendor, with the operations that it describes.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its operations; nearly always one.
    pub operations: Vec<&'a Operation>,
}

impl<'a> Document<'a> {
    /// The ids of its clauses, each once, in the order as written.
    pub fn clauses(&self) -> impl Iterator<Item = &'a str> {
        let all = self.operations.iter().flat_map(|operation| operation.clauses.keys());
        all.map(String::as_str).collect::<IndexSet<_>>().into_iter()
    }
}

/// The pages of a vendor, by their ids.
pub fn documents(vendor: &Vendor) -> IndexMap<&str, Document<'_>> {
    let mut documents: IndexMap<&str, Document<'_>> = IndexMap::new();
    for operation in vendor.documented() {
        if let Some(page) = &operation.page {
            let entry = documents.entry(&page.id).or_insert_with(|| Document { page, operations: Vec::new() });
            entry.operations.push(operation);
        }
    }
    documents
}

/// The page of an id.
pub fn find_document<'a>(vendor: &'a Vendor, page: &str) -> Option<Document<'a>> {
    documents(vendor).shift_remove(page)
}
