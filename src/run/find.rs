//! Finding again what was made when only its mark is known, through the vendor's documented list call.

use crate::contract::condition::Draft;
use crate::contract::language::Sweep;
use crate::contract::template::plain;
use crate::http::exchange::Exchange;
use crate::judge::check::parse;
use crate::run::lane::{Lane, Target};
use crate::run::mark::Mark;
use crate::run::ours::marks_in;
use crate::run::party::Health;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// How many items a page of a list is asked for.
const PAGE: usize = 100;
/// How many pages are read before a list counts as endless.
const PAGES: usize = 1000;
/// How often a list is read anew because it became shorter while it was read.
const READINGS: usize = 5;

/// The items of a list: id to the marks that it holds.
pub(super) type Items = IndexMap<String, Vec<Mark>>;

/// The lists that were read: kind of resource and account to what came of it.
pub(super) type Lists = BTreeMap<(String, Option<String>), Result<Items, String>>;

/// The vendor's list call for a kind of resource.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub target: Target<'a>,
    sweep: &'a Sweep,
}

impl<'a> Lane<'_, 'a> {
    /// The documented list call for a kind of resource, if there is one.
    pub(super) fn list_of(&self, resource: &str) -> Option<List<'a>> {
        let sweep = self.party.vendor.file.resources.get(resource)?.sweep.as_ref()?;
        let operation = self.party.vendor.operation(&sweep.list)?;
        let row = self.party.vendor.right_row(operation.id)?;
        Some(List { target: Target { operation, row }, sweep })
    }

    /// The items of a list as the account shows them that is acting, read the first time that they are asked for.
    pub(super) async fn list_once<'l>(
        &mut self,
        list: List<'_>,
        resource: &str,
        lists: &'l mut Lists,
    ) -> &'l Result<Items, String> {
        let key = (resource.to_owned(), self.scope.acting.clone());
        match lists.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unread) => unread.insert(self.items(list).await),
        }
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
            let (known, full) = (seen.len(), page.len() >= PAGE);
            offset += page.len().saturating_sub(1);
            seen.extend(page.clone());
            items.extend(page);
            if !overlaps {
                return Ok(false);
            }
            if seen.len() == known || list.sweep.offset.is_none() || offset == 0 {
                let cut = full && list.sweep.limit.is_some();
                let why =
                    || format!("{} shows {PAGE} and no further ones, so there may be more", list.target.operation.name);
                return if cut { Err(why()) } else { Ok(true) };
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
        if let Some(failure) = exchange.result.as_ref().err().filter(|failure| failure.kind.is_passing()) {
            self.party.health.replace(Health::Dead(failure.to_string()));
        }
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
    let marks = |item: &Value| marks_in(item, list.sweep).unwrap_or_default();
    Ok(items.iter().filter_map(|item| Some((plain(item.pointer(&list.sweep.id)?), marks(item)))).collect())
}

/// The ids of the items that hold a mark.
pub(super) fn marked(items: &Items, mark: Mark) -> Vec<String> {
    items.iter().filter(|(_, marks)| marks.contains(&mark)).map(|(id, _)| id.clone()).collect()
}
