//! Colours and line breaks of the terminal's report.

use crate::judge::verdict::Verdict;
use crate::report::text::clean;
use anstyle::{AnsiColor, Style};

/// What a piece of text means; the colours follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Odd,
    Foreign,
}

impl Tone {
    pub(in crate::report) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Conforms => Self::Good,
            Verdict::Violates => Self::Bad,
            Verdict::Drifted => Self::Odd,
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused => Self::Foreign,
            Verdict::Skipped => Self::Faint,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Odd => AnsiColor::Yellow.on_default(),
            Self::Foreign => AnsiColor::Magenta.on_default(),
        }
    }
}

/// Lays text out: with colours or without, for a width.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Ink {
    /// Whether colours are wanted.
    pub(in crate::report) colour: bool,
    /// How many columns there are; nothing is broken where it is none.
    pub(in crate::report) width: Option<usize>,
}

/// Narrower columns than this are not worth breaking for.
const NARROWEST: usize = 24;

impl Ink {
    /// A text in the colour of what it means.
    pub(in crate::report) fn paint(self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        let text = clean(text);
        if self.colour && style != Style::new() { format!("{style}{text}{style:#}") } else { text }
    }

    /// A verdict's word in its colour, and bold where it is bad.
    pub(in crate::report) fn verdict(self, verdict: Verdict, text: &str) -> String {
        let style = Tone::of(verdict).style();
        let style = if verdict == Verdict::Violates { style.bold() } else { style };
        let text = clean(text);
        if self.colour { format!("{style}{text}{style:#}") } else { text }
    }

    /// A label in its own column and a text beside it, broken between words where it would pass the edge.
    pub(in crate::report) fn entry(self, indent: usize, label: &str, tone: Tone, text: &str) -> String {
        let column = indent
            + match label.chars().count() {
                0 => 0,
                1 => 2,
                count => LABEL.max(count + 1),
            };
        let mut entry = format!("{:indent$}", "");
        if !label.is_empty() {
            entry.push_str(&self.paint(Tone::Faint, label));
            let used = label.chars().count();
            entry.extend(std::iter::repeat_n(' ', column - indent - used));
        }
        let lines = self.wrap(clean(text).trim_end(), column);
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                entry.extend(std::iter::repeat_n(' ', column));
            }
            entry.push_str(&self.paint(tone, line));
            entry.push('\n');
        }
        entry
    }

    /// A line that is left as long as it is: code keeps its shape, and a terminal breaks it as it likes.
    pub(in crate::report) fn unbroken(self, indent: usize, tone: Tone, text: &str) -> String {
        format!("{:indent$}{}\n", "", self.paint(tone, text))
    }

    /// The lines of a text, broken between words so that they fit beside an indent. A longer word stands alone.
    fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(NARROWEST));
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            if paragraph.chars().count() <= room {
                lines.push(paragraph.to_owned());
                continue;
            }
            let mut line = String::new();
            for word in paragraph.split(' ') {
                if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
                    lines.push(std::mem::take(&mut line));
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            lines.push(line);
        }
        lines
    }
}

/// How wide the column of labels is.
const LABEL: usize = 10;
