//! The views of a resource whose state is looked at: who looks, in which parent, and the state that has to be seen.

use crate::contract::case::Case;
use crate::contract::condition::IdSource;
use crate::run::lane::Lane;
use crate::run::scope::Held;

/// A view of a resource, and the state in which it has to be seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StateView {
    /// The kind of resource.
    pub(super) resource: String,
    /// Its id.
    pub(super) id: String,
    /// The state in which it has to be seen.
    pub(super) state: String,
    /// The position among the views of the resource.
    pub(super) index: usize,
    /// The credential of the account that looks, if it is not ours.
    acting: Option<String>,
    /// The parent inside which it is looked at, where that is not the one that the request named.
    parent: Option<(String, Held)>,
}

/// The views of a resource that the scope holds, for a case if one names it: one, or two of what is another account's or inside
/// another parent.
pub(super) fn views(lane: &Lane<'_, '_>, case: Option<&Case>, resource: &str) -> Vec<StateView> {
    let scope = &lane.client.scope;
    let Some(held) = scope.held.get(resource) else { return Vec::new() };
    let own = held.state.as_str();
    let view = |index, state: &str, acting: Option<&String>, parent| StateView {
        resource: resource.to_owned(),
        id: held.id.clone(),
        state: state.to_owned(),
        index,
        acting: acting.cloned(),
        parent,
    };
    if own.is_empty() {
        let unknown = case.is_some_and(|case| is_unknown(lane, case, resource));
        return unknown.then(|| view(0, "unknown", None, None)).into_iter().collect();
    }
    if held.account.is_some() && scope.acting.is_none() {
        return vec![view(0, "foreign", None, None), view(1, own, held.account.as_ref(), None)];
    }
    match home(lane, resource, held) {
        // Inside the parent that it was made in, it has to be as it was.
        Some(parent) => vec![view(0, "misplaced", None, None), view(1, own, None, Some(parent))],
        None => vec![view(0, own, None, None)],
    }
}

/// Returns whether a case asks for an id that is well formed and that nothing has.
fn is_unknown(lane: &Lane<'_, '_>, case: &Case, resource: &str) -> bool {
    let declared = lane.client.party.vendor.file.resources.get(resource);
    matches!((case.draft.ids.get(resource), declared), (Some(IdSource::Made(text)), Some(it)) if *text == it.id.new)
}

/// The parent in which a resource was made, by its name, where the scope holds another one.
fn home(lane: &Lane<'_, '_>, resource: &str, held: &Held) -> Option<(String, Held)> {
    let parent = lane.client.party.vendor.file.resources.get(resource)?.parent.as_ref()?;
    let made = lane.made.iter().find(|made| made.resource == resource && made.held.id == held.id)?;
    let (_, own) = made.around.iter().find(|(name, _)| name == parent)?;
    let asked = lane.client.scope.held.get(parent)?;
    (asked.id != own.id).then(|| (parent.clone(), own.clone()))
}

/// What a lane holds instead while it looks at something.
pub(super) struct Aside {
    acting: Option<String>,
    parent: Option<(String, Held)>,
}

impl StateView {
    /// Has a lane look as the view does; what it held instead is returned.
    pub(super) fn enter(&self, lane: &mut Lane<'_, '_>) -> Aside {
        let scope = &mut lane.client.scope;
        let parent = self.parent.as_ref().and_then(|(name, own)| {
            let asked = scope.held.insert(name.clone(), own.clone())?;
            Some((name.clone(), asked))
        });
        let asked_by = scope.acting.clone();
        if self.acting.is_some() {
            scope.acting.clone_from(&self.acting);
        }
        Aside { acting: asked_by, parent }
    }
}

impl Aside {
    /// Has a lane look again as it did before.
    pub(super) fn leave(self, lane: &mut Lane<'_, '_>) {
        lane.client.scope.acting = self.acting;
        if let Some((name, asked)) = self.parent {
            lane.client.scope.held.insert(name, asked);
        }
    }
}
