//! A page of Markdown, written from its beginning to its end.

use std::borrow::Borrow;
use std::fmt::Display;

/// A page.
pub(super) struct MarkdownPage {
    text: String,
}

impl MarkdownPage {
    /// A page that begins with this text.
    pub(super) fn new(head: &str) -> Self {
        Self { text: head.to_owned() }
    }

    /// The text of the page.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Adds a text as it is.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a heading.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.push(&format!("\n{} {text}\n\n", "#".repeat(level)));
    }

    /// Adds a table of words as they are typed, each with its meaning.
    pub(super) fn glossary<'a, W: Display>(
        &mut self,
        columns: [&str; 2],
        words: impl IntoIterator<Item = (W, &'a str)>,
    ) {
        self.columns(columns);
        words.into_iter().for_each(|(word, meaning)| self.row([&typed(word), meaning]));
    }

    /// Begins a table.
    pub(super) fn columns<const COLUMNS: usize>(&mut self, names: [&str; COLUMNS]) {
        self.push(&format!("| {} |\n|{}\n", names.join(" | "), "---|".repeat(COLUMNS)));
    }

    /// Adds a row to a table; no cell can end its row or its column.
    pub(super) fn row<const COLUMNS: usize>(&mut self, cells: [&str; COLUMNS]) {
        let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        self.push(&format!("| {} |\n", cells.join(" | ")));
    }
}

/// A word as it is typed.
pub(super) fn typed(word: impl Display) -> String {
    format!("`{word}`")
}

/// Words in a sentence: `a`, `b` or `c`.
pub(super) fn any_of<S: Borrow<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [one] => one.borrow().to_owned(),
        [first @ .., last] => format!("{} or {}", first.join(", "), last.borrow()),
    }
}
