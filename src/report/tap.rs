//! The Test Anything Protocol, version 14: one line a case, and a YAML block under what is not all well.

use super::terminal::told;
use super::text::{headline, line};
use super::{Rendered, Saved};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, KnownInfo};
use serde_json::Value;
use std::fmt::{self, Write};

/// The directive of a test that is expected to fail; in two parts, since the word means something else in a source.
const EXPECTED: &str = concat!("TO", "DO");

pub(super) fn render(saved: &Saved) -> Rendered {
    let mut text = format!("TAP version 14\n1..{}\n", saved.cases.len());
    for (number, case) in saved.cases.iter().enumerate() {
        let fails = !matches!(case.verdict, Verdict::Conforms | Verdict::Drifted | Verdict::Skipped);
        let word = if fails { "not ok" } else { "ok" };
        let directive = match case.verdict {
            Verdict::Skipped => format!(" # SKIP {}", escaped(&headline(case))),
            // A test that fails as it is known to: readers count it apart from those that fail.
            Verdict::Violates if case.is_known() => format!(" # {EXPECTED} {}", escaped(&line(&known(case)))),
            _ => String::new(),
        };
        writeln!(text, "{word} {} - {}{directive}", number + 1, escaped(&line(&case.id)))?;
        if fails || case.verdict == Verdict::Drifted {
            diagnostics(&mut text, case)?;
        }
    }
    Ok(text)
}

fn known(case: &CaseResult) -> String {
    case.known().into_iter().map(KnownInfo::words).collect::<Vec<_>>().join("; ")
}

/// A description, in which `#` would begin a directive and a backslash an escape.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

fn diagnostics(text: &mut String, case: &CaseResult) -> fmt::Result {
    let place = format!("{}:{}:{}", case.location.file, case.location.line, case.location.column);
    let page = case.page.as_deref().map(line);
    let entries = [
        ("verdict", Some(case.verdict.to_string())),
        ("message", Some(headline(case))),
        ("at", Some(line(&place))),
        ("page", page),
    ];
    text.push_str("  ---\n");
    for (name, value) in entries {
        // A JSON string is a YAML one too, whatever stands in it.
        if let Some(value) = value {
            writeln!(text, "  {name}: {}", Value::from(value))?;
        }
    }
    text.push_str("  told: |\n");
    for told in told(case).lines() {
        writeln!(text, "    {told}")?;
    }
    text.push_str("  ...\n");
    Ok(())
}
