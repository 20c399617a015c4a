//! A sequence as a script for a POSIX shell: ids are taken from the answers as they come, secrets are variables.

use crate::contract::Vendor;
use crate::http::exchange::Request;
use crate::run::curl::Named;
use crate::run::shell::{quoted, variable};
use crate::run::teller::Teller;
use crate::text::source::pointer_segments;
use crate::text::visible;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One request of a script.
pub(crate) struct ScriptLine<'a> {
    /// The request as it was sent.
    pub(crate) request: &'a Request,
    /// The values of references in it that are in no answer.
    pub(crate) drawn: &'a BTreeMap<String, Value>,
    /// The comment above it.
    pub(crate) comment: String,
    /// The variables that are taken from its answer: name, and JSON Pointer.
    pub(crate) takes: Vec<(String, &'a str)>,
    /// Whether the next one is sent before its answer has come.
    pub(crate) at_once: bool,
    /// The seconds in which nothing is asked before it.
    pub(crate) pause: f64,
}

/// The script; `named` are the texts that variables have by then.
pub(crate) fn script(teller: &Teller<'_>, vendor: &Vendor, lines: &[ScriptLine<'_>], named: &[Named]) -> String {
    let mut longest = named.to_vec();
    longest.sort_by_key(|named| std::cmp::Reverse(named.text.len()));
    let mut body = String::new();
    let (mut needed, mut taken) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = false;
    for line in lines {
        body += &format!("# {}\n", visible::line(&line.comment.replace('\n', " ")));
        if line.pause > 0.0 {
            body += &format!("sleep {}\n", line.pause);
        }
        let flags = if line.takes.is_empty() { "-isS" } else { "-sS" };
        let command = teller.command(flags, line.request, line.drawn, &longest);
        needed.extend(command.variables.difference(&taken).cloned());
        if line.takes.is_empty() {
            let together = line.at_once && !waiting;
            let end = if together || waiting { " &" } else { "" };
            body += &format!("{}{end}\n", command.text);
            if waiting {
                body += "wait\n";
            }
            waiting = together;
        } else {
            body += &format!("answer=$({})\n", command.text);
            body += "printf '%s\\n' \"$answer\"\n";
            for (name, pointer) in &line.takes {
                let name = variable(name);
                body += &format!("{name}=$(printf '%s' \"$answer\" | jq -r {})\n", quoted(&path(pointer)));
                taken.insert(name);
            }
        }
    }
    let needed: Vec<String> = needed.into_iter().collect();
    let needs = if needed.is_empty() { String::new() } else { format!("\n# needs: {}", needed.join(", ")) };
    let name = visible::line(&vendor.name);
    let requests = if lines.len() == 1 { "1 request".to_owned() } else { format!("{} requests", lines.len()) };
    format!("#!/bin/sh\n# {name}: {requests}{needs}\n{body}")
}

/// A JSON Pointer as a path of jq.
fn path(pointer: &str) -> String {
    let steps = pointer_segments(pointer).map(|step| {
        step.parse::<usize>().map_or_else(|_| Value::from(step.as_ref()).to_string(), |index| index.to_string())
    });
    format!("getpath([{}])", steps.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_a_path_of_jq() {
        assert_eq!(path("/data/payment_link/id"), r#"getpath(["data", "payment_link", "id"])"#);
        assert_eq!(path("/items/0/a~1b"), r#"getpath(["items", 0, "a/b"])"#);
    }
}
