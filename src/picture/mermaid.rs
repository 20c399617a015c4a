//! State machines as a Mermaid diagram, which many readers of Markdown draw.

use super::{Machine, State};

/// One diagram; each resource is a compartment of it.
pub fn mermaid(machines: &[Machine]) -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    direction LR".to_owned()];
    for machine in machines.iter().filter(|machine| !machine.states.is_empty()) {
        lines.push(format!("    state \"{}\" as {} {{", machine.resource, word(&machine.resource)));
        lines.push("        direction LR".to_owned());
        lines.extend(machine_lines(machine).into_iter().map(|line| format!("        {line}")));
        lines.push("    }".to_owned());
    }
    lines.join("\n") + "\n"
}

fn machine_lines(machine: &Machine) -> Vec<String> {
    let id = |state: &State| format!("{}_{}", word(&machine.resource), word(&state.name));
    let at = |index: usize| machine.states.get(index).map_or_else(|| "[*]".to_owned(), id);
    let mut lines = Vec::new();
    for state in &machine.states {
        lines.push(format!("state \"{}\" as {}", state.name, id(state)));
    }
    for edge in &machine.edges {
        let from = edge.from.map_or_else(|| "[*]".to_owned(), at);
        lines.push(format!("{from} --> {} : {}", at(edge.to), edge.rows.join("<br/>")));
    }
    for state in machine.states.iter().filter(|state| !state.stays.is_empty()) {
        lines.push(format!("{0} --> {0} : {1}", id(state), state.stays.join("<br/>")));
    }
    for state in &machine.states {
        if let Some(variable) = &state.fixture {
            lines.push(format!("note right of {} : supplied by {variable}", id(state)));
        }
    }
    lines
}

/// A name as an identifier of the diagram.
fn word(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}
