//! Coverage for a person to read, and the same as JSON.

use super::{Coverage, Share, Shares, State, Subject};
use crate::report::text::{count, inert, line as one_line};
use serde_json::{Value, json};
use std::fmt::Write;

impl Share {
    /// The share in words: `38 of 40 causes that can be exercised (2 cannot)`.
    pub fn words(self, noun: &str) -> String {
        let of = if self.excused == 0 {
            format!("{} of {}", self.exercised, count(self.total, noun))
        } else {
            format!("{} of {} that can be exercised", self.exercised, count(self.due(), noun))
        };
        match self.excused {
            0 => of,
            excused => format!("{of} ({excused} cannot)"),
        }
    }
}

impl Shares {
    /// Both shares in words.
    pub fn words(self) -> String {
        format!("{}, {}", self.causes.words("documented cause"), self.clauses.words("clause"))
    }
}

/// All of it as indented lines: totals, then what is missing or remarkable page by page.
pub fn text(coverage: &Coverage) -> String {
    let mut text = String::new();
    let all = coverage.shares();
    total(&mut text, "causes", "documented cause", all.causes);
    total(&mut text, "clauses", "clause", all.clauses);
    let vendors = coverage.vendors();
    let by_vendor = vendors.iter().map(|vendor| ((*vendor).to_owned(), coverage.of_vendor(vendor).shares()));
    let by_target = coverage.targets.iter().map(|target| (format!("on {target}"), coverage.on(target)));
    let mut parts: Vec<(String, Shares)> = Vec::new();
    if vendors.len() > 1 {
        parts.extend(by_vendor);
    }
    if coverage.targets.len() > 1 {
        parts.extend(by_target);
    }
    if !parts.is_empty() {
        push(&mut text, "");
        table(&mut text, &parts);
    }
    for page in &coverage.pages {
        subject(&mut text, page);
    }
    inert(&text)
}

/// Parts of the whole, a line each: of what can be exercised, how much was.
fn table(text: &mut String, parts: &[(String, Shares)]) {
    let cell = |share: Share| format!("{}/{}", share.exercised, share.due());
    let wide = |of: &dyn Fn(&(String, Shares)) -> String| parts.iter().map(|part| of(part).chars().count()).max();
    let name = wide(&|part| part.0.clone()).unwrap_or_default();
    let causes = wide(&|part| cell(part.1.causes)).unwrap_or_default();
    let clauses = wide(&|part| cell(part.1.clauses)).unwrap_or_default();
    for (part, Shares { causes: own, clauses: said }) in parts {
        let (own, said) = ((cell(*own), percent(*own)), (cell(*said), percent(*said)));
        push(
            text,
            &format!(
                "{part:<name$}  {:>causes$} {:>4} of causes  {:>clauses$} {:>4} of clauses",
                own.0, own.1, said.0, said.1
            ),
        );
    }
}

fn percent(share: Share) -> String {
    share.percent().map_or_else(|| "-".to_owned(), |percent| format!("{percent}%"))
}

fn total(text: &mut String, name: &str, noun: &str, share: Share) {
    push(text, &format!("{name:<8} {:>4}  {}", percent(share), share.words(noun)));
}

fn subject(text: &mut String, page: &Subject) {
    push(text, "");
    push(text, &format!("{}/{}  {}", page.vendor, page.operation, page.url));
    push(text, &format!("  {}", page.shares().words()));
    for state in State::ALL.into_iter().filter(|state| *state != State::Exercised) {
        for cause in page.causes.iter().filter(|cause| cause.state == state) {
            entry(text, state.as_str(), &cause.row, cause.why.as_deref());
        }
    }
    for cause in &page.causes {
        if let Some(contradiction) = &cause.contradiction {
            let seen =
                contradiction.seen.iter().map(|(target, seen)| format!("{target} answers {}", seen.join(" and ")));
            let seen: Vec<String> = seen.collect();
            let seen = if seen.is_empty() { "none was seen".to_owned() } else { seen.join("; ") };
            entry(text, "contradictory", &cause.row, Some(&format!("{}: {seen}", contradiction.outcomes.join(" or "))));
        }
    }
    for state in State::ALL.into_iter().filter(|state| *state != State::Exercised) {
        for clause in page.clauses.iter().filter(|clause| clause.state == state) {
            entry(text, state.as_str(), &clause.id, clause.why.as_deref());
        }
    }
}

fn entry(text: &mut String, word: &str, name: &str, why: Option<&str>) {
    let why = why.map(|why| format!(": {}", why.trim_end())).unwrap_or_default();
    push(text, &format!("  {word:<13}  {name}{why}"));
}

fn push(text: &mut String, said: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", one_line(said.trim_end()));
}

impl Coverage {
    /// All of it as JSON: the totals, by target, by vendor, and every cause and statement by page.
    pub fn json(&self) -> Value {
        let shares = |shares: Shares| json!({ "causes": share(shares.causes), "clauses": share(shares.clauses) });
        let targets = self.targets.iter().map(|target| (target.clone(), shares(self.on(target))));
        let vendors =
            self.vendors().into_iter().map(|vendor| (vendor.to_owned(), shares(self.of_vendor(vendor).shares())));
        json!({
            "version": 1,
            "total": shares(self.shares()),
            "targets": targets.collect::<serde_json::Map<_, _>>(),
            "vendors": vendors.collect::<serde_json::Map<_, _>>(),
            "pages": self.pages,
        })
    }
}

fn share(share: Share) -> Value {
    json!({
        "exercised": share.exercised,
        "excused": share.excused,
        "total": share.total,
        "percent": share.percent(),
    })
}
