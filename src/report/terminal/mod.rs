//! The report that a person watches: live on a terminal, quiet in a pipe, short when all is well.

mod block;
mod comparison;
mod drift;
mod ending;
mod exchange;
pub(super) mod paint;
mod progress;

pub use comparison::compared;

use super::Report;
use super::text::{clean, count, inert};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event, Notice, Plan, Summary};
use crate::text::visible::painted;
use ending::Memory;
use paint::{Ink, Tone};
use progress::{CLEAR, Progress};
use std::io::{self, Write};

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `-q`: notices, what fails, and one line of counts.
    Quiet,
    /// What fails, what came to nothing, counts, coverage and what to do next.
    #[default]
    Normal,
    /// `-v`: a line for every case, and nothing left out.
    Verbose,
    /// `-vv`: what was sent and what came, too.
    Exchanges,
}

/// What the terminal can show and what its reader wants.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How much is told.
    pub level: Level,
    /// Whether colours are wanted.
    pub colour: bool,
    /// Whether a line may be painted over: a terminal, and neither a pipe nor CI.
    pub live: bool,
    /// How many columns there are now; asked each time, since windows change. None breaks no line.
    pub width: fn() -> Option<usize>,
}

/// A case as the terminal tells one that fails, without colours; for reports that have room for plain text.
pub(super) fn told(case: &CaseResult) -> String {
    block::failing(case, Ink { colour: false, width: None }, true).trim_start().to_owned()
}

/// Failing cases beyond these are counted, and shown under `-v`.
const SHOWN: usize = 20;

/// The report that a person watches.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    look: Look,
    progress: Progress,
    memory: Memory,
    shown: usize,
    painted: bool,
}

impl Terminal {
    /// A report into `out`, which is told what to look like and asks nothing of its surroundings.
    pub fn new(out: Box<dyn Write + Send>, look: Look) -> Self {
        Self { out, look, progress: Progress::new(0), memory: Memory::default(), shown: 0, painted: false }
    }

    fn ink(&self) -> Ink {
        Ink { colour: self.look.colour, width: (self.look.width)() }
    }

    fn started(&mut self, plan: &Plan) -> String {
        self.progress = Progress::new(plan.cases.len());
        self.memory.run.target.clone_from(&plan.target);
        self.memory.run.pages.clone_from(&plan.pages);
        if self.look.level == Level::Quiet {
            return String::new();
        }
        let cases = count(plan.cases.len(), "case");
        self.ink().entry(0, "", Tone::Faint, &format!("proviso {}: {cases} on {}", plan.version, plan.target))
    }

    fn notice(&self, notice: &Notice) -> String {
        let about = notice.vendor.as_ref().map(|vendor| format!("{vendor}: ")).unwrap_or_default();
        let ink = self.ink();
        let head = ink.paint(Tone::Odd, "notice");
        format!("{head}\n{}", ink.entry(2, "", Tone::Plain, &format!("{about}{}", notice.message)))
    }

    fn finished(&mut self, case: &CaseResult) -> String {
        self.progress.finish(case);
        self.memory.keep(case);
        let whole = self.look.level >= Level::Verbose;
        let departs = matches!(case.verdict, Verdict::Violates | Verdict::Drifted);
        // Most cases are not shown, and asking the terminal how wide it is costs more than all else here.
        if !whole && !departs {
            return String::new();
        }
        let ink = self.ink();
        let mut text = if whole { block::single(case, ink) } else { String::new() };
        if self.look.level == Level::Exchanges {
            case.exchanges.iter().for_each(|exchange| text += &exchange::exchange(exchange, ink));
        }
        if !departs {
            return text;
        }
        // What is known is no news: a line of it stands with what was skipped.
        if case.is_known() && !whole {
            return text;
        }
        if whole || self.shown < SHOWN {
            self.shown += 1;
            text += &block::failing(case, ink, whole);
        } else {
            self.memory.hide(case);
        }
        text
    }

    fn over(&self, summary: &Summary) -> String {
        let ink = self.ink();
        let quiet = self.look.level == Level::Quiet;
        let mut text = self.memory.leftovers(ink, !quiet, self.shown > 0);
        text += &if quiet { ending::counts(summary, ink) } else { self.memory.closing(summary, ink) };
        text
    }

    /// A text in which nothing but our colours is more than text.
    fn shown(&self, text: &str) -> String {
        inert(&if self.look.colour { painted(text) } else { clean(text) })
    }

    /// Writes a text above the live line, in one piece so that nothing flickers.
    fn say(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() && !self.look.live {
            return Ok(());
        }
        let mut bytes = String::new();
        let repaint = self.look.live && (!text.is_empty() || self.progress.is_due());
        if self.painted && repaint {
            bytes.push_str(CLEAR);
            self.painted = false;
        }
        bytes.push_str(&self.shown(text));
        if repaint {
            bytes.push_str(&self.progress.line(self.ink()));
            self.painted = true;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    /// Writes the last of it, and leaves no live line behind.
    fn end(&mut self, text: &str) -> io::Result<()> {
        self.look.live = false;
        let clear = if std::mem::take(&mut self.painted) { CLEAR } else { "" };
        self.out.write_all(format!("{clear}{}", self.shown(text)).as_bytes())?;
        self.out.flush()
    }
}

impl Report for Terminal {
    /// Draws the live line anew, with the time that is left.
    fn tick(&mut self) -> io::Result<()> {
        self.say("")
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started(plan) => {
                let text = self.started(plan);
                self.say(&text)
            }
            Event::Notice(notice) => {
                let text = self.notice(notice);
                self.say(&text)
            }
            // Only the live line tells what is under way.
            Event::CaseStarted { .. } if !self.look.live => Ok(()),
            Event::CaseStarted { id } => {
                self.progress.start(id);
                self.say("")
            }
            Event::CaseFinished(case) => {
                let text = self.finished(case);
                self.say(&text)
            }
            Event::Finished(summary) => {
                let text = self.over(summary);
                self.end(&text)
            }
        }
    }
}
