//! Finding again what was made when only its mark is known, through the vendor's documented list call.

use crate::check::parse;
use crate::condition::{Draft, Space};
use crate::contract::Row;
use crate::contract::language::Sweep;
use crate::contract::template::plain;
use crate::exchange::Exchange;
use crate::run::lane::{Lane, Target};
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// How many items a page of a list is asked for.
const PAGE: usize = 100;
/// How many pages are read before a list counts as endless.
const PAGES: usize = 1000;
/// How often a list is read anew because it became shorter while it was read.
const READINGS: usize = 5;

/// The items of a list: id to the texts that may hold a mark.
type Items = IndexMap<String, Vec<String>>;

/// The vendor's list call for a kind of resource.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    target: Target<'a>,
    sweep: &'a Sweep,
}

impl<'a> Lane<'_, 'a> {
    /// The documented list call for a kind of resource, if there is one.
    pub(super) fn list_of(&self, resource: &str) -> Option<List<'a>> {
        let sweep = self.party.vendor.file.resources.get(resource)?.sweep.as_ref()?;
        let position = self.party.vendor.operations.iter().position(|operation| operation.name == sweep.list)?;
        let operation = self.party.vendor.operations.get(position)?;
        let space = Space::of(self.party.vendor, operation);
        let right: Vec<_> = space.right().into_iter().map(Some).collect();
        let row: &Row = operation.rows.values().find(|row| space.region(row).holds(&right))?;
        Some(List { target: Target { position, operation, row }, sweep })
    }

    /// Every item that the list shows. Others may remove things while it is read, so that what follows moves up: each page
    /// overlaps the one before it, and where it does not, the list is read once more.
    pub(super) async fn items(&mut self, list: List<'_>) -> Result<Items, String> {
        let mut items = Items::new();
        for _ in 0..READINGS {
            if self.read_through(list, &mut items).await? {
                return Ok(items);
            }
        }
        Err(format!("{} changes faster than it can be read", list.target.operation.name))
    }

    /// Reads the list from its beginning; whether every page overlapped the one before it.
    async fn read_through(&mut self, list: List<'_>, items: &mut Items) -> Result<bool, String> {
        let mut seen = Items::new();
        let mut offset = 0;
        for _ in 0..PAGES {
            let page = self.page(list, offset).await?;
            let overlaps = offset == 0 || page.keys().any(|id| seen.contains_key(id));
            let known = seen.len();
            offset += page.len().saturating_sub(1);
            seen.extend(page.clone());
            items.extend(page);
            if !overlaps {
                return Ok(false);
            }
            if seen.len() == known || list.sweep.offset.is_none() || offset == 0 {
                return Ok(true);
            }
        }
        Err(format!("{} has no end after {PAGES} pages", list.target.operation.name))
    }

    async fn page(&mut self, list: List<'_>, offset: usize) -> Result<Items, String> {
        let mut draft = Draft::documented(self.party.vendor, list.target.operation);
        let mut ask = |name: &Option<String>, number: usize| {
            name.iter().for_each(|name| drop(Arc::make_mut(&mut draft.query).insert(name.clone(), number.to_string())));
        };
        ask(&list.sweep.offset, offset);
        ask(&list.sweep.limit, PAGE);
        let exchange = self.send(list.target, &draft).await.map_err(|stop| stop.reason)?;
        listed(list, &exchange).map_err(|why| format!("{} {why}", list.target.operation.name))
    }
}

/// The items in an answer.
fn listed(list: List<'_>, exchange: &Exchange) -> Result<Items, String> {
    let response = exchange.result.as_ref().map_err(|failure| format!("was not answered: {failure}"))?;
    if !(200..300).contains(&response.status) {
        return Err(format!("answered {}", response.status));
    }
    let body = parse(&response.body).value().unwrap_or_default();
    let Some(Value::Array(items)) = body.pointer(&list.sweep.items) else {
        return Err(format!("answered without a list at `{}`", list.sweep.items));
    };
    let texts = |item: &Value| list.sweep.marks.iter().filter_map(|mark| item.pointer(mark)).map(plain).collect();
    Ok(items.iter().filter_map(|item| Some((plain(item.pointer(&list.sweep.id)?), texts(item)))).collect())
}

/// The ids of the items that hold a mark.
pub(super) fn marked(items: &Items, mark: &str) -> Vec<String> {
    let marked = items.iter().filter(|(_, texts)| texts.iter().any(|text| holds(text, mark)));
    marked.map(|(id, _)| id.clone()).collect()
}

/// Whether a text holds a mark, and not only one that begins or ends like it.
fn holds(text: &str, mark: &str) -> bool {
    let bounded = |letter: Option<char>| !letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.match_indices(mark).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        bounded(before.chars().next_back()) && bounded(rest.chars().nth(mark.chars().count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_not_found_in_one_that_only_begins_like_it() {
        assert!(holds("https://example.com/proviso-ab-1?x", "proviso-ab-1"));
        assert!(holds("proviso-ab-12 and proviso-ab-1", "proviso-ab-1"));
        assert!(!holds("proviso-ab-12", "proviso-ab-1"));
        assert!(!holds("1proviso-ab-1", "proviso-ab-1"));
        assert!(!holds("", "proviso-ab-1"));
    }
}
