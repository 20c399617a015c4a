//! The state machine of a resource: its states, the rows that lead from one to another, and those that leave it alone.

use crate::contract::condition::{Space, WRONG};
use crate::contract::{Branch, Operation, Row, Vendor};

/// The state machine of one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// The resource.
    pub resource: String,
    /// The resource inside which it lives.
    pub parent: Option<String>,
    /// The states, in the order in which rows lead to them or name them.
    pub states: Vec<State>,
    /// The transitions, one for each pair of states.
    pub edges: Vec<Edge>,
    /// The rows that answer whatever the state, and leave it alone.
    pub anywhere: Vec<String>,
    /// The rows about an id that is none of ours, or none at all.
    pub strangers: Vec<String>,
}

/// A state of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Its name.
    pub name: String,
    /// The environment variable that holds the id of a resource in it, where an engineer supplies one.
    pub fixture: Option<String>,
    /// The rows that answer in it and leave it: `operation/row`.
    pub stays: Vec<String>,
}

/// What leads from a state, or from nothing, to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The state's position; none is nothing, before the resource is made.
    pub from: Option<usize>,
    /// The state's position.
    pub to: usize,
    /// The rows that lead there: `operation/row`.
    pub rows: Vec<String>,
}

/// The state machines of a vendor's resources.
pub fn machines(vendor: &Vendor) -> Vec<Machine> {
    vendor
        .file
        .resources
        .iter()
        .map(|(name, resource)| {
            let mut machine = Machine { resource: name.clone(), parent: resource.parent.clone(), ..Machine::default() };
            for operation in &vendor.operations {
                let space = vendor.space(operation);
                for row in operation.rows.values() {
                    machine.add(operation, space, row);
                }
            }
            for (state, variable) in &resource.fixtures {
                let index = machine.state(state);
                if let Some(state) = machine.states.get_mut(index) {
                    state.fixture = Some(variable.clone());
                }
            }
            machine
        })
        .collect()
}

impl Machine {
    fn add(&mut self, operation: &Operation, space: &Space, row: &Row) {
        let name = format!("{}/{}", operation.name, row.name);
        if !operation.binds.contains(&self.resource) {
            for branch in &row.then {
                if let Some(state) = branch.leads.get(&self.resource) {
                    let to = self.state(state);
                    self.edge(None, to, named(&name, operation, row, branch));
                }
            }
            return;
        }
        let Some(position) = space.position(&self.resource) else { return };
        let region = space.region(row);
        if position >= region.named {
            return push(&mut self.anywhere, name);
        }
        for choice in region.choices(position) {
            let state = space.choice(position, choice);
            if WRONG.contains(&state) {
                push(&mut self.strangers, name.clone());
            } else {
                self.row_in(state, &name, operation, row);
            }
        }
    }

    /// A row that answers in a state.
    fn row_in(&mut self, state: &str, name: &str, operation: &Operation, row: &Row) {
        let from = self.state(state);
        for branch in &row.then {
            let next = branch.leads.get(&self.resource).map(|state| self.state(state));
            match next.filter(|next| *next != from) {
                Some(to) => self.edge(Some(from), to, named(name, operation, row, branch)),
                None => {
                    if let Some(state) = self.states.get_mut(from) {
                        push(&mut state.stays, named(name, operation, row, branch));
                    }
                }
            }
        }
    }

    fn state(&mut self, name: &str) -> usize {
        self.states.iter().position(|state| state.name == name).unwrap_or_else(|| {
            self.states.push(State { name: name.to_owned(), ..State::default() });
            self.states.len() - 1
        })
    }

    fn edge(&mut self, from: Option<usize>, to: usize, row: String) {
        match self.edges.iter_mut().find(|edge| edge.from == from && edge.to == to) {
            Some(edge) => push(&mut edge.rows, row),
            None => self.edges.push(Edge { from, to, rows: vec![row] }),
        }
    }
}

/// A row's name, with the outcome where it is the outcome that decides on the state.
fn named(name: &str, operation: &Operation, row: &Row, branch: &Branch) -> String {
    if row.then.iter().all(|other| other.leads == branch.leads) {
        name.to_owned()
    } else {
        format!("{name} ({})", operation[branch.outcome].name)
    }
}

fn push(names: &mut Vec<String>, name: String) {
    if !names.contains(&name) {
        names.push(name);
    }
}
