//! State machines as a Mermaid diagram, which many readers of Markdown draw.

use super::{Machine, State};
use crate::text::visible;

/// One diagram; each resource is a compartment of it.
pub fn mermaid(machines: &[Machine]) -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    direction LR".to_owned()];
    for machine in machines.iter().filter(|machine| !machine.states.is_empty()) {
        lines.push(format!("    state \"{}\" as {} {{", shown(&machine.resource), word(&machine.resource)));
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
        lines.push(format!("state \"{}\" as {}", shown(&state.name), id(state)));
    }
    for edge in &machine.edges {
        let from = edge.from.map_or_else(|| "[*]".to_owned(), at);
        lines.push(format!("{from} --> {} : {}", at(edge.to), rows(&edge.rows)));
    }
    for state in machine.states.iter().filter(|state| !state.stays.is_empty()) {
        lines.push(format!("{0} --> {0} : {1}", id(state), rows(&state.stays)));
    }
    for state in &machine.states {
        if let Some(variable) = &state.fixture {
            lines.push(format!("note right of {} : supplied by {variable}", id(state)));
        }
    }
    lines
}

/// Rows, one below the other.
fn rows(rows: &[String]) -> String {
    rows.iter().map(|row| shown(row)).collect::<Vec<_>>().join("<br/>")
}

/// A name as a label: it ends neither the label nor the line, and is no markup.
fn shown(name: &str) -> String {
    let sign = |letter: char| !letter.is_alphanumeric() && !" _-./,:()+".contains(letter);
    visible::line(name).chars().fold(String::new(), |text, letter| match letter {
        letter if sign(letter) => text + &format!("#{};", u32::from(letter)),
        letter => text + letter.encode_utf8(&mut [0; 4]),
    })
}

/// A name as an identifier of the diagram.
fn word(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}
