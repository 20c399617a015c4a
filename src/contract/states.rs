//! The states of resources: the words that rows lead to or name, which of them is right, and where children are made.

use crate::contract::Operation;
use crate::contract::language::{VendorFile, WrittenResource};
use indexmap::{IndexMap, IndexSet};

/// The states of a resource, as the rows of all operations speak of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct States {
    /// The state that a create leads to, else that of a fixture: the right one where a row names none.
    pub right: Option<String>,
    /// The state of the parent that makes it possible to create one, if that is not the parent's right one.
    pub made_in: Option<String>,
    /// Every word that a row leads to or names, the right state first.
    pub named: IndexSet<String>,
}

/// The states of each resource that the rows of all operations speak of.
pub(super) fn states(file: &VendorFile, operations: &[Operation]) -> IndexMap<String, States> {
    let mut states: IndexMap<String, States> = IndexMap::new();
    for operation in operations {
        for row in operation.rows.values() {
            for (resource, state) in row.then.iter().flat_map(|branch| &branch.leads) {
                let known = states.entry(resource.clone()).or_default();
                known.named.insert(state.clone());
                if known.right.is_none() && !operation.binds.contains(resource) {
                    known.right = Some(state.clone());
                }
            }
            for resource in row.when.0.keys().filter(|key| file.resources.contains_key(*key)) {
                let known = states.entry(resource.clone()).or_default();
                known.named.extend(row.when.names(resource).into_iter().map(str::to_owned));
            }
        }
    }
    for (name, resource) in &file.resources {
        if let (Some(known), Some(state)) = (states.get_mut(name), resource.fixtures.keys().next()) {
            known.right.get_or_insert_with(|| state.clone());
            known.named.insert(state.clone());
        }
    }
    // Only now the right state of every parent is known, in whatever order they are written.
    for (name, resource) in &file.resources {
        if let Some(state) = made_in(name, resource, operations, &states)
            && let Some(known) = states.get_mut(name)
        {
            known.made_in = Some(state);
        }
    }
    for known in states.values_mut() {
        if let Some(right) = known.right.as_ref().and_then(|right| known.named.get_index_of(right)) {
            known.named.move_index(right, 0);
        }
    }
    states
}

/// The state of a resource's parent in which the resource is made, where no row makes it in the parent's right state.
fn made_in(
    name: &str,
    resource: &WrittenResource,
    operations: &[Operation],
    states: &IndexMap<String, States>,
) -> Option<String> {
    let parent = resource.parent.as_ref()?;
    let right = states.get(parent).and_then(|known| known.right.as_deref());
    let mut first = None;
    for operation in operations.iter().filter(|it| it.binds.contains(parent) && !it.binds.iter().any(|it| it == name)) {
        for row in operation.rows.values().filter(|row| row.then.iter().any(|branch| branch.leads.contains_key(name))) {
            let words = row.when.names(parent);
            if words.is_empty() || words.iter().any(|word| Some(*word) == right) {
                return None;
            }
            first = first.or_else(|| words.first().map(|word| (*word).to_owned()));
        }
    }
    first
}
