//! Texts in which something is drawn, with what is drawn at its extremes, so that one contract has one answer.

use crate::contract::template::{Names, Template, draw};
use serde_json::Value;

/// Values that a text with something drawn in it may come to: those at the ends of each class of letters, and one that has all.
pub(super) fn drawn_texts(text: &str) -> Vec<String> {
    let template = Template::parse(text);
    if let Some(text) = template.literal() {
        return vec![text.to_owned()];
    }
    let letters = ["0123456789abcdefghijklmnopqrstuvwxyz", "0", "z", "9", "a"];
    let mut made: Vec<String> =
        letters.iter().filter_map(|letters| template.text(&ExtremeNames { letters }).ok()).collect();
    made.dedup();
    made
}

/// Draws the same letters again and again.
struct ExtremeNames {
    letters: &'static str,
}

impl Names for ExtremeNames {
    fn value(&self, name: &str) -> Option<Value> {
        // Drawn for the length alone; the letters are chosen here.
        let drawn = draw(name)?;
        let length = drawn.as_str()?.len();
        let letters: Vec<char> = self.letters.chars().filter(|letter| is_drawn(name, *letter)).collect();
        let mut letters = (if letters.is_empty() { vec!['0'] } else { letters }).into_iter().cycle();
        let text: String = match name {
            "uuid" => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"
                .chars()
                .filter_map(|sign| if sign == 'x' { letters.next() } else { Some(sign) })
                .collect(),
            _ => letters.take(length).collect(),
        };
        Some(text.into())
    }
}

/// Whether a letter may be drawn for a name.
fn is_drawn(name: &str, letter: char) -> bool {
    match name {
        "uuid" => letter.is_ascii_hexdigit(),
        _ if name.starts_with("hex") => letter.is_ascii_hexdigit(),
        _ if name.starts_with("digits") => letter.is_ascii_digit(),
        _ => true,
    }
}
