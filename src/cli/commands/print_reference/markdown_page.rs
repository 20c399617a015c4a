//! A page of Markdown, written from its beginning to its end.

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

    /// Adds a table, in which no cell can end its row or its column.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        columns: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) {
        self.push(&format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(COLUMNS)));
        for row in rows {
            let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            self.push(&format!("| {} |\n", cells.join(" | ")));
        }
    }
}

/// A word as it is typed.
pub(super) fn typed(word: impl Display) -> String {
    format!("`{word}`")
}

/// Words in a sentence: `a`, `b` or `c`.
pub(super) fn any_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
