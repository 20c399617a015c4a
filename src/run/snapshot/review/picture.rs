//! What somebody sees who goes through what waits: text, as wide as it is asked for, in colours where they are wanted.

use crate::run::event::DriftClass;
use crate::run::snapshot::review::{Item, KEYS, Review, View};
use crate::text::line_diff::{DiffLine, DiffPiece, DiffSide, diff_lines, fold_far, side_by_side};
use crate::text::visible;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What is wanted of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How many columns a line has.
    pub width: usize,
    /// How many lines can be seen at once; where there are more, lines that are the same are left out.
    pub height: Option<usize>,
    /// Whether there are colours.
    pub colour: bool,
}

impl Look {
    fn paint(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn side(self, side: DiffSide, text: &str) -> String {
        match side {
            DiffSide::Before => self.paint(AnsiColor::Red.on_default(), text),
            DiffSide::After => self.paint(AnsiColor::Green.on_default(), text),
            DiffSide::Both => text.to_owned(),
        }
    }
}

/// The keys, and what each does.
pub fn keys(review: &Review, look: Look) -> String {
    let other = match review.view() {
        View::Unified => "side by side",
        View::SideBySide => "one below the other",
    };
    let shown = |(key, does): &(char, &str)| (*key, if *key == 'd' { other.to_owned() } else { (*does).to_owned() });
    let mut text = String::new();
    let mut used = 0;
    for (key, does) in KEYS.iter().map(shown) {
        let width = does.width() + 2;
        if used > 0 {
            let fits = used + 3 + width <= look.width;
            text.push_str(if fits { "   " } else { "\n" });
            used = if fits { used + 3 } else { 0 };
        }
        used += width;
        let _ = write!(text, "{} {does}", look.paint(Style::new().bold(), &key.to_string()));
    }
    text + "\n"
}

/// The current answer; nothing, once all is decided.
pub fn picture(review: &Review, look: Look) -> String {
    let Some(item) = review.current() else { return String::new() };
    let head = head(item, review.position(), look);
    let plain = Look { colour: false, ..look };
    let rows = |text: &str| -> usize { text.lines().map(|line| line.width().div_ceil(look.width.max(1)).max(1)).sum() };
    let above = rows(&self::head(item, review.position(), plain));
    // The keys stand below, with an empty line before them and the cursor's behind.
    let fits = |context: &Option<usize>| {
        look.height.is_none_or(|height| above + rows(&body(item, review.view(), plain, *context)) + 3 <= height)
    };
    let context = [None, Some(2), Some(1)].into_iter().find(fits).unwrap_or(Some(0));
    head + &body(item, review.view(), look, context)
}

/// The case, what kind of difference it is, and the clauses that speak of it.
fn head(item: &Item, (number, count): (usize, usize), look: Look) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let undrifted = if item.before.is_none() { "new" } else { "the same" };
    let class = item.class.map_or(undrifted, DriftClass::as_str);
    let place = format!("{number}/{count}");
    let case = visible::line(&item.case);
    let fits = place.width() + case.width() + class.width() + 3 <= look.width;
    let mut text = format!(
        "{} {}{}{}\n",
        look.paint(dim, &place),
        look.paint(bold, &case),
        if fits { "  " } else { "\n" },
        look.paint(shade(item.class), class)
    );
    for line in wrapped(&item.description, look.width) {
        let _ = writeln!(text, "{}", look.paint(dim, &line));
    }
    text.push('\n');
    let beside = look.width.saturating_sub(LABEL);
    for (difference, says) in &item.differences {
        let class = difference.class.as_str();
        for (index, line) in wrapped(&difference.message, beside).iter().enumerate() {
            let word = if index == 0 { class } else { "" };
            let word = look.paint(shade(Some(difference.class)), &format!("{word:<LABEL$}"));
            let _ = writeln!(text, "{word}{line}");
        }
        if let (Some(clause), Some(says)) = (&difference.clause, says) {
            for line in wrapped(&format!("{clause}: {says}"), beside) {
                let _ = writeln!(text, "{:LABEL$}{}", "", look.paint(dim, &line));
            }
        }
    }
    if !item.differences.is_empty() {
        text.push('\n');
    }
    text
}

/// How wide the column of classes is.
const LABEL: usize = 10;

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

/// The answers; with so many lines that are the same around one that differs, or all of them.
fn body(item: &Item, view: View, look: Look, context: Option<usize>) -> String {
    let Some(before) = &item.before else {
        let line = |line: &str| format!("  {}", visible::line(line)).trim_end().to_owned() + "\n";
        return item.after.lines().map(line).collect();
    };
    let mut lines = diff_lines(Some(before), Some(&item.after));
    lines.iter_mut().for_each(|line| line.text = visible::line(&line.text));
    if let Some(context) = context {
        lines = folded(&lines, context);
    }
    match view {
        View::Unified => unified(&lines, look),
        View::SideBySide => beside(&lines, look),
    }
}

/// The lines with those left out, and counted, that are far from any that differs.
fn folded(lines: &[DiffLine], context: usize) -> Vec<DiffLine> {
    let shown = fold_far(lines, context).into_iter().map(|piece| match piece {
        // A line that says that one was left out is no shorter.
        DiffPiece::Line(line) | DiffPiece::Far([line]) => line.clone(),
        DiffPiece::Far(far) => DiffLine { side: DiffSide::Both, text: format!("... {} the same", far.len()) },
    });
    shown.collect()
}

fn unified(lines: &[DiffLine], look: Look) -> String {
    let line = |line: &DiffLine| {
        let text = format!("{} {}", line.side.sign(), line.text);
        look.side(line.side, text.trim_end()) + "\n"
    };
    lines.iter().map(line).collect()
}

/// The narrowest column that is still read.
const NARROWEST: usize = 20;

fn beside(lines: &[DiffLine], look: Look) -> String {
    let column = (look.width.saturating_sub(3) / 2).max(NARROWEST);
    let mut text = String::new();
    for (before, after) in side_by_side(lines) {
        let cut = |line: Option<&DiffLine>| line.map_or_else(Vec::new, |line| pieces(&line.text, column));
        let (left, right) = (cut(before), cut(after));
        for row in 0..left.len().max(right.len()).max(1) {
            let piece = |pieces: &[String]| pieces.get(row).cloned().unwrap_or_default();
            let (left, right) = (piece(&left), piece(&right));
            let room = " ".repeat(column.saturating_sub(left.width()));
            let left = look.side(before.map_or(DiffSide::Both, |line| line.side), &format!("{left}{room}"));
            let right = look.side(after.map_or(DiffSide::Both, |line| line.side), &right);
            let changed = before.or(after).is_some_and(|line| line.side != DiffSide::Both);
            let _ = writeln!(text, "{}", format!("{left} {} {right}", if changed { '|' } else { ' ' }).trim_end());
        }
    }
    text
}

/// A line in pieces that are not wider than a column.
fn pieces(line: &str, column: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for letter in line.chars() {
        let width = letter.width().unwrap_or(0);
        if used + width > column {
            pieces.push(String::new());
            used = 0;
        }
        used += width;
        pieces.iter_mut().next_back().into_iter().for_each(|piece| piece.push(letter));
    }
    pieces
}

/// A text in lines that are broken between words where they would pass the edge; a word that is wider is broken in itself.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(NARROWEST);
    let text = visible::line(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').flat_map(|word| pieces(word, width)) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if text.is_empty() { Vec::new() } else { lines }
}
