//! Whether an answer could be the vendor's own, so that it is a sign of life, and a few words about one that could not.

use crate::contract::language::Status;
use crate::contract::template::{Names, plain};
use crate::contract::{Branch, Operation, Outcome, Row, Vendor};
use crate::http::exchange::Response;
use crate::judge::check::{parse, promises_json};
use crate::judge::verdict::{Judge, Likeness};
use crate::run::party::Party;
use crate::run::target_row::TargetRow;
use crate::run::teller::Teller;
use crate::text::secret::{Showing, ShownParts};
use crate::text::visible;

/// The signs of a body that are shown of a stranger's answer.
const SHOWN: usize = 80;

/// Returns whether an answer could be the vendor's own, and shows that it is well: it has the status and the media type of some documented
/// one of its operation, gives an id where something was to be made, and refuses in the documented words. Where `refuses_only`, since no
/// call of the vendor succeeds without a thing that would have to be made first, its media type has to do. Redirects, 407 and HTML in
/// place of JSON come from anybody.
pub(super) fn is_sign_of_life(
    judge: &Judge<'_>,
    party: &Party<'_>,
    target: TargetRow<'_>,
    response: &Response,
    names: &dyn Names,
    refuses_only: bool,
) -> bool {
    let operation = target.operation;
    let is_anybodys = response.status >= 500 || matches!(response.status, 300..400 | 407 | 429);
    if is_anybodys || operation.has_captured_url() || is_html(response) && speaks_json(party.vendor) {
        return false;
    }
    if refuses_only {
        return is_json(response) || !operation.outcomes.values().any(promises_json);
    }
    let makes = operation.rows.values().flat_map(|row| &row.then).any(|branch| made(operation, branch).is_some());
    // A status that no row has is the vendor's all the same where the call succeeds in the vendor's format.
    if !makes && (200..300).contains(&response.status) && is_json(response) && speaks_json(party.vendor) {
        return true;
    }
    operation.rows.values().any(|row| {
        let mut branches = row.then.iter().map(|branch| (branch, &operation[branch.outcome]));
        branches.any(|(branch, outcome)| match made(operation, branch) {
            Some(resource) => gives_id(party, row, resource, outcome, response),
            None => match judge.likeness(outcome, response, names) {
                Likeness::None => false,
                // What is only inferred of an answer would fit a stranger's too.
                Likeness::Close if outcome.inferred.is_none() && operation.is_telling(outcome) => true,
                _ => (200..300).contains(&response.status) && is_json(response),
            },
        })
    })
}

/// The resource that an outcome makes, if it makes one.
fn made<'b>(operation: &Operation, branch: &'b Branch) -> Option<&'b str> {
    branch.leads.keys().map(String::as_str).find(|led| !operation.binds.iter().any(|bound| bound == led))
}

/// Returns whether an answer has the status of an outcome that makes something, and an id for it.
fn gives_id(party: &Party<'_>, row: &Row, resource: &str, outcome: &Outcome, response: &Response) -> bool {
    let body = || parse(&response.body).value();
    let id = || Some(plain(body()?.pointer(row.capture.get("id")?)?));
    Status::is_admitted(outcome.status.as_ref(), response.status)
        && id().is_some_and(|id| !id.is_empty() && party.is_id(resource, &id))
}

/// Returns whether a vendor promises JSON anywhere.
fn speaks_json(vendor: &Vendor) -> bool {
    vendor.operations.iter().flat_map(|operation| operation.outcomes.values()).any(promises_json)
}

fn is_json(response: &Response) -> bool {
    parse(&response.body).value().is_some()
}

/// Returns whether an answer is a page for people.
pub(super) fn is_html(response: &Response) -> bool {
    let media = response.headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    let body = response.body.trim_ascii_start();
    media.contains("html") || media.is_empty() && body.starts_with(b"<")
}

/// An answer in a few words: its status, its media type, and how its body begins.
pub(super) fn brief(teller: Teller<'_>, response: &Response) -> String {
    let media = response.headers.get("content-type").map(|media| teller.text(media));
    let media = media.as_deref().and_then(|media| media.split(';').next()).map(str::trim);
    let hides = ShownParts::default();
    let (body, _) = teller.body(&response.body, Showing::Answer(&hides));
    let words: Vec<&str> = body.split_whitespace().collect();
    let line = visible::line(&words.join(" "));
    let end = line.floor_char_boundary(SHOWN);
    let (begins, rest) = line.split_at(end);
    let body = match (begins, rest) {
        ("", _) => "without a body".to_owned(),
        (whole, "") => format!("`{whole}`"),
        (begins, _) => format!("`{begins}…`"),
    };
    format!("{} {} {body}", response.status, media.filter(|media| !media.is_empty()).unwrap_or("of no media type"))
}
