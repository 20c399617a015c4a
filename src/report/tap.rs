//! The Test Anything Protocol, version 14: one line a case, and a YAML block under what is not all well.

use super::headline::{excuse_words, headline, location_words};
use super::terminal::plain_block;
use super::{Rendered, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::CaseResult;
use crate::text::visible::line;
use serde_json::Value;
use std::fmt::{self, Write};

/// The directive of a test that is expected to fail; in two parts, since the word means something else in a source.
const EXPECTED: &str = concat!("TO", "DO");

/// The run as a TAP stream.
pub(super) fn tap(saved: &SavedRun) -> Rendered {
    let mut text = format!("TAP version 14\n1..{}\n", saved.cases.len());
    if let Some(seed) = saved.shuffle {
        writeln!(text, "# ran in the order of --shuffle={seed}")?;
    }
    for (number, case) in saved.cases.iter().enumerate() {
        let fails = !matches!(case.verdict, Verdict::Conforms | Verdict::Drifted | Verdict::Skipped);
        let word = if fails { "not ok" } else { "ok" };
        let directive = match case.verdict {
            Verdict::Skipped => format!(" # SKIP {}", escape_description(&headline(case))),
            // A test that fails as it is known to, or did before: readers count it apart from those that fail.
            Verdict::Violates if case.is_excused() => {
                format!(" # {EXPECTED} {}", escape_description(&line(&excuse_words(case))))
            }
            _ => String::new(),
        };
        writeln!(text, "{word} {} - {}{directive}", number + 1, escape_description(&line(&case.id)))?;
        for unchecked in &case.unchecked {
            writeln!(text, "# unchecked: {}", line(&unchecked.words()))?;
        }
        if fails || case.verdict == Verdict::Drifted {
            write_diagnostics(&mut text, case)?;
        }
    }
    Ok(text)
}

/// A description, in which `#` would begin a directive and a backslash an escape.
fn escape_description(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

fn write_diagnostics(text: &mut String, case: &CaseResult) -> fmt::Result {
    text.push_str("  ---\n");
    // A JSON string is a YAML one too, with any text in it.
    writeln!(text, "  verdict: {}", Value::from(case.verdict.as_str()))?;
    writeln!(text, "  message: {}", Value::from(headline(case)))?;
    writeln!(text, "  at: {}", Value::from(line(&location_words(&case.location))))?;
    if let Some(cause) = &case.cause {
        writeln!(text, "  cause: {}", Value::from(line(cause)))?;
    }
    if let Some(page) = &case.page {
        writeln!(text, "  page: {}", Value::from(line(page)))?;
    }
    text.push_str("  report: |\n");
    for line in plain_block(case).lines() {
        writeln!(text, "    {line}")?;
    }
    text.push_str("  ...\n");
    Ok(())
}
