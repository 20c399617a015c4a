//! Refuses tabs in indentation, which the parser lets pass in places where others do not.

use std::ops::Range;

use super::mistakes::Mistakes;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Span};

/// Reports each tab in indentation, but for those on the further lines of texts: there they are text or folded away.
pub(super) fn refuse_tabs(mistakes: &mut Mistakes<'_>, long_texts: &[Range<usize>]) {
    let text = mistakes.text;
    if !text.contains('\t') {
        return;
    }
    for tab in line_starts(text).filter_map(|start| indentation_tab(text, start)) {
        let (begun, _) = long_texts.split_at(long_texts.partition_point(|text| text.start < tab));
        if begun.last().is_none_or(|text| text.end <= tab) {
            mistakes.push(tab_mistake(mistakes.file, tab));
        }
    }
}

/// The mistake of a line indented with a tab.
pub(super) fn tab_mistake(file: FileId, tab: usize) -> Diagnostic {
    Diagnostic::error(Code::TabIndentation, "a line is indented with a tab")
        .at(Span { file, range: tab..tab + 1 }, "a tab")
        .help("indent with spaces")
}

/// The first tab among what leads a line: blanks, and the signs of lists and keys that blanks follow.
pub(super) fn indentation_tab(text: &str, line: usize) -> Option<usize> {
    let (_, rest) = text.split_at_checked(line)?;
    let content = rest.trim_start_matches([' ', '\t', '-', '?', ':']);
    let (lead, _) = rest.split_at(rest.len() - content.len());
    let tab = lead.find('\t')?;
    let (_, behind) = lead.split_at(tab);
    let is_blank = content.is_empty() || content.starts_with(['\n', '\r', '#']);
    (!is_blank || !behind.trim().is_empty()).then_some(line + tab)
}

/// The byte at which each line begins.
pub(super) fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1))
}
