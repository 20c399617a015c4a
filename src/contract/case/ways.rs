//! How a state of a resource is reached: the shortest path of documented rows from nothing.

use crate::contract::case::compile::{Arranged, arrangements};
use crate::contract::condition::Draft;
use crate::contract::{Operation, Row, RowId, Vendor};
use std::collections::{HashMap, VecDeque};

/// One row on the way to a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The row.
    pub row: RowId,
    /// The request, with where the ids of the resources beside the one on its way come from.
    pub draft: Draft,
    /// The state that it is to lead to.
    pub state: String,
}

/// The ways to every state of a vendor's resources that rows lead to.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    ways: HashMap<(String, String), Vec<Step>>,
}

/// A transition that a row documents for a resource: from a state, or from nothing, to another.
struct Edge {
    from: Option<String>,
    step: Step,
}

impl Ways {
    /// The ways of a vendor.
    pub fn of(vendor: &Vendor) -> Self {
        let mut ways = HashMap::new();
        for resource in vendor.file.resources.keys() {
            let edges = edges(vendor, resource);
            for (state, way) in shortest(&edges) {
                ways.insert((resource.clone(), state), way);
            }
        }
        Self { ways }
    }

    /// The way to a state of a resource.
    pub fn to(&self, resource: &str, state: &str) -> Option<&[Step]> {
        self.ways.get(&(resource.to_owned(), state.to_owned())).map(Vec::as_slice)
    }
}

/// Every documented transition of a resource, in the order of the table.
fn edges(vendor: &Vendor, resource: &str) -> Vec<Edge> {
    let mut edges = Vec::new();
    for operation in &vendor.operations {
        for row in operation.rows.values().filter(|row| row.not_inducible.is_none() && !row.may) {
            let targets = row.then.iter().filter_map(|branch| branch.leads.get(resource));
            for state in targets {
                edges.extend(edges_of(vendor, operation, row, resource, state));
            }
        }
    }
    edges
}

fn edges_of(vendor: &Vendor, operation: &Operation, row: &Row, resource: &str, state: &str) -> Vec<Edge> {
    let space = vendor.space(operation);
    let own = space.position(resource);
    if own.is_none() && operation.binds.iter().any(|bound| bound == resource) {
        return Vec::new();
    }
    let edges = arrangements(vendor, operation, row).into_iter().map(|Arranged { point, draft, .. }| {
        let from = own.and_then(|own| Some(space.choice(own, *point.get(own)?).to_owned()));
        Edge { from, step: Step { row: row.id, draft, state: state.to_owned() } }
    });
    edges.collect()
}

/// The shortest way to each state, breadth first.
fn shortest(edges: &[Edge]) -> HashMap<String, Vec<Step>> {
    let mut found: HashMap<String, Vec<Step>> = HashMap::new();
    let mut queue: VecDeque<(Option<String>, Vec<Step>)> = VecDeque::from([(None, Vec::new())]);
    while let Some((state, way)) = queue.pop_front() {
        for edge in edges.iter().filter(|edge| edge.from == state) {
            if found.contains_key(&edge.step.state) {
                continue;
            }
            let longer: Vec<Step> = way.iter().cloned().chain([edge.step.clone()]).collect();
            found.insert(edge.step.state.clone(), longer.clone());
            queue.push_back((Some(edge.step.state.clone()), longer));
        }
    }
    found
}
