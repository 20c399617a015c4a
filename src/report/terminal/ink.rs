//! Colours and line breaks of texts for a terminal.

use crate::judge::verdict::Verdict;
use crate::report::count::Count;
use crate::text::visible::text as clean;
use anstyle::{AnsiColor, Style};

/// The meaning of a piece of text; the colours follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Odd,
    Foreign,
}

impl From<Verdict> for Tone {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Conforms => Self::Good,
            Verdict::Violates => Self::Bad,
            Verdict::Drifted => Self::Odd,
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => Self::Foreign,
            Verdict::Skipped => Self::Faint,
        }
    }
}

impl Tone {
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
pub(crate) struct Ink {
    /// True where colours are wanted.
    pub(crate) colour: bool,
    /// The number of columns; without it, nothing is broken.
    pub(crate) width: Option<usize>,
}

/// Narrower columns than this are not worth breaking for.
const NARROWEST: usize = 24;
/// The width of the column of labels.
const LABEL: usize = 10;

impl Ink {
    /// Text without colours, whose lines are as long as they are.
    pub(crate) const PLAIN: Self = Self { colour: false, width: None };

    /// The same, but no line is broken, so that it can be copied.
    #[must_use]
    pub(crate) fn without_breaks(self) -> Self {
        Self { width: None, ..self }
    }

    /// A text in the colour of its meaning.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        self.paint_styled(tone.style(), text)
    }

    /// A verdict's word in its colour, and bold where it is bad.
    pub(crate) fn verdict(self, verdict: Verdict, text: &str) -> String {
        let style = Tone::from(verdict).style();
        self.paint_styled(if verdict == Verdict::Violates { style.bold() } else { style }, text)
    }

    fn paint_styled(self, style: Style, text: &str) -> String {
        let text = clean(text);
        if self.colour && style != Style::new() { format!("{style}{text}{style:#}") } else { text }
    }

    /// A label in its own column and a text beside it, broken between words where it would pass the edge.
    pub(crate) fn entry(self, indent: usize, label: &str, tone: Tone, text: &str) -> String {
        let used = label.chars().count();
        let beside = match used {
            0 => 0,
            1 => 2,
            count => LABEL.max(count + 1),
        };
        let mut entry = format!("{:indent$}", "");
        if !label.is_empty() {
            entry.push_str(&self.paint(Tone::Faint, label));
            entry.extend(std::iter::repeat_n(' ', beside - used));
        }
        let column = indent + beside;
        for (number, line) in self.wrap_lines(clean(text).trim_end(), column).iter().enumerate() {
            if number > 0 {
                entry.extend(std::iter::repeat_n(' ', column));
            }
            entry.push_str(&self.paint(tone, line));
            entry.push('\n');
        }
        entry
    }

    /// A line that is left as long as it is: code keeps its shape, and a terminal breaks it as it likes.
    pub(crate) fn unbroken(self, indent: usize, tone: Tone, text: &str) -> String {
        format!("{:indent$}{}\n", "", self.paint(tone, text))
    }

    /// Lines of code; those beyond the most are counted, not shown.
    pub(crate) fn code_lines(self, lines: &[(Tone, String)], most: usize) -> String {
        let mut text = String::new();
        for (tone, line) in lines.iter().take(most) {
            text += &self.unbroken(4, *tone, line);
        }
        text + &self.not_shown(4, Count(lines.len().saturating_sub(most), "line"))
    }

    /// The number of things that are not shown; nothing, if all are.
    pub(crate) fn not_shown(self, indent: usize, left: Count<'_>) -> String {
        match left.0 {
            0 => String::new(),
            _ => self.entry(indent, "", Tone::Faint, &format!("{left} not shown; -v shows all")),
        }
    }

    /// The lines of a text, broken between words so that they fit beside an indent. A longer word is alone on its line.
    fn wrap_lines(self, text: &str, indent: usize) -> Vec<String> {
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
