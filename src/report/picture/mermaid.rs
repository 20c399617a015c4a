//! State machines as a Mermaid diagram, which many readers of Markdown draw.

use super::{Machine, MachineState};
use crate::text::visible;

/// One diagram; each resource is a compartment of it.
pub fn mermaid(machines: &[Machine]) -> String {
    let mut text = String::from("stateDiagram-v2\n    direction LR\n");
    for machine in machines.iter().filter(|machine| !machine.states.is_empty()) {
        let (name, id) = (label(&machine.resource), identifier(&machine.resource));
        text += &format!("    state \"{name}\" as {id} {{\n        direction LR\n");
        for line in machine_lines(machine) {
            text += &format!("        {line}\n");
        }
        text += "    }\n";
    }
    text
}

fn machine_lines(machine: &Machine) -> Vec<String> {
    let ids: Vec<String> = machine.states.iter().map(|state| state_id(machine, state)).collect();
    let states: Vec<(&MachineState, &String)> = machine.states.iter().zip(&ids).collect();
    let named = states.iter().map(|(state, id)| format!("state \"{}\" as {id}", label(&state.name)));
    let moves = machine.edges.iter().map(|edge| {
        let (from, to) = (end_id(&ids, edge.from), end_id(&ids, Some(edge.to)));
        format!("{from} --> {to} : {}", label_lines(&edge.rows))
    });
    let stays = states.iter().filter(|(state, _)| !state.stays.is_empty());
    let stays = stays.map(|(state, id)| format!("{id} --> {id} : {}", label_lines(&state.stays)));
    let fixtures = states.iter().filter_map(|(state, id)| {
        let variable = state.fixture.as_ref()?;
        Some(format!("note right of {id} : supplied by {variable}"))
    });
    named.chain(moves).chain(stays).chain(fixtures).collect()
}

/// The id of the state at an end of an edge, or the dot for nothing.
fn end_id(ids: &[String], end: Option<usize>) -> &str {
    end.and_then(|position| ids.get(position)).map_or("[*]", String::as_str)
}

fn state_id(machine: &Machine, state: &MachineState) -> String {
    format!("{}_{}", identifier(&machine.resource), identifier(&state.name))
}

/// Rows, one below the other.
fn label_lines(rows: &[String]) -> String {
    rows.iter().map(|row| label(row)).collect::<Vec<_>>().join("<br/>")
}

/// A name as a label: it ends neither the label nor the line, and is not markup.
fn label(name: &str) -> String {
    let mut text = String::new();
    for letter in visible::line(name).chars() {
        if letter.is_alphanumeric() || " _-./,:()+".contains(letter) {
            text.push(letter);
        } else {
            text += &format!("#{};", u32::from(letter));
        }
    }
    text
}

/// A name as an identifier of the diagram.
fn identifier(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}
