//! The codes of mistakes and departures, the verdicts and the exit codes, from their lists.

use super::markdown_page::MarkdownPage;
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
    page.glossary(["exit code", "means"], Exit::ALL.map(|(_, code, meaning)| (code, meaning)));
    page.heading(3, "What a case comes to");
    let schema = schemars::schema_for!(Verdict).to_value();
    let mut verdicts = SchemaNode(&schema).choices().unwrap_or(Vec::new());
    verdicts.sort_by_key(|(word, _)| Verdict::ALL.iter().position(|verdict| verdict.as_str() == *word));
    page.glossary(["verdict", "means"], verdicts);
    page.heading(3, "How an answer departs from what is documented");
    page.glossary(["code", "means"], FindingCode::ALL.iter().map(|(code, meaning)| (code.as_str(), *meaning)));
    page.heading(3, "What is wrong with a contract");
    page.glossary(["code", "what is wrong, and what is right"], Code::ALL.iter().map(|code| (code, code.explain())));
    page.heading(3, "What a run writes");
    let formats = FORMATS.iter().map(|format| (format!("--report-{} FILE", format.name), format.about));
    page.glossary(["option", "is"], formats);
}
