//! The differences of an answer from the accepted one, shown with the case.

use super::ink::{Ink, Tone};
use crate::report::headline::shorten;
use crate::run::event::{DifferenceInfo, DriftInfo};
use crate::text::visible::line;

/// Lines that differ beyond these are counted, not shown.
const LINES: usize = 20;
/// A longer line is cut.
const LONGEST: usize = 400;

/// The differences, the lines that differ, and the file that has them otherwise. `whole` leaves nothing out.
pub(super) fn drift_block(drift: &DriftInfo, ink: Ink, whole: bool) -> String {
    let lines = difference_lines(&drift.differences, &drift.diff, ink, whole);
    lines + &ink.entry(2, "baseline", Tone::Strong, &drift.baseline)
}

/// The differences, and the lines that differ.
pub(super) fn difference_lines(differences: &[DifferenceInfo], diff: &str, ink: Ink, whole: bool) -> String {
    let mut text = String::new();
    for difference in differences {
        text += &ink.entry(2, difference.class.as_str(), Tone::Odd, &line(&difference.message));
    }
    let mut lines = Vec::new();
    for part in diff.lines() {
        let tone = match part.chars().next() {
            Some('-') => Tone::Bad,
            Some('+') => Tone::Good,
            _ if whole => Tone::Plain,
            _ => continue,
        };
        lines.push((tone, shorten(&line(part), LONGEST).into_owned()));
    }
    text + &ink.code_lines(&lines, if whole { usize::MAX } else { LINES })
}
