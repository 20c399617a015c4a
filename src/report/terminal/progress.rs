//! The one line that lives at the foot of a terminal while a run goes on.

use super::paint::{Ink, Tone};
use crate::judge::verdict::Verdict;
use crate::report::text::{duration, line};
use crate::run::event::CaseResult;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Takes the line away again.
pub(super) const CLEAR: &str = "\r\x1b[2K";
/// The line is drawn no more often than this; a terminal is slower than a mock.
const SELDOM: Duration = Duration::from_millis(50);

/// How far a run has come.
#[derive(Debug)]
pub(super) struct Progress {
    total: usize,
    done: usize,
    running: Vec<String>,
    counts: BTreeMap<Verdict, usize>,
    began: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        Self { total, done: 0, running: Vec::new(), counts: BTreeMap::new(), began: Instant::now(), drawn: None }
    }

    pub(super) fn start(&mut self, id: &str) {
        self.running.push(id.to_owned());
    }

    pub(super) fn finish(&mut self, case: &CaseResult) {
        self.done += 1;
        *self.counts.entry(case.verdict).or_default() += 1;
        if let Some(index) = self.running.iter().position(|id| *id == case.id) {
            self.running.remove(index);
        }
    }

    /// Whether enough time has gone by to draw the line anew.
    pub(super) fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let due = self.drawn.is_none_or(|drawn| now.duration_since(drawn) >= SELDOM);
        if due {
            self.drawn = Some(now);
        }
        due
    }

    /// The line, no longer than the terminal is wide.
    pub(super) fn line(&self, ink: Ink) -> String {
        let width = ink.width.unwrap_or(80).saturating_sub(1);
        let mut parts: Vec<(Tone, String)> = vec![(Tone::Strong, format!("{}/{}", self.done, self.total))];
        for verdict in Verdict::ALL {
            match self.counts.get(&verdict) {
                Some(number) if *number > 0 => parts.push((Tone::of(verdict), words(verdict, *number))),
                _ => {}
            }
        }
        if let Some(left) = self.left() {
            parts.push((Tone::Plain, format!("about {} left", duration(left))));
        }
        match self.running.as_slice() {
            [] => {}
            [one] => parts.push((Tone::Faint, line(one))),
            [first, rest @ ..] => parts.push((Tone::Faint, format!("{} and {} more", line(first), rest.len()))),
        }
        fit(&parts, width, ink)
    }

    /// How long it will still take, if the rest goes as what is done went; nothing before that can be said.
    fn left(&self) -> Option<Duration> {
        let (done, rest) = (u32::try_from(self.done).ok()?, u32::try_from(self.total.checked_sub(self.done)?).ok()?);
        let elapsed = self.began.elapsed();
        if done < 3 || rest == 0 || elapsed < Duration::from_secs(1) {
            return None;
        }
        elapsed.checked_div(done)?.checked_mul(rest)
    }
}

/// The parts that fit, the first of them first; the one at the edge is cut.
fn fit(parts: &[(Tone, String)], width: usize, ink: Ink) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (number, (tone, part)) in parts.iter().enumerate() {
        let gap = if number == 0 { "" } else { " · " };
        let room = width.saturating_sub(used + gap.chars().count());
        let cut: String = part.chars().scan(0, |used, character| fits(used, character, room)).collect();
        if cut.is_empty() {
            break;
        }
        used += gap.chars().count() + columns(&cut);
        text += gap;
        text += &ink.paint(*tone, &cut);
        if cut.len() < part.len() {
            break;
        }
    }
    text
}

/// A character that may take two columns is taken to do so: a line that is too short does no harm.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

fn fits(used: &mut usize, character: char, room: usize) -> Option<char> {
    *used += if character.is_ascii() { 1 } else { 2 };
    (*used <= room).then_some(character)
}

/// How many came to a verdict, as it is said.
pub(super) fn words(verdict: Verdict, number: usize) -> String {
    match (verdict, number) {
        (Verdict::Conforms, 1) => "1 conforms".to_owned(),
        (Verdict::Conforms, number) => format!("{number} conform"),
        (Verdict::Violates, 1) => "1 violates".to_owned(),
        (Verdict::Violates, number) => format!("{number} violate"),
        (verdict, number) => format!("{number} {verdict}"),
    }
}
