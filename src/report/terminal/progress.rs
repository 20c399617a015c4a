//! The one line at the foot of a terminal that changes while a run goes on.

use super::ink::{Ink, Tone};
use crate::judge::verdict::Verdict;
use crate::report::human_duration::whole_seconds;
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

/// A case that has run so long is slow, and named as such.
const SLOW: Duration = Duration::from_secs(5);

/// The state of a run on its way.
#[derive(Debug)]
pub(super) struct Progress {
    total: usize,
    done: usize,
    /// The cases under way, the oldest first.
    running: Vec<RunningCase>,
    counts: VerdictCounts,
    began: Instant,
    drawn: Option<Instant>,
}

/// A case under way.
#[derive(Debug)]
struct RunningCase {
    id: String,
    began: Instant,
}

impl Progress {
    pub(super) fn new(total: usize, now: Instant) -> Self {
        Self { total, done: 0, running: Vec::new(), counts: VerdictCounts::default(), began: now, drawn: None }
    }

    pub(super) fn start_case(&mut self, id: &str, now: Instant) {
        self.running.push(RunningCase { id: id.to_owned(), began: now });
    }

    pub(super) fn finish_case(&mut self, case: &CaseResult) {
        self.done += 1;
        self.counts.add(case.verdict);
        if let Some(index) = self.running.iter().position(|running| running.id == case.id) {
            self.running.remove(index);
        }
    }

    /// Returns true if enough time has gone by to draw the line anew.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let due = self.drawn.is_none_or(|drawn| now.duration_since(drawn) >= SELDOM);
        if due {
            self.drawn = Some(now);
        }
        due
    }

    /// The time since the run began.
    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        now.duration_since(self.began)
    }

    /// The line, no longer than the terminal is wide.
    pub(super) fn live_line(&self, now: Instant, ink: Ink) -> String {
        let mut parts = vec![(Tone::Strong, format!("{}/{}", self.done, self.total))];
        for count in self.counts.some() {
            parts.push((Tone::from(count.0), count.to_string()));
        }
        parts.extend(self.time_words(now).map(|words| (Tone::Plain, words)));
        if let [oldest, rest @ ..] = self.running.as_slice() {
            parts.push(match oldest.slow_words(now) {
                Some(words) => (Tone::Odd, format!("{} for {words}", line(&oldest.id))),
                None => (Tone::Faint, line(&oldest.id)),
            });
            if !rest.is_empty() {
                parts.push((Tone::Faint, format!("{} more", rest.len())));
            }
        }
        fit_parts(&parts, ink.width.unwrap_or(USUAL).saturating_sub(1), ink)
    }

    /// The slowest case of a vendor, once it is slow: its name and how long it has run.
    pub(super) fn slow_case(&self, vendor: &str, now: Instant) -> Option<(&str, String)> {
        let of_vendor = |case: &&RunningCase| case.id.split('/').next() == Some(vendor);
        let oldest = self.running.iter().find(of_vendor)?;
        Some((&oldest.id, oldest.slow_words(now)?))
    }

    /// The time that has gone by, and the time that is left; nothing in the first second.
    fn time_words(&self, now: Instant) -> Option<String> {
        let elapsed = self.elapsed(now);
        if elapsed < Duration::from_secs(1) {
            return None;
        }
        let elapsed = whole_seconds(elapsed);
        Some(match self.time_left(now) {
            Some(left) if left.as_secs() > 0 => format!("{elapsed}, about {} left", whole_seconds(left)),
            _ => elapsed,
        })
    }

    /// The time that is left, if the rest takes as long as what is done; nothing is known before that.
    fn time_left(&self, now: Instant) -> Option<Duration> {
        let (done, rest) = (u32::try_from(self.done).ok()?, u32::try_from(self.total.checked_sub(self.done)?).ok()?);
        if done < 3 || rest == 0 {
            return None;
        }
        self.elapsed(now).checked_mul(rest)?.checked_div(done)
    }
}

impl RunningCase {
    /// How long the case has run, once that is long.
    fn slow_words(&self, now: Instant) -> Option<String> {
        let elapsed = now.duration_since(self.began);
        (elapsed >= SLOW).then(|| whole_seconds(elapsed))
    }
}

/// The parts that fit, the first of them first, each whole: a word that is cut says nothing.
fn fit_parts(parts: &[(Tone, String)], width: usize, ink: Ink) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (number, (tone, part)) in parts.iter().enumerate() {
        let gap = if number == 0 { "" } else { " · " };
        used += gap.chars().count() + part.chars().map(columns_of).sum::<usize>();
        if used > width {
            break;
        }
        text += gap;
        text += &ink.paint(*tone, part);
    }
    text
}

/// The columns of a character. One that may take two is taken to do so: a line that is too short does no harm.
fn columns_of(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

/// The number of cases with each verdict, in the order in which they are shown.
#[derive(Debug, Clone)]
pub(super) struct VerdictCounts([VerdictCount; Verdict::ALL.len()]);

impl Default for VerdictCounts {
    fn default() -> Self {
        Self(Verdict::ALL.map(|verdict| VerdictCount(verdict, 0)))
    }
}

impl VerdictCounts {
    pub(super) fn add(&mut self, verdict: Verdict) {
        for count in self.0.iter_mut().filter(|count| count.0 == verdict) {
            count.1 += 1;
        }
    }

    /// The verdicts that cases have.
    pub(super) fn some(&self) -> impl Iterator<Item = &VerdictCount> {
        self.0.iter().filter(|count| count.1 > 0)
    }
}

/// A verdict and how many cases have it, in plain words: `1 conforms`, `2 conform`.
#[derive(Debug, Clone, Copy)]
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
