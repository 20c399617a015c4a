//! The answer that a failing case is about: its beginning, laid out where it is JSON.

use crate::run::event::{CaseResult, ExchangeInfo, Purpose};
use crate::text::visible::text as clean;
use serde_json::Value;

/// Bytes of an answer's body beyond these are counted, not shown.
const SHOWN: usize = 600;

/// The exchange that shows why a case failed: its own, else the last before it could not go on.
pub(super) fn telling_exchange(case: &CaseResult) -> Option<&ExchangeInfo> {
    let own = case.exchanges.iter().rev().find(|exchange| exchange.purpose == Purpose::Case);
    own.or_else(|| case.exchanges.iter().rev().find(|exchange| exchange.purpose != Purpose::Cleanup))
}

/// The lines of an answer's body, the first 600 bytes of it; none where there is no body.
pub(super) fn answer_excerpt(exchange: &ExchangeInfo) -> Vec<String> {
    let Some(body) = exchange.answer.as_deref().map(str::trim).filter(|body| !body.is_empty()) else {
        return Vec::new();
    };
    let parsed = serde_json::from_str::<Value>(body).ok().filter(|value| value.is_object() || value.is_array());
    let laid_out = parsed.map_or_else(|| body.to_owned(), |value| format!("{value:#}"));
    let shown = clean(&laid_out);
    let cut = shown.get(..shown.floor_char_boundary(SHOWN)).unwrap_or_default();
    let mut lines: Vec<String> = cut.lines().map(str::to_owned).collect();
    if cut.len() < shown.len() {
        lines.push(format!("… ({} bytes in all; -vv shows them)", body.len()));
    }
    lines
}
