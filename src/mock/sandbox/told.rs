//! What a request is told that no row answers: what it was taken for, and what there is instead.

use super::answer::ROW;
use super::call::Call;
use crate::contract::{Operation, Vendor};
use crate::http::exchange::{Headers, Response};
use serde_json::{Value, json};

/// The longest path that is repeated to whoever sent it.
const LONGEST: usize = 200;

/// A request that nothing documented answers, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Untold {
    /// 501 where no row is about it; else what became of the thing that it is about.
    pub(super) status: u16,
    /// One sentence: what is missing.
    pub(super) problem: String,
    /// The operation that it was taken for.
    pub(super) call: Option<usize>,
    /// The rest, as it is told.
    details: Value,
}

impl Untold {
    /// No operation has this method and path.
    pub(super) fn path(method: &str, path: &str, known: &[String]) -> Self {
        let path: String = path.chars().take(LONGEST).collect();
        let method: String = method.chars().take(20).collect();
        let problem = format!("no contract has an operation {method} {path}");
        Self { status: 501, problem, call: None, details: json!({ "operations": known }) }
    }

    /// Several vendors have this method and path, each at an address of its own.
    pub(super) fn shared(method: &str, path: &str, vendors: &[String]) -> Self {
        let path: String = path.chars().take(LONGEST).collect();
        let problem =
            format!("several vendors have {method} {path}; ask the one that is meant: {}", vendors.join(", "));
        Self { status: 421, problem, call: None, details: json!({ "vendors": vendors }) }
    }

    /// The credentials are not the accepted ones, and the operation has no row about that.
    pub(super) fn credentials(index: usize, call: &Call, operation: &Operation) -> Self {
        let problem = format!(
            "{} has no row for credentials that are refused, and these are not the ones that this mock accepts",
            call.name
        );
        Self::at(index, call, operation, problem, "credentials: refused")
    }

    /// No row is about this point.
    pub(super) fn point(index: usize, call: &Call, operation: &Operation, point: &[Option<usize>]) -> Self {
        let words = call.space.dimensions.iter().zip(point).enumerate();
        let words = words.filter(|(_, (_, choice))| **choice != Some(0)).map(|(position, (dimension, choice))| {
            let choice = choice.map_or("several of those named", |choice| call.space.choice(position, choice));
            format!("{}: {choice}", dimension.key)
        });
        let words: Vec<String> = words.collect();
        let words = if words.is_empty() { "everything right".to_owned() } else { words.join(", ") };
        let problem = format!("{} has no row for a request with {words}", call.name);
        Self::at(index, call, operation, problem, &words)
    }

    /// A row answers, but its answer cannot be made.
    pub(super) fn unmade(index: usize, call: &Call, operation: &Operation, row: &str, why: &str) -> Self {
        Self::at(index, call, operation, format!("the answer of {row} cannot be made: {why}"), "")
    }

    /// It is about something that there was and of which nothing is known any more.
    pub(super) fn forgotten(call: Option<usize>) -> Self {
        let problem = "this was forgotten to make room for newer things; `serve --capacity` keeps more";
        Self { status: 410, problem: problem.to_owned(), call, details: Value::Null }
    }

    /// It would make something for which there is no room.
    pub(super) fn full(call: usize) -> Self {
        let problem =
            "so much was made and forgotten that nothing more can be; begin anew, or with a larger `serve --capacity`";
        Self { status: 507, problem: problem.to_owned(), call: Some(call), details: Value::Null }
    }

    fn at(index: usize, call: &Call, operation: &Operation, problem: String, point: &str) -> Self {
        let rows: Vec<Value> =
            operation.rows.values().map(|row| json!({ "row": row.name, "when": row.when.0 })).collect();
        let operation = format!("{} {}", operation.method, operation.url);
        let details = json!({ "operation": call.name, "request": operation, "point": point, "rows": rows });
        Self { status: 501, problem, call: Some(index), details }
    }

    /// The answer that says so.
    pub(super) fn response(&self) -> Response {
        let mut body = json!({ "problem": self.problem });
        if let (Value::Object(body), Value::Object(details)) = (&mut body, &self.details) {
            body.extend(details.clone());
        }
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Response {
            status: self.status,
            headers: Headers(vec![field("content-type", "application/json"), field(ROW, "none")]),
            body: format!("{:#}\n", json!({ "proviso": body })).into(),
        }
    }
}

/// An operation as its own path is told.
pub(super) fn listed(vendor: &Vendor, operation: &Operation) -> String {
    format!("{} {} ({}/{})", operation.method, operation.url, vendor.name, operation.name)
}
