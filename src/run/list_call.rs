//! A vendor's documented list call, through which what was made is found again when only its mark is known.

use crate::contract::condition::Draft;
use crate::contract::language::Sweep;
use crate::contract::template::plain;
use crate::http::exchange::Exchange;
use crate::judge::check::parse;
use crate::run::health::Health;
use crate::run::mark::Mark;
use crate::run::ownership::marks_in;
use crate::run::party::Party;
use crate::run::target_row::TargetRow;
use crate::run::vendor_client::VendorClient;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// The number of items that a page of a list is asked for.
const PAGE: usize = 100;
/// The number of pages after which a list counts as endless.
const PAGES: usize = 1000;
/// The number of times that a list is read because it became shorter while it was read.
const READINGS: usize = 5;

/// The items of a list: id to the marks that it holds.
pub(super) type Items = IndexMap<String, Vec<Mark>>;

/// The vendor's list call for a kind of resource.
#[derive(Clone, Copy)]
pub(super) struct ListCall<'a> {
    pub target: TargetRow<'a>,
    sweep: &'a Sweep,
}

impl<'a> ListCall<'a> {
    /// The documented list call for a kind of resource, if there is one.
    pub(super) fn of(party: &Party<'a>, resource: &str) -> Option<Self> {
        let sweep = party.vendor.file.resources.get(resource)?.sweep.as_ref()?;
        let operation = party.vendor.operation(&sweep.list)?;
        let row = party.vendor.right_row(operation.id)?;
        Some(Self { target: TargetRow { operation, row }, sweep })
    }

    /// Reads every item that the list shows. Others may remove things while it is read, so that what follows moves up: each page
    /// overlaps the one before it, and where it does not, the list is read once more.
    pub(super) async fn read_items(self, client: &mut VendorClient<'_, '_>) -> Result<Items, String> {
        let mut items = Items::new();
        for _ in 0..READINGS {
            if self.read_through(client, &mut items).await? {
                return Ok(items);
            }
        }
        Err(format!("{} changes faster than it can be read", self.target.operation.name))
    }

    /// Reads the list from its beginning; returns whether every page overlapped the one before it.
    async fn read_through(self, client: &mut VendorClient<'_, '_>, items: &mut Items) -> Result<bool, String> {
        let mut seen = Items::new();
        let mut offset = 0;
        for _ in 0..PAGES {
            let page = self.read_page(client, offset).await?;
            let overlaps = offset == 0 || page.keys().any(|id| seen.contains_key(id));
            let (known, full) = (seen.len(), page.len() >= PAGE);
            offset += page.len().saturating_sub(1);
            seen.extend(page);
            if !overlaps || seen.len() == known || self.sweep.offset.is_none() || offset == 0 {
                items.extend(seen);
                return match overlaps {
                    true if full && self.sweep.limit.is_some() => Err(self.may_go_on()),
                    overlaps => Ok(overlaps),
                };
            }
        }
        Err(format!("{} has no end after {PAGES} pages", self.target.operation.name))
    }

    fn may_go_on(self) -> String {
        format!("{} shows {PAGE} and no further ones, so there may be more", self.target.operation.name)
    }

    async fn read_page(self, client: &mut VendorClient<'_, '_>, offset: usize) -> Result<Items, String> {
        let mut draft = Draft::documented(client.party.vendor, self.target.operation);
        for (name, number) in [(&self.sweep.offset, offset), (&self.sweep.limit, PAGE)] {
            if let Some(name) = name {
                Arc::make_mut(&mut draft.query).insert(name.clone(), number.to_string());
            }
        }
        let exchange = client.send(self.target, &draft).await.map_err(|end| end.reason)?;
        if let Some(failure) = exchange.result.as_ref().err().filter(|failure| failure.kind.is_passing()) {
            client.party.health.replace(Health::Dead(failure.to_string()));
        }
        self.items_in(&exchange).map_err(|why| format!("{} {why}", self.target.operation.name))
    }

    /// The items in an answer.
    fn items_in(self, exchange: &Exchange) -> Result<Items, String> {
        let response = exchange.result.as_ref().map_err(|failure| format!("was not answered: {failure}"))?;
        if !(200..300).contains(&response.status) {
            return Err(format!("answered {}", response.status));
        }
        let body = parse(&response.body).value();
        let Some(Value::Array(items)) = body.as_ref().and_then(|body| body.pointer(&self.sweep.items)) else {
            return Err(format!("answered without a list at `{}`", self.sweep.items));
        };
        Ok(items.iter().filter_map(|item| self.item(item)).collect())
    }

    /// An item's id and marks, where it has an id.
    fn item(self, item: &Value) -> Option<(String, Vec<Mark>)> {
        let id = plain(item.pointer(&self.sweep.id)?);
        Some((id, marks_in(item, self.sweep).into_iter().flatten().collect()))
    }
}

/// The lists that were read: kind of resource and account to what came of it.
#[derive(Default)]
pub(super) struct Lists(BTreeMap<(String, Option<String>), Result<Items, String>>);

impl Lists {
    /// The items of a list as the account shows them that is acting, read the first time that they are asked for.
    pub(super) async fn read(
        &mut self,
        client: &mut VendorClient<'_, '_>,
        list: ListCall<'_>,
        resource: &str,
    ) -> &Result<Items, String> {
        let key = (resource.to_owned(), client.scope.acting.clone());
        match self.0.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unread) => unread.insert(list.read_items(client).await),
        }
    }
}

/// The ids of the items that hold a mark.
pub(super) fn ids_with(items: &Items, mark: Mark) -> Vec<String> {
    items.iter().filter(|(_, marks)| marks.contains(&mark)).map(|(id, _)| id.clone()).collect()
}
