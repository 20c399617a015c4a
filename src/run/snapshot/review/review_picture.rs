//! The picture of an answer that waits: text, as wide as it is asked for, in colours where they are wanted.

use crate::run::event::DriftClass;
use crate::run::snapshot::review::{Item, KEYS, Review, View};
use crate::text::line_diff::{DiffLine, DiffPiece, DiffSide, diff_lines, fold_far, side_by_side};
use crate::text::visible;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use std::iter::{once, repeat};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The size of a picture, and its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// The number of columns of a line.
    pub width: usize,
    /// The number of lines that can be seen at once; where there are more, lines that are the same are left out.
    pub height: Option<usize>,
    /// True for colours.
    pub colour: bool,
}

impl Screen {
    fn plain(self) -> Self {
        Self { colour: false, ..self }
    }

    fn paint(self, style: Style, text: &str) -> String {
        let style = if self.colour && !text.is_empty() { style } else { Style::new() };
        format!("{style}{text}{style:#}")
    }

    fn paint_side(self, side: DiffSide, text: &str) -> String {
        let style = match side {
            DiffSide::Before => AnsiColor::Red.on_default(),
            DiffSide::After => AnsiColor::Green.on_default(),
            DiffSide::Both => Style::new(),
        };
        self.paint(style, text)
    }

    /// The number of rows that a text takes.
    fn rows(self, text: &str) -> usize {
        text.lines().map(|line| line.width().div_ceil(self.width.max(1)).max(1)).sum()
    }
}

/// The keys, each with its effect.
pub fn review_keys(review: &Review, screen: Screen) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (key, effect) in KEYS {
        let effect = match (key, review.view()) {
            ('d', View::Unified) => "side by side",
            ('d', View::SideBySide) => "one below the other",
            _ => effect,
        };
        let width = effect.width() + 2;
        if used > 0 {
            let fits = used + 3 + width <= screen.width;
            text.push_str(if fits { "   " } else { "\n" });
            used = if fits { used + 3 } else { 0 };
        }
        used += width;
        let _ = write!(text, "{} {effect}", screen.paint(Style::new().bold(), &key.to_string()));
    }
    text + "\n"
}

/// The current answer; nothing, once all is decided.
pub fn review_picture(review: &Review, screen: Screen) -> String {
    let Some(item) = review.current() else { return String::new() };
    let head = head(item, review.position(), screen);
    let above = screen.rows(&self::head(item, review.position(), screen.plain()));
    let context = [None, Some(2), Some(1)].into_iter().find(|context| {
        let below = || screen.rows(&answers(item, review.view(), screen.plain(), *context));
        // The keys are below, with an empty line before them and the cursor's behind.
        screen.height.is_none_or(|height| above + below() + 3 <= height)
    });
    head + &answers(item, review.view(), screen, context.unwrap_or(Some(0)))
}

/// The width of the column of classes.
const LABEL: usize = 10;

/// The case, the kind of difference, and the clauses that speak of it.
fn head(item: &Item, (number, count): (usize, usize), screen: Screen) -> String {
    let dim = Style::new().dimmed();
    let unchanged = if item.before.is_none() { "new" } else { "the same" };
    let class = item.class.map_or(unchanged, DriftClass::as_str);
    let place = format!("{number}/{count}");
    let case = visible::line(&item.case);
    let fits = place.width() + case.width() + class.width() + 3 <= screen.width;
    let mut text = format!(
        "{} {}{}{}\n",
        screen.paint(dim, &place),
        screen.paint(Style::new().bold(), &case),
        if fits { "  " } else { "\n" },
        screen.paint(shade(item.class), class)
    );
    for line in wrap(&item.description, screen.width) {
        let _ = writeln!(text, "{}", screen.paint(dim, &line));
    }
    text.push('\n');
    for (difference, says) in &item.differences {
        let shade = shade(Some(difference.class));
        let clause = difference.clause.as_ref().zip(says.as_ref());
        push_labelled(&mut text, (shade, difference.class.as_str()), Style::new(), &difference.message, screen);
        if let Some((clause, says)) = clause {
            push_labelled(&mut text, (Style::new(), ""), dim, &format!("{clause}: {says}"), screen);
        }
    }
    if !item.differences.is_empty() {
        text.push('\n');
    }
    text
}

/// Adds the lines of a text, with a label beside the first of them.
fn push_labelled(text: &mut String, (shade, label): (Style, &str), style: Style, message: &str, screen: Screen) {
    let lines = wrap(message, screen.width.saturating_sub(LABEL));
    for (line, label) in lines.iter().zip(once(label).chain(repeat(""))) {
        let label = screen.paint(shade, &format!("{label:<LABEL$}"));
        let _ = writeln!(text, "{label}{}", screen.paint(style, line));
    }
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

/// The answers; with so many lines that are the same around one that differs, or all of them.
fn answers(item: &Item, view: View, screen: Screen, context: Option<usize>) -> String {
    let Some(before) = &item.before else {
        let lines = item.after.lines().map(|line| format!("  {}", visible::line(line)));
        return lines.map(|line| format!("{}\n", line.trim_end())).collect();
    };
    let mut lines = diff_lines(Some(before), Some(&item.after));
    lines.iter_mut().for_each(|line| line.text = visible::line(&line.text));
    if let Some(context) = context {
        lines = fold_lines(&lines, context);
    }
    match view {
        View::Unified => lines.iter().map(|line| unified_line(line, screen)).collect(),
        View::SideBySide => columns(&lines, screen),
    }
}

/// The lines with those left out, and counted, that are far from any that differs.
fn fold_lines(lines: &[DiffLine], context: usize) -> Vec<DiffLine> {
    let shown = fold_far(lines, context).into_iter().map(|piece| match piece {
        // A line that stands for a single one is no shorter.
        DiffPiece::Line(line) | DiffPiece::Far([line]) => line.clone(),
        DiffPiece::Far(far) => DiffLine { side: DiffSide::Both, text: format!("... {} the same", far.len()) },
    });
    shown.collect()
}

fn unified_line(line: &DiffLine, screen: Screen) -> String {
    let text = format!("{} {}", line.side.sign(), line.text);
    screen.paint_side(line.side, text.trim_end()) + "\n"
}

/// The narrowest column that is still read.
const NARROWEST: usize = 20;

fn columns(lines: &[DiffLine], screen: Screen) -> String {
    let column = (screen.width.saturating_sub(3) / 2).max(NARROWEST);
    let mut text = String::new();
    for (before, after) in side_by_side(lines) {
        let (left, right) = (Column::new(before, column), Column::new(after, column));
        let changed = before.or(after).is_some_and(|line| line.side != DiffSide::Both);
        let sign = if changed { '|' } else { ' ' };
        let height = left.pieces.len().max(right.pieces.len());
        for (one, other) in left.filled().zip(right.filled()).take(height) {
            let room = " ".repeat(column.saturating_sub(one.width()));
            let one = screen.paint_side(left.side, &format!("{one}{room}"));
            let other = screen.paint_side(right.side, other);
            let _ = writeln!(text, "{}", format!("{one} {sign} {other}").trim_end());
        }
    }
    text
}

/// A line in one of two columns, broken into pieces.
struct Column {
    side: DiffSide,
    pieces: Vec<String>,
}

impl Column {
    fn new(line: Option<&DiffLine>, width: usize) -> Self {
        match line {
            Some(line) => Self { side: line.side, pieces: break_line(&line.text, width) },
            None => Self { side: DiffSide::Both, pieces: Vec::new() },
        }
    }

    /// The pieces, with empty ones behind them.
    fn filled(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().map(String::as_str).chain(repeat(""))
    }
}

/// A line in pieces that are not wider than a column.
fn break_line(line: &str, column: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut used = 0;
    for letter in line.chars() {
        let width = letter.width().unwrap_or(0);
        if used + width > column {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        used += width;
        piece.push(letter);
    }
    pieces.push(piece);
    pieces
}

/// A text in lines that are broken between words where they would pass the edge; a word that is wider is broken in itself.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(NARROWEST);
    let text = visible::line(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').flat_map(|word| break_line(word, width)) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => line.extend([" ", word.as_str()]),
            _ => lines.push(word),
        }
    }
    if text.is_empty() { Vec::new() } else { lines }
}
