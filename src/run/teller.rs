//! From what was sent and found to what is told: redacted, located, and with a command line that sends it again.

use crate::contract::{Operation, Outcome, Row, RowId};
use crate::http::exchange::{Exchange, Headers, Request};
use crate::judge::check::Finding;
use crate::run::event::{ClauseInfo, ExchangeInfo, FindingInfo, Location, Purpose};
use crate::text::secret::{Redactor, Showing, ShownParts, is_secret, variable};
use crate::text::source::{Place, Sources};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::SystemTime;

/// An exchange of a case, as it was observed.
#[derive(Clone)]
pub struct Observation {
    /// The purpose.
    pub purpose: Purpose,
    /// `operation/row`.
    pub step: String,
    /// The row that the request was sent for.
    pub row: RowId,
    /// When it began.
    pub started: SystemTime,
    /// The request and the answer.
    pub exchange: Exchange,
    /// The answer's body as it is told, where it is too long to be kept whole; and whether that is not how it came.
    pub long: Option<(String, bool)>,
    /// The values of references that no answer shows.
    pub drawn: BTreeMap<String, Value>,
    /// The places in the answer that are shown although they have the name of a secret.
    pub shown: ShownParts,
}

/// A request, told.
pub(super) struct Sent {
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
}

/// Tells exchanges and findings of one run.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// The files that the contracts were read from.
    pub sources: &'a Sources,
    /// The redactor, which keeps secrets out.
    pub redactor: &'a Redactor,
}

/// The bytes of a body that are told; what is longer is cut.
const LONGEST: usize = 64 * 1024;

impl Teller<'_> {
    /// An exchange, told.
    pub fn exchange(&self, observed: &Observation) -> ExchangeInfo {
        let Observation { purpose, step, started, exchange, long, drawn, shown, .. } = observed;
        let request = &exchange.request;
        let sent = self.sent(request, drawn);
        let response = exchange.response();
        let showing = Showing::Answer(shown);
        let answered = || response.map(|response| self.body(&response.body, showing));
        let (answer, incomplete) = long.clone().or_else(answered).unzip();
        ExchangeInfo {
            purpose: *purpose,
            step: step.clone(),
            method: request.method.clone(),
            url: sent.url,
            headers: sent.headers,
            body: sent.body,
            status: response.map(|response| response.status),
            answer_headers: response.map(|response| self.headers(&response.headers, showing)).unwrap_or_default(),
            answer,
            incomplete: incomplete.unwrap_or_default(),
            failure: exchange.result.as_ref().err().map(|failure| self.text(&failure.to_string())),
            earlier_tries: exchange.earlier.len(),
            acted_before: exchange.may_have_acted_before(),
            drawn: drawn.iter().map(|(name, value)| (name.clone(), self.value(value))).collect(),
            curl: self.command("-i", request, drawn, &[]).text,
            started: humantime::format_rfc3339_millis(*started).to_string(),
            took: exchange.took,
        }
    }

    /// Takes a long body out of an exchange, and gives what will be told of it: many lanes keep what they observed.
    pub fn take_long(&self, exchange: &mut Exchange, shown: &ShownParts) -> Option<(String, bool)> {
        let body = &mut exchange.result.as_mut().ok()?.body;
        (body.len() > LONGEST).then(|| self.body(&std::mem::take(body), Showing::Answer(shown)))
    }

    /// A request, as it is reported.
    pub(super) fn sent(&self, request: &Request, drawn: &BTreeMap<String, Value>) -> Sent {
        let showing = Showing::Request(drawn);
        Sent {
            url: self.showing(&request.url, showing),
            headers: self.headers(&request.headers, showing),
            body: request.body.as_deref().map(|body| self.body(body, showing).0),
        }
    }

    fn headers(&self, headers: &Headers, showing: Showing<'_>) -> Vec<(String, String)> {
        let told = |(name, value): (&str, &str)| {
            (self.text(name), self.redactor.redact_header(name, value, showing).into_owned())
        };
        headers.iter().map(told).collect()
    }

    /// A finding, told.
    pub fn finding(&self, finding: &Finding, operation: &Operation) -> FindingInfo {
        FindingInfo {
            code: finding.code,
            message: self.text(&inferred_words(finding.words(), finding.inferred.as_deref())),
            place: self.text(&finding.place),
            clause: finding.clause.as_ref().and_then(|id| clause(operation, id)),
            also: Vec::new(),
            location: self.location(&finding.at),
            inferred: finding.inferred.clone(),
            expected: finding.expected.as_ref().map(|value| self.value(value)),
            actual: finding.actual.as_ref().map(|value| self.shown_value(&finding.place, value, finding.hidden)),
            known: None,
            seen_before: None,
        }
    }

    /// A place in a contract, told.
    pub fn location(&self, place: &Place) -> Location {
        let source = &self.sources[place.file];
        let position = self.sources.position(place);
        let text = source.folded_entry(position.line);
        let file = source.path().to_string_lossy().into_owned();
        Location { file, line: position.line, column: position.column, text }
    }

    /// A text without secrets.
    pub fn text(&self, text: &str) -> String {
        self.redactor.redact(text).into_owned()
    }

    fn showing(&self, text: &str, showing: Showing<'_>) -> String {
        self.redactor.redact_showing(text, showing).into_owned()
    }

    /// A value that came at a place, without secrets; of a hidden one, its variable.
    pub(super) fn shown_value(&self, place: &str, value: &Value, is_hidden: bool) -> Value {
        if is_hidden { hidden_at(place) } else { self.came(value) }
    }

    /// A value that came, without what has the name of a secret.
    fn came(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let member = |(key, value): (&String, &Value)| match value {
                    Value::String(_) | Value::Number(_) if is_secret(key) => (self.text(key), hidden_at(key)),
                    value => (self.text(key), self.came(value)),
                };
                map.iter().map(member).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.came(item)).collect(),
            scalar => self.value(scalar),
        }
    }

    /// A value without secrets.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (self.text(key), self.value(value))).collect(),
            // A credential may be nothing but digits.
            other => match self.redactor.redact(&other.to_string()) {
                Cow::Borrowed(_) => other.clone(),
                Cow::Owned(text) => Value::String(text),
            },
        }
    }

    /// A body, and whether it is told otherwise than it came: cut, or with bytes replaced that are no text.
    pub(super) fn body(&self, body: &[u8], showing: Showing<'_>) -> (String, bool) {
        // Redacted before it is cut, so that no half of a secret is left at the end.
        let text = self.redactor.redact_bytes(body, showing);
        let text = String::from_utf8_lossy(&text);
        match text.len() {
            length if length > LONGEST => {
                let end = text.floor_char_boundary(LONGEST);
                (format!("{}... ({length} bytes)", text.get(..end).unwrap_or_default()), true)
            }
            _ => {
                let replaced = matches!(text, Cow::Owned(_));
                (text.into_owned(), replaced)
            }
        }
    }
}

/// Words about a departure, with the reason why anything else is expected where no page says so.
pub(super) fn inferred_words<'w>(words: Cow<'w, str>, inferred: Option<&str>) -> Cow<'w, str> {
    match inferred {
        Some(why) => format!("{words}; inferred: {why}").into(),
        None => words,
    }
}

/// The variable that is reported in place of a value that its name hides.
fn hidden_at(place: &str) -> Value {
    let name = place.rsplit('/').next().unwrap_or_default();
    format!("${}", variable(name.strip_prefix("header ").unwrap_or(name))).into()
}

/// A clause of a page, told.
pub fn clause(operation: &Operation, id: &str) -> Option<ClauseInfo> {
    let clause = &operation.clauses.get(id)?.value;
    Some(ClauseInfo {
        id: id.to_owned(),
        says: clause.says.clone(),
        untestable: clause.untestable.clone(),
        mistaken: clause.mistaken.clone(),
    })
}

/// The clauses that a row and its outcomes cite, told.
pub fn cited(operation: &Operation, row: &Row) -> Vec<ClauseInfo> {
    operation.cited(row).into_iter().filter_map(|id| clause(operation, id)).collect()
}

/// A row's condition in words.
pub fn condition(row: &Row) -> String {
    let word = |(key, value): (&String, &Value)| format!("{key}: {}", crate::contract::template::plain(value));
    let words: Vec<_> = row.when.0.iter().map(word).collect();
    if words.is_empty() { "everything right".to_owned() } else { words.join(", ") }
}

/// A row's condition and outcomes in words.
pub fn promise(operation: &Operation, row: &Row) -> String {
    let outcome = |Outcome { name, status, .. }: &Outcome| match status {
        Some(status) => format!("{name} ({status})"),
        None => format!("{name} (status undocumented)"),
    };
    let outcomes: Vec<_> = operation.outcomes_of(row).map(outcome).collect();
    format!("when {}, then {}", condition(row), outcomes.join(" or "))
}
