//! The one line at the foot of a terminal that changes while a run goes on.

use super::ink::{Ink, Tone};
use crate::judge::verdict::Verdict;
use crate::report::human_duration::HumanDuration;
use crate::run::event::CaseResult;
use crate::text::visible::line;
use std::fmt;
use std::time::{Duration, Instant};

/// Takes the line away again.
pub(super) const CLEAR: &str = "\r\x1b[2K";
/// The line is drawn no more often than this; a terminal is slower than a mock.
const SELDOM: Duration = Duration::from_millis(50);
/// The width of a line of a terminal of unknown width.
const USUAL: usize = 80;

/// The state of a run on its way.
#[derive(Debug)]
pub(super) struct Progress {
    total: usize,
    done: usize,
    running: Vec<String>,
    /// The number of cases with each verdict, in the order in which they are shown.
    counts: [(Verdict, usize); Verdict::ALL.len()],
    began: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        let counts = Verdict::ALL.map(|verdict| (verdict, 0));
        Self { total, done: 0, running: Vec::new(), counts, began: Instant::now(), drawn: None }
    }

    pub(super) fn start_case(&mut self, id: &str) {
        self.running.push(id.to_owned());
    }

    pub(super) fn finish_case(&mut self, case: &CaseResult) {
        self.done += 1;
        for (_, number) in self.counts.iter_mut().filter(|(verdict, _)| *verdict == case.verdict) {
            *number += 1;
        }
        if let Some(index) = self.running.iter().position(|id| *id == case.id) {
            self.running.remove(index);
        }
    }

    /// Returns true if enough time has gone by to draw the line anew.
    pub(super) fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let due = self.drawn.is_none_or(|drawn| now.duration_since(drawn) >= SELDOM);
        if due {
            self.drawn = Some(now);
        }
        due
    }

    /// The line, no longer than the terminal is wide.
    pub(super) fn live_line(&self, ink: Ink) -> String {
        let mut parts = vec![(Tone::Strong, format!("{}/{}", self.done, self.total))];
        for (verdict, number) in self.counts.iter().filter(|(_, number)| *number > 0) {
            parts.push((Tone::from(*verdict), VerdictCount(*verdict, *number).to_string()));
        }
        if let Some(left) = self.time_left() {
            parts.push((Tone::Plain, format!("about {} left", HumanDuration(left))));
        }
        match self.running.as_slice() {
            [] => {}
            [one] => parts.push((Tone::Faint, line(one))),
            [first, rest @ ..] => parts.push((Tone::Faint, format!("{} and {} more", line(first), rest.len()))),
        }
        fit_parts(&parts, ink.width.unwrap_or(USUAL).saturating_sub(1), ink)
    }

    /// The time that is left, if the rest takes as long as what is done; nothing is known before that.
    fn time_left(&self) -> Option<Duration> {
        let (done, rest) = (u32::try_from(self.done).ok()?, u32::try_from(self.total.checked_sub(self.done)?).ok()?);
        let elapsed = self.began.elapsed();
        if done < 3 || rest == 0 || elapsed < Duration::from_secs(1) {
            return None;
        }
        elapsed.checked_div(done)?.checked_mul(rest)
    }
}

/// The parts that fit, the first of them first; the one at the edge is cut.
fn fit_parts(parts: &[(Tone, String)], width: usize, ink: Ink) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (number, (tone, part)) in parts.iter().enumerate() {
        let gap = if number == 0 { "" } else { " · " };
        used += gap.chars().count();
        let mut cut = String::new();
        for character in part.chars() {
            if used + columns_of(character) > width {
                break;
            }
            used += columns_of(character);
            cut.push(character);
        }
        if cut.is_empty() {
            break;
        }
        text += gap;
        text += &ink.paint(*tone, &cut);
        if cut.len() < part.len() {
            break;
        }
    }
    text
}

/// The columns of a character. One that may take two is taken to do so: a line that is too short does no harm.
fn columns_of(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

/// A verdict and how many cases have it, in plain words: `1 conforms`, `2 conform`.
pub(super) struct VerdictCount(pub(super) Verdict, pub(super) usize);

impl fmt::Display for VerdictCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(verdict, number) = self;
        match (verdict, number) {
            (Verdict::Conforms, 0 | 2..) => write!(formatter, "{number} conform"),
            (Verdict::Violates, 0 | 2..) => write!(formatter, "{number} violate"),
            (verdict, number) => write!(formatter, "{number} {verdict}"),
        }
    }
}
