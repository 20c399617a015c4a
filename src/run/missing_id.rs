//! A create that was done and whose answer gives no id by the contract's pointer and pattern: one message that shows how to mend it.

use crate::http::exchange::{Exchange, Response};
use crate::judge::check::parse;
use crate::run::health::Health;
use crate::run::run_plan::Opening;
use crate::run::target_row::TargetRow;
use crate::run::vendor_client::VendorClient;
use crate::text::secret::{Showing, is_secret};
use crate::text::source::Place;
use serde_json::Value;

/// Bytes of the answer beyond these are counted, not shown.
const SHOWN: usize = 600;
/// Ids of the answer beyond these are not offered.
const OFFERED: usize = 3;

/// Ends a vendor's cases where its answer to a create gives no id, and returns why. A thing without an id cannot be removed, so
/// nothing more is made. Trials of mutants, walks and saved runs go on, since they are about such answers.
pub(super) fn stop_without_id(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    resource: &str,
    exchange: &Exchange,
) -> Option<String> {
    let run = client.run;
    let is_run = run.plan.opening == Opening::Canary && !run.reporter.takes_trials() && client.saved.is_none();
    // Where a create gave an id before, the contract is right; and what cannot be read is no answer of the vendor.
    let is_first = client.party.given.borrow().is_empty();
    let response = exchange.response().filter(|response| is_run && (200..300).contains(&response.status))?;
    if !is_first || parse(&response.body).value().is_none() {
        return None;
    }
    let why = explain(client, target, resource, response);
    client.party.health.replace(Health::Mistaken(why.clone()));
    Some(why)
}

/// What was answered, where the contract looks for the id, what is there, and which ids the answer has.
fn explain(client: &VendorClient<'_, '_>, target: TargetRow<'_>, resource: &str, response: &Response) -> String {
    let (party, teller) = (client.party, client.run.teller);
    let vendor = party.vendor;
    let (answer, _) = teller.body(&response.body, Showing::Answer(&target.operation.shown(target.row)));
    let body: Value = serde_json::from_str(&answer).unwrap_or(Value::Null);
    let pointer = target.row.capture.get("id").map_or("", String::as_str);
    let declared = vendor.file.resources.get(resource);
    let pattern = declared.map_or("", |declared| declared.id.pattern.as_str());
    let at = |place: &Place| {
        let location = teller.location(place);
        format!("{}:{}:{}", location.file, location.line, location.column)
    };
    let found = match body.pointer(pointer) {
        None => "nothing is there".to_owned(),
        Some(Value::Object(_) | Value::Array(_)) => "no text or number is there".to_owned(),
        Some(value) => format!("{value} is there, which the pattern does not match"),
    };
    let mut lines = vec![
        format!("{} was answered with {}, but no id of the {resource} was found", target.name(), response.status),
        format!("answered  {}", indented(&pretty(&body, &answer))),
        format!("pointer   `{pointer}`, {}: {found}", at(&target.row.at.child("capture").child("id"))),
        format!(
            "pattern   `{pattern}`, {}",
            at(&vendor.at.child("resources").child(resource).child("id").child("pattern"))
        ),
    ];
    let offered = offered_ids(&body, |text| party.is_id(resource, text));
    for (number, (place, value, fits)) in offered.iter().take(OFFERED).enumerate() {
        let label = if number == 0 { "offered" } else { "" };
        let fits = if *fits { "" } else { ", with another pattern" };
        lines.push(format!("{label:<9} `capture: {{ id: {place} }}` takes {value}{fits}"));
    }
    let sweep = if party.destination.embedded { "" } else { "; then `proviso sweep` removes what was made" };
    lines.push(format!("mend      the pointer or the pattern{sweep}. Nothing more was sent to {}", vendor.name));
    lines.join("\n")
}

fn pretty(body: &Value, answer: &str) -> String {
    let text = if body.is_null() { answer.trim().to_owned() } else { format!("{body:#}") };
    if text.is_empty() {
        return "nothing".to_owned();
    }
    match text.get(..text.floor_char_boundary(SHOWN)) {
        Some(cut) if cut.len() < text.len() => format!("{cut}… ({} bytes)", answer.len()),
        _ => text,
    }
}

/// A text of several lines, the later ones below the first.
fn indented(text: &str) -> String {
    text.replace('\n', "\n          ")
}

/// The places in an answer that may be ids, the likeliest first: pointer, value, and whether the pattern matches it.
fn offered_ids(body: &Value, is_id: impl Fn(&str) -> bool) -> Vec<(String, Value, bool)> {
    let mut found = Vec::new();
    collect(body, String::new(), "", &mut found);
    let mut offered: Vec<_> = found
        .into_iter()
        .map(|(place, key, value)| {
            let fits = value.as_str().map_or_else(|| is_id(&value.to_string()), &is_id);
            (rank(&key, fits), place, value, fits)
        })
        .filter(|(rank, ..)| *rank < 4)
        .collect();
    offered.sort_by_key(|(rank, place, ..)| (*rank, place.matches('/').count()));
    offered.into_iter().map(|(_, place, value, fits)| (place, value, fits)).collect()
}

/// The likelihood that a field is the id, by its name and by whether the pattern matches; the lower, the likelier.
fn rank(key: &str, fits: bool) -> usize {
    let key = key.to_lowercase();
    let named = key == "id" || key == "uuid";
    let like = ["_id", "-id", "uuid", "reference", "number", "token"].iter().any(|end| key.ends_with(end));
    match (named, like, fits) {
        (true, _, true) => 0,
        (_, true, true) => 1,
        (true, _, false) => 2,
        (_, true, false) => 3,
        _ => 4,
    }
}

/// The texts and numbers of an answer that are no secrets: pointer, key, value.
fn collect(value: &Value, place: String, key: &str, found: &mut Vec<(String, String, Value)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let segment = key.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{place}/{segment}"), key, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{place}/{index}"), key, found);
            }
        }
        Value::String(text) if !text.is_empty() && !text.starts_with('$') && !is_secret(key) => {
            found.push((place, key.to_owned(), value.clone()));
        }
        Value::Number(_) if !is_secret(key) => found.push((place, key.to_owned(), value.clone())),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_ids_of_an_answer_are_offered_with_the_likeliest_first() {
        let body = json!({
            "status": "ok", "data": { "id": "lnk_1", "owner_id": "acc_1", "amount": 5 }, "request_id": 7, "access_token": "lnk_secret"
        });
        let offered = offered_ids(&body, |text| text.starts_with("lnk_"));
        let places: Vec<&str> = offered.iter().map(|(place, ..)| place.as_str()).collect();
        assert_eq!(places, ["/data/id", "/request_id", "/data/owner_id"]);
        assert!(offered[0].2 && !offered[1].2);
        assert!(offered_ids(&json!({ "ok": true, "name": "x" }), |_| true).is_empty());
    }
}
