//! What was sent and what came, for those who ask to see all of it.

use super::paint::{Ink, Tone};
use crate::report::text::{clean, cut, duration, line};
use crate::run::event::{ExchangeInfo, Purpose};

/// A body beyond this many characters is cut; the report files hold all of it.
const BODY: usize = 4_000;

/// An exchange in the manner of `curl -v`.
pub(super) fn exchange(exchange: &ExchangeInfo, ink: Ink) -> String {
    let purpose = match exchange.purpose {
        Purpose::Canary => "to see whether the vendor is alive",
        Purpose::Arrange => "to bring the condition about",
        Purpose::Case => "the case itself",
        Purpose::Read => "to see the state afterwards",
        Purpose::Cleanup => "to remove what was made",
    };
    let mut text = ink.entry(2, "", Tone::Faint, &format!("{}: {purpose}", exchange.step));
    push(&mut text, ink, '>', &format!("{} {}", exchange.method, exchange.url));
    part(&mut text, ink, '>', &exchange.headers, exchange.body.as_deref());
    if let Some(status) = exchange.status {
        push(&mut text, ink, '<', &format!("{status} after {}", duration(exchange.took)));
        part(&mut text, ink, '<', &exchange.answer_headers, exchange.answer.as_deref());
    }
    if let Some(failure) = &exchange.failure {
        push(&mut text, ink, '!', failure);
    }
    text
}

fn part(text: &mut String, ink: Ink, sign: char, headers: &[(String, String)], body: Option<&str>) {
    for (name, value) in headers {
        push(text, ink, sign, &format!("{name}: {value}"));
    }
    for body in clean(&cut(body.unwrap_or_default(), BODY)).lines() {
        push(text, ink, sign, body);
    }
}

fn push(text: &mut String, ink: Ink, sign: char, said: &str) {
    *text += &format!("    {} {}\n", ink.paint(Tone::Faint, &sign.to_string()), line(said));
}
