//! The report that a person watches: live on a terminal, quiet in a pipe, short when all is well.

mod case_block;
mod cause_blocks;
mod comparison_text;
mod drift_block;
mod ending;
mod exchange_block;
pub(super) mod ink;
mod progress;
mod vendor_lines;

pub use comparison_text::comparison_text;

use super::Report;
use super::count::Count;
use super::headline::notice_words;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event, Notice, Plan, Summary};
use crate::text::visible::{inert, painted, text as clean};
use case_block::{case_block, case_line, why_line};
use cause_blocks::CauseBlocks;
use ending::{Ending, counts_line};
use exchange_block::exchange_block;
use ink::{Ink, Tone};
use progress::{CLEAR, Progress};
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;
use vendor_lines::VendorLines;

/// The amount that is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `-q`: notices, what fails, and one line of counts.
    Quiet,
    /// The failing cases, those without a result, counts, coverage and what to do next.
    #[default]
    Normal,
    /// `-v`: a line for every case, and nothing left out.
    Verbose,
    /// `-vv`: requests and answers, too.
    Exchanges,
}

/// The abilities of a terminal and the wishes of its reader.
#[derive(Debug, Clone, Copy)]
pub struct TerminalLook {
    /// The amount that is reported.
    pub level: Level,
    /// True where colours are wanted.
    pub colour: bool,
    /// True where a line may be painted over: on a terminal, and neither in a pipe nor in CI.
    pub live: bool,
    /// The number of columns now; asked each time, since windows change. None breaks no line.
    pub width: fn() -> Option<usize>,
    /// The clock by which time goes by.
    pub now: fn() -> Instant,
}

impl TerminalLook {
    pub(super) fn ink(&self) -> Ink {
        Ink { colour: self.colour, width: (self.width)() }
    }
}

/// A case as the terminal shows one that fails, without colours; for reports that have room for plain text.
pub(super) fn plain_block(case: &CaseResult) -> String {
    case_block(case, Ink::PLAIN, true).trim_start().to_owned()
}

/// The report that a person watches.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    look: TerminalLook,
    progress: Progress,
    vendors: VendorLines,
    ending: Ending,
    causes: CauseBlocks,
    shown: bool,
    painted: bool,
}

impl Terminal {
    /// A report into `out`, which is given its look and asks nothing of its surroundings.
    pub fn new(out: Box<dyn Write + Send>, look: TerminalLook) -> Self {
        Self {
            out,
            look,
            progress: Progress::new(0, (look.now)()),
            vendors: VendorLines::default(),
            ending: Ending::default(),
            causes: CauseBlocks::default(),
            shown: false,
            painted: false,
        }
    }

    /// The same for a run that is saved in a file, by which its judgements can be explained.
    #[must_use]
    pub fn saved_in(mut self, file: Option<&Path>) -> Self {
        let file = file.map(|file| file.to_string_lossy().into_owned());
        self.ending.saved.clone_from(&file);
        self.causes.saved = file;
        self
    }

    fn plan_text(&mut self, plan: &Plan) -> String {
        self.progress = Progress::new(plan.cases.len(), (self.look.now)());
        self.vendors = VendorLines::new(&plan.cases);
        self.ending.run.target.clone_from(&plan.target);
        self.ending.run.pages.clone_from(&plan.pages);
        if self.look.level == Level::Quiet {
            return String::new();
        }
        let cases = Count(plan.cases.len(), "case");
        let text = format!("proviso {}: {cases} on {}", plan.version, plan.target);
        self.look.ink().entry(0, "", Tone::Faint, &text)
    }

    fn notice_text(&self, notice: &Notice) -> String {
        let ink = self.look.ink();
        let head = ink.paint(Tone::Odd, "notice");
        format!("{head}\n{}", ink.entry(2, "", Tone::Plain, &notice_words(notice)))
    }

    fn case_text(&mut self, case: &CaseResult) -> String {
        self.progress.finish_case(case);
        self.vendors.finish_case(case);
        self.ending.keep_case(case);
        let whole = self.look.level >= Level::Verbose;
        let departs = matches!(case.verdict, Verdict::Violates | Verdict::Drifted);
        // Most cases are not shown, and asking the terminal how wide it is costs more than all else here.
        if matches!(case.verdict, Verdict::Conforms | Verdict::Skipped) && !whole {
            return String::new();
        }
        let ink = self.look.ink();
        let mut text = match self.look.level {
            Level::Normal if !self.look.live => self.vendors.failure_text(case, ink),
            Level::Quiet | Level::Normal => String::new(),
            Level::Verbose | Level::Exchanges => case_line(case, ink),
        };
        if self.look.level == Level::Exchanges {
            case.exchanges.iter().for_each(|exchange| text += &exchange_block(exchange, ink));
        }
        // A violation that is known or was seen before is no news: a line of it is beside those that were skipped.
        if !departs || case.is_excused() && !whole {
            return text;
        }
        self.shown = true;
        if whole {
            text += &case_block(case, ink, whole);
            text += &why_line(self.causes.saved.as_deref(), &case.id, ink);
        } else if !self.causes.keep(case, ink) {
            self.ending.hide_case(&case.id);
        }
        text
    }

    fn ending_text(&mut self, summary: &Summary) -> String {
        let ink = self.look.ink();
        let quiet = self.look.level == Level::Quiet;
        let (blocks, hidden) = std::mem::take(&mut self.causes).finish(ink);
        hidden.iter().for_each(|id| self.ending.hide_case(id));
        let leftovers = self.ending.leftovers(ink, !quiet, self.shown);
        blocks + &leftovers + &if quiet { counts_line(summary, ink) } else { self.ending.closing(summary, ink) }
    }

    /// A text in which nothing but our colours is more than text.
    fn safe_text(&self, text: &str) -> String {
        inert(&if self.look.colour { painted(text) } else { clean(text) })
    }

    /// Writes a text above the live line, in one piece so that nothing flickers.
    fn write_above(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() && !self.look.live {
            return Ok(());
        }
        let mut bytes = String::new();
        let now = (self.look.now)();
        let repaint = self.look.live && (!text.is_empty() || self.progress.is_due(now));
        if self.painted && repaint {
            bytes.push_str(CLEAR);
            self.painted = false;
        }
        bytes.push_str(&self.safe_text(text));
        if repaint {
            bytes.push_str(&self.progress.live_line(now, self.look.ink()));
            self.painted = true;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    /// Writes the last of it, and leaves no live line behind.
    fn write_last(&mut self, text: &str) -> io::Result<()> {
        self.look.live = false;
        let clear = if std::mem::take(&mut self.painted) { CLEAR } else { "" };
        self.out.write_all(format!("{clear}{}", self.safe_text(text)).as_bytes())?;
        self.out.flush()
    }
}

impl Report for Terminal {
    /// Draws the live line anew, with the time that is left, or writes how far each vendor has come.
    fn tick(&mut self) -> io::Result<()> {
        let mut text = String::new();
        if !self.look.live && self.look.level > Level::Quiet {
            text = self.vendors.due_text(&self.progress, (self.look.now)(), self.look.ink());
        }
        self.write_above(&text)
    }

    fn clear_line(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.painted) {
            self.out.write_all(CLEAR.as_bytes())?;
            self.out.flush()?;
        }
        Ok(())
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        let text = match event {
            Event::Started(plan) => self.plan_text(plan),
            Event::Notice(notice) => self.notice_text(notice),
            Event::CaseStarted { id } => {
                self.progress.start_case(id, (self.look.now)());
                String::new()
            }
            Event::CaseFinished(case) => self.case_text(case),
            Event::Finished(summary) => {
                self.vendors = VendorLines::default();
                let text = self.ending_text(summary);
                return self.write_last(&text);
            }
        };
        self.write_above(&text)
    }
}
