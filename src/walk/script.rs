//! A sequence as a script for a POSIX shell: ids are taken from the answers as they come, secrets are variables.

use crate::contract::Vendor;
use crate::exchange::Request;
use crate::run::Teller;

/// One request of a script.
pub(crate) struct Line<'a> {
    /// The request as it was sent.
    pub(crate) request: &'a Request,
    /// What it is to show, in words.
    pub(crate) says: String,
    /// The variables that are taken from its answer: name, and JSON Pointer.
    pub(crate) takes: Vec<(String, String)>,
    /// Whether the next one is sent before its answer has come.
    pub(crate) at_once: bool,
    /// How many seconds nothing is asked before it.
    pub(crate) pause: f64,
}

/// The script; `named` are the texts that stand in variables by then: text to name.
pub(crate) fn script(teller: &Teller<'_>, vendor: &Vendor, lines: &[Line<'_>], named: &[(String, String)]) -> String {
    let mut longest = named.to_vec();
    longest.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let mut body = String::new();
    let mut waiting = false;
    for line in lines {
        body += &format!("# {}\n", line.says.replace('\n', " "));
        if line.pause > 0.0 {
            body += &format!("sleep {}\n", line.pause);
        }
        if line.takes.is_empty() {
            let together = line.at_once && !waiting;
            let end = if together || waiting { " &" } else { "" };
            body += &format!("{}{end}\n", teller.command("-isS", line.request, &longest));
            if waiting {
                body += "wait\n";
            }
            waiting = together;
        } else {
            body += &format!("answer=$({})\n", teller.command("-sS", line.request, &longest));
            body += "printf '%s\\n' \"$answer\"\n";
            for (name, pointer) in &line.takes {
                body += &format!("{name}=$(printf '%s' \"$answer\" | jq -r '{}')\n", path(pointer));
            }
        }
    }
    let secrets = vendor.file.credentials.values().map(|credential| credential.env.as_str());
    let needed: Vec<&str> = secrets.filter(|name| stands_in(&body, name)).collect();
    let needs = if needed.is_empty() { String::new() } else { format!("\n# needs: {}", needed.join(", ")) };
    format!("#!/bin/sh\n# {}: {} requests{needs}\n{body}", vendor.name, lines.len())
}

/// Whether a variable is used.
fn stands_in(text: &str, name: &str) -> bool {
    let used = format!("${name}");
    text.match_indices(&used).any(|(at, found)| {
        let next = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

/// A JSON Pointer as a path of jq.
fn path(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).map(|step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        step.parse::<usize>().map_or_else(|_| serde_json::Value::from(step).to_string(), |index| index.to_string())
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

    #[test]
    fn a_variable_is_used_only_under_its_whole_name() {
        assert!(stands_in("-u \"$KEY:\"", "KEY") && !stands_in("$KEY_2", "KEY") && !stands_in("KEY", "KEY"));
    }
}
