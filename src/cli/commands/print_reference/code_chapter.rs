//! The codes of mistakes and departures, the verdicts and the exit codes, from their lists.

use super::markdown_page::{MarkdownPage, typed};
use super::schema_node::SchemaNode;
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::report::{Exit, FORMATS};
use proviso::text::diagnostic::Code;

/// Writes the chapters.
pub(super) fn write_codes(page: &mut MarkdownPage) {
    page.heading(2, "Codes");
    page.push("`proviso explain CODE` says the same of one.\n");
    page.heading(3, "How a run ends");
    page.table(["exit code", "means"], Exit::ALL.map(|(_, code, meaning)| [typed(code), meaning.to_owned()]));
    page.heading(3, "What a case comes to");
    page.table(["verdict", "means"], verdict_rows());
    page.heading(3, "How an answer departs from what is documented");
    let findings = FindingCode::ALL.iter().map(|(code, meaning)| [typed(code.as_str()), (*meaning).to_owned()]);
    page.table(["code", "means"], findings);
    page.heading(3, "What is wrong with a contract");
    let mistakes = Code::ALL.iter().map(|code| [typed(code), code.explain().to_owned()]);
    page.table(["code", "what is wrong, and what is right"], mistakes);
    page.heading(3, "What a run writes");
    let formats =
        FORMATS.iter().map(|format| [typed(format!("--report-{} FILE", format.name)), format.about.to_owned()]);
    page.table(["option", "is"], formats);
}

/// The verdicts with their meanings from where they are defined.
fn verdict_rows() -> Vec<[String; 2]> {
    let schema = schemars::schema_for!(Verdict).to_value();
    let meanings = SchemaNode(&schema).choices().into_iter().flatten();
    let rows = meanings.map(|(word, meaning)| [typed(word), meaning.to_owned()]);
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|[word, _]| Verdict::ALL.iter().position(|verdict| typed(verdict) == *word));
    rows
}
