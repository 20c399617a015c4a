//! The answer to a request that no row answers: what it was taken for, and what there is instead.

use super::answer_recipe::ROW;
use crate::contract::{Operation, Vendor};
use crate::http::exchange::{Headers, Response};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The longest path that is repeated to its sender.
const LONGEST: usize = 200;

/// A request that nothing documented answers, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NoAnswer {
    /// 501 where no row is about it; else what became of the thing that it is about.
    pub(super) status: u16,
    /// One sentence: what is missing.
    pub(super) problem: Cow<'static, str>,
    /// The rest of the answer.
    details: Value,
}

impl NoAnswer {
    /// No operation has this method and path.
    pub(super) fn unknown_path(method: &str, path: &str, known: &[String]) -> Self {
        let path: String = path.chars().take(LONGEST).collect();
        let method: String = method.chars().take(20).collect();
        let problem = format!("no contract has an operation {method} {path}");
        Self { status: 501, problem: problem.into(), details: json!({ "operations": known }) }
    }

    /// Several vendors have this method and path, each at an address of its own.
    pub(super) fn shared_path(method: &str, path: &str, vendors: &[String]) -> Self {
        let path: String = path.chars().take(LONGEST).collect();
        let problem =
            format!("several vendors have {method} {path}; ask the one that is meant: {}", vendors.join(", "));
        Self { status: 421, problem: problem.into(), details: json!({ "vendors": vendors }) }
    }

    /// The credentials are not the accepted ones, and the operation has no row about that.
    pub(super) fn refused_credentials(vendor: &Vendor, operation: &Operation) -> Self {
        let problem = format!(
            "{}/{} has no row for credentials that are refused, and these are not the ones that this mock accepts",
            vendor.name, operation.name
        );
        Self::on_operation(vendor, operation, problem, "credentials: refused")
    }

    /// No row is about this point.
    pub(super) fn no_row(vendor: &Vendor, operation: &Operation, point: &[Option<usize>]) -> Self {
        let space = vendor.space(operation);
        let places = space.dimensions.iter().zip(point).enumerate();
        let wrong = places.filter(|(_, (_, choice))| **choice != Some(0)).map(|(position, (dimension, choice))| {
            let choice = choice.map_or("several of those named", |choice| space.choice(position, choice));
            format!("{}: {choice}", dimension.key)
        });
        let wrong: Vec<String> = wrong.collect();
        let words = if wrong.is_empty() { "everything right".to_owned() } else { wrong.join(", ") };
        let problem = format!("{}/{} has no row for a request with {words}", vendor.name, operation.name);
        Self::on_operation(vendor, operation, problem, &words)
    }

    /// A row answers, but its answer cannot be made.
    pub(super) fn unmade(vendor: &Vendor, operation: &Operation, row: &str, why: &str) -> Self {
        Self::on_operation(vendor, operation, format!("the answer of {row} cannot be made: {why}"), "")
    }

    /// It is about something that there was and of which nothing is known any more.
    pub(super) fn forgotten() -> Self {
        let problem = "this was forgotten to make room for newer things; `serve --capacity` keeps more";
        Self { status: 410, problem: problem.into(), details: Value::Null }
    }

    /// It would make something for which there is no room.
    pub(super) fn no_room() -> Self {
        let problem =
            "so much was made and forgotten that nothing more can be; begin anew, or with a larger `serve --capacity`";
        Self { status: 507, problem: problem.into(), details: Value::Null }
    }

    fn on_operation(vendor: &Vendor, operation: &Operation, problem: String, point: &str) -> Self {
        let rows: Vec<Value> =
            operation.rows.values().map(|row| json!({ "row": row.name, "when": row.when.0 })).collect();
        let name = format!("{}/{}", vendor.name, operation.name);
        let request = format!("{} {}", operation.method, operation.url);
        let details = json!({ "operation": name, "request": request, "point": point, "rows": rows });
        Self { status: 501, problem: problem.into(), details }
    }

    /// The answer that names the problem.
    pub(super) fn into_response(self) -> Response {
        let mut body = json!({ "problem": self.problem });
        if let (Value::Object(body), Value::Object(details)) = (&mut body, self.details) {
            body.extend(details);
        }
        let mut headers = Headers::default();
        headers.set("content-type", "application/json");
        headers.set(ROW, "none");
        Response { status: self.status, headers, body: format!("{:#}\n", json!({ "proviso": body })).into() }
    }
}
