//! What somebody sees who goes through what waits: text, as wide as it is asked for, in colours where they are wanted.

use crate::event::DriftClass;
use crate::snapshot::lines::{Line, Side, lines, pairs};
use crate::snapshot::review::{Item, KEYS, Review, View};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// What is wanted of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How many letters a line has.
    pub width: usize,
    /// Whether there are colours.
    pub colour: bool,
}

impl Look {
    fn paint(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn side(self, side: Side, text: &str) -> String {
        match side {
            Side::Before => self.paint(AnsiColor::Red.on_default(), text),
            Side::After => self.paint(AnsiColor::Green.on_default(), text),
            Side::Both => text.to_owned(),
        }
    }
}

/// The keys, and what each does.
pub fn keys(look: Look) -> String {
    let key = |(key, does): &(char, &str)| format!("{} {does}", look.paint(Style::new().bold(), &key.to_string()));
    KEYS.iter().map(key).collect::<Vec<_>>().join("   ") + "\n"
}

/// The current answer; nothing, once all is decided.
pub fn picture(review: &Review, look: Look) -> String {
    let Some(item) = review.current() else { return String::new() };
    let (number, count) = review.position();
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let undrifted = if item.before.is_none() { "new" } else { "the same" };
    let class = item.class.map_or(undrifted, DriftClass::as_str);
    let title = look.paint(bold, &item.case);
    let mut text = format!(
        "{} {title}  {}\n",
        look.paint(dim, &format!("{number}/{count}")),
        look.paint(shade(item.class), class)
    );
    if !item.description.is_empty() {
        let _ = writeln!(text, "{}", look.paint(dim, &item.description));
    }
    text.push('\n');
    for (difference, says) in &item.differences {
        let word = look.paint(shade(Some(difference.class)), &format!("{:<8}", difference.class.as_str()));
        let _ = writeln!(text, "{word}  {}", difference.message);
        if let (Some(clause), Some(says)) = (&difference.clause, says) {
            let _ = writeln!(text, "          {}", look.paint(dim, &format!("{clause}: {says}")));
        }
    }
    if !item.differences.is_empty() {
        text.push('\n');
    }
    text.push_str(&body(item, review.view(), look));
    text
}

fn shade(class: Option<DriftClass>) -> Style {
    let colour = match class {
        Some(DriftClass::Breaking) => AnsiColor::Red,
        Some(DriftClass::Risky) => AnsiColor::Yellow,
        Some(DriftClass::Additive) => AnsiColor::Green,
        Some(DriftClass::Cosmetic) => AnsiColor::Blue,
        None => AnsiColor::Cyan,
    };
    colour.on_default().bold()
}

fn body(item: &Item, view: View, look: Look) -> String {
    let Some(before) = &item.before else {
        let line = |line: &str| format!("  {line}").trim_end().to_owned() + "\n";
        return item.after.lines().map(line).collect();
    };
    let lines = lines(before, &item.after);
    match view {
        View::Unified => unified(&lines, look),
        View::SideBySide => beside(&lines, look),
    }
}

fn unified(lines: &[Line], look: Look) -> String {
    let line = |line: &Line| {
        let text = format!("{} {}", line.side.sign(), line.text);
        look.side(line.side, text.trim_end()) + "\n"
    };
    lines.iter().map(line).collect()
}

/// The narrowest column that is still read.
const NARROWEST: usize = 20;

fn beside(lines: &[Line], look: Look) -> String {
    let column = (look.width.saturating_sub(3) / 2).max(NARROWEST);
    let mut text = String::new();
    for (before, after) in pairs(lines) {
        let cut = |line: Option<&Line>| line.map_or_else(Vec::new, |line| pieces(&line.text, column));
        let (left, right) = (cut(before), cut(after));
        for row in 0..left.len().max(right.len()).max(1) {
            let piece = |pieces: &[String]| pieces.get(row).cloned().unwrap_or_default();
            let (left, right) = (piece(&left), piece(&right));
            let left = look.side(before.map_or(Side::Both, |line| line.side), &format!("{left:<column$}"));
            let right = look.side(after.map_or(Side::Both, |line| line.side), &right);
            let changed = before.or(after).is_some_and(|line| line.side != Side::Both);
            let _ = writeln!(text, "{}", format!("{left} {} {right}", if changed { '|' } else { ' ' }).trim_end());
        }
    }
    text
}

/// A line in pieces that are not wider than a column.
fn pieces(line: &str, column: usize) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    letters.chunks(column).map(|piece| piece.iter().collect()).collect()
}
