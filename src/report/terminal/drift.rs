//! How an answer differs from the accepted one, told with the case.

use super::paint::{Ink, Tone};
use crate::report::text::{count, cut, line};
use crate::run::event::{DifferenceInfo, DriftInfo};

/// Lines that differ beyond these are counted, not shown.
const LINES: usize = 20;
/// A longer line is cut.
const LONGEST: usize = 400;

/// The differences, the lines that differ, and the file that says otherwise. `whole` leaves nothing out.
pub(super) fn block(drift: &DriftInfo, ink: Ink, whole: bool) -> String {
    lines(&drift.differences, &drift.diff, ink, whole) + &ink.entry(2, "baseline", Tone::Strong, &drift.baseline)
}

/// The differences, and the lines that differ.
pub(super) fn lines(differences: &[DifferenceInfo], diff: &str, ink: Ink, whole: bool) -> String {
    let mut text = String::new();
    for difference in differences {
        text += &ink.entry(2, difference.class.as_str(), Tone::Odd, &line(&difference.message));
    }
    let lines: Vec<&str> = diff.lines().filter(|line| whole || line.starts_with(['-', '+'])).collect();
    let shown = if whole { usize::MAX } else { LINES };
    for part in lines.iter().take(shown) {
        let tone = match part.chars().next() {
            Some('-') => Tone::Bad,
            Some('+') => Tone::Good,
            _ => Tone::Plain,
        };
        text += &ink.unbroken(4, tone, &cut(&line(part), LONGEST));
    }
    if lines.len() > shown {
        let more = count(lines.len() - shown, "line");
        text += &ink.entry(4, "", Tone::Faint, &format!("{more} not shown; -v shows all"));
    }
    text
}
