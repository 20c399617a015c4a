//! HAR 1.2, for a browser's network panel: a page for every case, an entry for every exchange.

use super::{Rendered, Saved};
use crate::run::event::{CaseResult, ExchangeInfo, Purpose};
use crate::text::visible;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

pub(super) fn render(saved: &Saved) -> Rendered {
    let entries = saved.cases.iter().flat_map(|case| case.exchanges.iter().map(|exchange| entry(case, exchange)));
    let log = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "proviso", "version": saved.proviso },
            "pages": saved.cases.iter().map(|case| page(saved, case)).collect::<Vec<_>>(),
            "entries": entries.collect::<Vec<_>>(),
        },
    });
    Ok(visible::json(&serde_json::to_string_pretty(&log)?).into_owned() + "\n")
}

fn page(saved: &Saved, case: &CaseResult) -> Value {
    let started = case.exchanges.first().map_or(&saved.started, |exchange| &exchange.started);
    json!({
        "startedDateTime": started,
        "id": case.id,
        "title": format!("{}: {}", case.verdict_words(), case.id),
        "pageTimings": {},
        "comment": case.verdict.as_str(),
    })
}

fn entry(case: &CaseResult, exchange: &ExchangeInfo) -> Value {
    let milliseconds = (exchange.took.as_secs_f64() * 1e6).round() / 1e3;
    let purpose = match exchange.purpose {
        Purpose::Canary => "canary",
        Purpose::Arrange => "arrange",
        Purpose::Case => "case",
        Purpose::Read => "read",
        Purpose::Cleanup => "cleanup",
    };
    json!({
        "pageref": case.id,
        "startedDateTime": exchange.started,
        "time": milliseconds,
        "request": request(exchange),
        "response": response(exchange),
        "cache": {},
        "timings": { "send": 0, "wait": milliseconds, "receive": 0 },
        "comment": format!("{purpose}: {}", exchange.step),
    })
}

fn request(exchange: &ExchangeInfo) -> Value {
    let mut request = json!({
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(&exchange.headers),
        "queryString": query(&exchange.url),
        "headersSize": -1,
        "bodySize": exchange.body.as_ref().map_or(0, String::len),
    });
    if let (Some(body), Some(request)) = (&exchange.body, request.as_object_mut()) {
        let data = json!({ "mimeType": media(&exchange.headers), "params": [], "text": body });
        request.insert("postData".to_owned(), data);
    }
    request
}

/// What came; where nothing did, status 0, as browsers write it.
fn response(exchange: &ExchangeInfo) -> Value {
    let text = exchange.answer.as_deref().unwrap_or_default();
    let status = exchange.status.unwrap_or(0);
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut response = json!({
        "status": status,
        "statusText": reason.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(&exchange.answer_headers),
        "content": { "size": text.len(), "mimeType": media(&exchange.answer_headers), "text": text },
        "redirectURL": field(&exchange.answer_headers, "location").unwrap_or_default(),
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

fn pairs(pairs: &[(String, String)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn field<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn media(headers: &[(String, String)]) -> &str {
    field(headers, "content-type").unwrap_or("x-unknown")
}

fn query(url: &str) -> Vec<Value> {
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| json!({ "name": decode(name), "value": decode(value) })).collect()
}
