//! HAR 1.2, for a browser's network panel: a page for every case, an entry for every exchange.

use super::{Rendered, SavedRun};
use crate::run::event::{CaseResult, ExchangeInfo, Purpose};
use crate::text::visible;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The run as a log of exchanges.
pub(super) fn har(saved: &SavedRun) -> Rendered {
    let mut entries = Vec::new();
    for case in &saved.cases {
        entries.extend(case.exchanges.iter().map(|exchange| entry_json(case, exchange)));
    }
    let log = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "proviso", "version": saved.proviso },
            "pages": saved.cases.iter().map(|case| page_json(saved, case)).collect::<Vec<_>>(),
            "entries": entries,
        },
    });
    Ok(visible::json(&serde_json::to_string_pretty(&log)?).into_owned() + "\n")
}

fn page_json(saved: &SavedRun, case: &CaseResult) -> Value {
    let started = case.exchanges.first().map_or(&saved.started, |exchange| &exchange.started);
    json!({
        "startedDateTime": started,
        "id": case.id,
        "title": format!("{}: {}", case.verdict_words(), case.id),
        "pageTimings": {},
        "comment": page_comment(case),
    })
}

/// The verdict, and the checks that could not be made.
fn page_comment(case: &CaseResult) -> String {
    let unchecked = case.unchecked.iter().map(|unchecked| format!("; {}", unchecked.words()));
    [case.verdict.as_str().to_owned()].into_iter().chain(unchecked).collect()
}

fn entry_json(case: &CaseResult, exchange: &ExchangeInfo) -> Value {
    let milliseconds = (exchange.took.as_secs_f64() * 1e6).round() / 1e3;
    let purpose = match exchange.purpose {
        Purpose::Canary => "canary",
        Purpose::Arrange => "arrange",
        Purpose::Case => "case",
        Purpose::Read => "read",
        Purpose::Control => "control",
        Purpose::Cleanup => "cleanup",
    };
    json!({
        "pageref": case.id,
        "startedDateTime": exchange.started,
        "time": milliseconds,
        "request": request_json(exchange),
        "response": response_json(exchange),
        "cache": {},
        "timings": { "send": 0, "wait": milliseconds, "receive": 0 },
        "comment": format!("{purpose}: {}", exchange.step),
    })
}

fn request_json(exchange: &ExchangeInfo) -> Value {
    let mut request = json!({
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": named_values(&exchange.headers),
        "queryString": query_pairs(&exchange.url),
        "headersSize": -1,
        "bodySize": exchange.body.as_ref().map_or(0, String::len),
    });
    if let (Some(body), Some(request)) = (&exchange.body, request.as_object_mut()) {
        let data = json!({ "mimeType": media_type(&exchange.headers), "params": [], "text": body });
        request.insert("postData".to_owned(), data);
    }
    request
}

/// The answer; where none came, status 0 and no text, as browsers write it.
fn response_json(exchange: &ExchangeInfo) -> Value {
    let text = exchange.answer.as_ref().map_or("", String::as_str);
    let status = exchange.status.unwrap_or(0);
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut response = json!({
        "status": status,
        "statusText": reason.unwrap_or(""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": named_values(&exchange.answer_headers),
        "content": { "size": text.len(), "mimeType": media_type(&exchange.answer_headers), "text": text },
        "redirectURL": header_value(&exchange.answer_headers, "location").unwrap_or(""),
        "headersSize": -1,
        "bodySize": text.len(),
    });
    if let (Some(failure), Some(response)) = (&exchange.failure, response.as_object_mut()) {
        response.insert("comment".to_owned(), failure.as_str().into());
        // The name under which browsers keep it.
        response.insert("_error".to_owned(), failure.as_str().into());
    }
    response
}

fn named_values(pairs: &[(String, String)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn header_value<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn media_type(headers: &[(String, String)]) -> &str {
    header_value(headers, "content-type").unwrap_or("x-unknown")
}

fn query_pairs(url: &str) -> Vec<Value> {
    let address = url.split_once('#').map_or(url, |(address, _)| address);
    let Some((_, query)) = address.split_once('?') else { return Vec::new() };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| json!({ "name": form_decode(name), "value": form_decode(value) })).collect()
}

fn form_decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
