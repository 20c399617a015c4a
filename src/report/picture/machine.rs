//! The state machine of a resource: its states, the rows that lead from one to another, and those that do not change it.

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
    pub states: Vec<MachineState>,
    /// The transitions, one for each pair of states.
    pub edges: Vec<MachineEdge>,
    /// The rows that answer in any state, and do not change it.
    pub anywhere: Vec<String>,
    /// The rows about an id that is not one of ours, or no id at all.
    pub strangers: Vec<String>,
}

/// A state of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineState {
    /// Its name.
    pub name: String,
    /// The environment variable that holds the id of a resource in it, where an engineer supplies one.
    pub fixture: Option<String>,
    /// The rows that answer in it and do not change it: `operation/row`.
    pub stays: Vec<String>,
}

/// A way from a state, or from nothing, to another state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineEdge {
    /// The state's position; none before the resource is made.
    pub from: Option<usize>,
    /// The state's position.
    pub to: usize,
    /// The rows that lead there: `operation/row`.
    pub rows: Vec<String>,
}

/// The state machines of a vendor's resources.
pub fn machines(vendor: &Vendor) -> Vec<Machine> {
    let machines = vendor.file.resources.iter().map(|(name, resource)| {
        let mut machine = Machine { parent: resource.parent.clone(), ..Machine::new(name) };
        for operation in &vendor.operations {
            let space = vendor.space(operation);
            for row in operation.rows.values() {
                machine.add_row(operation, space, row);
            }
        }
        for (state, variable) in &resource.fixtures {
            machine.state_position(state);
            machine.state_mut(state).for_each(|state| state.fixture = Some(variable.clone()));
        }
        machine
    });
    machines.collect()
}

impl Machine {
    /// The machine of a resource of which no row is known yet.
    pub(super) fn new(resource: &str) -> Self {
        Self { resource: resource.to_owned(), ..Self::default() }
    }

    fn add_row(&mut self, operation: &Operation, space: &Space, row: &Row) {
        let name = format!("{}/{}", operation.name, row.name);
        if !operation.binds.contains(&self.resource) {
            for branch in &row.then {
                if let Some(state) = branch.leads.get(&self.resource) {
                    self.add_creation(state, &branch_label(&name, operation, row, branch));
                }
            }
            return;
        }
        let Some(position) = space.position(&self.resource) else { return };
        let region = space.region(row);
        if position >= region.named {
            return push_once(&mut self.anywhere, &name);
        }
        for choice in region.choices(position) {
            let state = space.choice(position, choice);
            if WRONG.contains(&state) {
                push_once(&mut self.strangers, &name);
                continue;
            }
            for branch in &row.then {
                let next = branch.leads.get(&self.resource).map(String::as_str);
                self.add_answer(state, next, &branch_label(&name, operation, row, branch));
            }
        }
    }

    /// Adds a row that makes the resource.
    pub(super) fn add_creation(&mut self, state: &str, row: &str) {
        let to = self.state_position(state);
        self.add_edge(None, to, row);
    }

    /// Adds a row that answers in a state, and leads to the next one if it does not leave it as it is.
    pub(super) fn add_answer(&mut self, state: &str, next: Option<&str>, row: &str) {
        let from = self.state_position(state);
        match next.filter(|next| *next != state) {
            None => self.state_mut(state).for_each(|own| push_once(&mut own.stays, row)),
            Some(next) => {
                let to = self.state_position(next);
                self.add_edge(Some(from), to, row);
            }
        }
    }

    /// The position of a state, which is added where it is new.
    fn state_position(&mut self, name: &str) -> usize {
        self.states.iter().position(|state| state.name == name).unwrap_or_else(|| {
            self.states.push(MachineState { name: name.to_owned(), ..MachineState::default() });
            self.states.len() - 1
        })
    }

    fn state_mut(&mut self, name: &str) -> impl Iterator<Item = &mut MachineState> {
        self.states.iter_mut().filter(move |state| state.name == name)
    }

    fn add_edge(&mut self, from: Option<usize>, to: usize, row: &str) {
        match self.edges.iter_mut().find(|edge| edge.from == from && edge.to == to) {
            Some(edge) => push_once(&mut edge.rows, row),
            None => self.edges.push(MachineEdge { from, to, rows: vec![row.to_owned()] }),
        }
    }
}

/// A row's name, with the outcome where it is the outcome that decides on the state.
fn branch_label(name: &str, operation: &Operation, row: &Row, branch: &Branch) -> String {
    let decides = row.then.iter().any(|other| other.leads != branch.leads);
    if decides { format!("{name} ({})", operation[branch.outcome].name) } else { name.to_owned() }
}

/// Adds a name that is not there yet.
pub(super) fn push_once(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}
