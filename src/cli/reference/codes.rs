//! The codes of mistakes and departures, the verdicts and the exit codes, from their lists.

use super::{heading, table, typed};
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::report::Exit;
use proviso::report::FORMATS;
use proviso::text::diagnostic::Code;
use serde_json::Value;

/// Writes the chapters.
pub(super) fn write(page: &mut String) {
    heading(page, 2, "Codes");
    page.push_str("`proviso explain CODE` says the same of one.\n");
    heading(page, 3, "How a run ends");
    let exits = Exit::ALL.iter().map(|(_, code, meaning)| vec![typed(code), (*meaning).to_owned()]);
    table(page, &["exit code", "means"], exits);
    heading(page, 3, "What a case comes to");
    table(page, &["verdict", "means"], verdicts());
    heading(page, 3, "How an answer departs from what is documented");
    let findings = FindingCode::ALL.iter().map(|(code, meaning)| vec![typed(code.as_str()), (*meaning).to_owned()]);
    table(page, &["code", "means"], findings);
    heading(page, 3, "What is wrong with a contract");
    let mistakes = Code::ALL.iter().map(|code| vec![typed(code), code.explain().to_owned()]);
    table(page, &["code", "what is wrong, and what is right"], mistakes);
    heading(page, 3, "What a run writes");
    let formats =
        FORMATS.iter().map(|format| vec![typed(format!("--report-{} FILE", format.name)), format.about.to_owned()]);
    table(page, &["option", "is"], formats);
}

/// The verdicts with what is said of them where they are defined.
fn verdicts() -> Vec<Vec<String>> {
    let schema = schemars::schema_for!(Verdict).to_value();
    let meaning = |word: &str| {
        let forms = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let own = forms.into_iter().find(|form| form.get("const").is_some_and(|known| known == word));
        own.and_then(|form| form.get("description")?.as_str()).unwrap_or_default().to_owned()
    };
    Verdict::ALL.iter().map(|verdict| vec![typed(verdict), meaning(verdict.as_str())]).collect()
}
