//! A request and its answer, for those who ask to see all of it.

use super::ink::{Ink, Tone};
use crate::report::headline::shorten;
use crate::report::human_duration::HumanDuration;
use crate::run::event::ExchangeInfo;
use crate::text::visible::{line, text as clean};

/// A body beyond this many characters is cut; the report files hold all of it.
const BODY: usize = 4_000;

/// An exchange in the manner of `curl -v`.
pub(super) fn exchange_block(exchange: &ExchangeInfo, ink: Ink) -> String {
    let purpose = exchange.purpose.words();
    let mut text = ink.entry(2, "", Tone::Faint, &format!("{}: {purpose}", exchange.step));
    text += &signed_line(ink, '>', &format!("{} {}", exchange.method, exchange.url));
    text += &message_lines(ink, '>', &exchange.headers, exchange.body.as_deref());
    if let Some(status) = exchange.status {
        text += &signed_line(ink, '<', &format!("{status} after {}", HumanDuration(exchange.took)));
        text += &message_lines(ink, '<', &exchange.answer_headers, exchange.answer.as_deref());
    }
    if let Some(failure) = &exchange.failure {
        text += &signed_line(ink, '!', failure);
    }
    text
}

fn message_lines(ink: Ink, sign: char, headers: &[(String, String)], body: Option<&str>) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        text += &signed_line(ink, sign, &format!("{name}: {value}"));
    }
    if let Some(body) = body {
        for part in clean(&shorten(body, BODY)).lines() {
            text += &signed_line(ink, sign, part);
        }
    }
    text
}

fn signed_line(ink: Ink, sign: char, text: &str) -> String {
    format!("    {} {}\n", ink.paint(Tone::Faint, sign.encode_utf8(&mut [0; 4])), line(text))
}
