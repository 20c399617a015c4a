//! The mistake of a text that is not YAML: the place where it fails, and advice.

use std::ops::Range;

use super::mended_text::SyntaxFailure;
use super::misindented_line::{MisindentedLine, first_sign};
use super::refuse_tabs::{indentation_tab, line_starts, tab_mistake};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Span, text_from, text_part};

/// The parser's words, ours in their place, and advice.
const WORDS: &[(&str, &str, &str)] = &[
    ("unexpected end of stream", "a quoted text is not closed", "close it with the quote that opened it"),
    (
        "trailing content after double-quoted",
        "something stands behind the closing quote",
        "quote the whole text; within double quotes a quote is written `\\\"`",
    ),
    (
        "unknown escape character",
        "a backslash is followed by a letter that means nothing",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "expected hexadecimal number",
        "an escaped character's number is not hexadecimal",
        "write four digits behind `\\u`, two behind `\\x`",
    ),
    (
        "invalid Unicode character escape",
        "an escaped number is no character",
        "write the character itself, or an escape below `\\ud800`",
    ),
    (
        "invalid indentation in quoted scalar",
        "this quote is not closed on its line",
        "close it with the same sign, or indent the further lines of the text deeper than its key",
    ),
    (
        "expected ',' or '}'",
        "a mapping in braces is not closed, or a comma lacks",
        "separate entries by commas, close with `}`, and quote text that holds braces or commas",
    ),
    (
        "expected ',' or ']'",
        "a list in brackets is not closed, or a comma lacks",
        "separate elements by commas, close with `]`, and quote text that holds brackets or commas",
    ),
    ("misplaced bracket", "a bracket closes what was not opened", "remove it, or quote the text in which it stands"),
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "quote text that holds `: `, and put each key on its own line",
    ),
    (
        "mapping keys are not allowed",
        "a key stands where none can be",
        "put each key on its own line, as deep as its neighbours",
    ),
    (
        "illegal placement of ':'",
        "a colon stands where no key can be",
        "quote text that holds `: `, and put each key on its own line",
    ),
    ("simple key expect", "a key has no colon", "write `key: value`, a space behind the colon"),
    (
        "simple key expected",
        "a key has no colon, or begins too far to the left",
        "write `key: value`, and indent as deep as the neighbours",
    ),
    ("did not find expected key", "a key is due here", "write `key: value`, as deep as its neighbours"),
    (
        "did not find expected '-'",
        "a list element is due here",
        "begin each element with `- `, as deep as its neighbours",
    ),
    ("sequence entries are not allowed", "a list begins where none can", "begin the list on the line under its key"),
    ("'-' must be followed", "a dash is not followed by a space", "write `- ` before a list element"),
    ("cannot start with '-'", "a text in braces or brackets begins with a dash", "quote it"),
    ("invalid indentation", "a line begins too far to the left", "indent what belongs to a key deeper than the key"),
    (
        "wrongly indented line",
        "a line of a block text begins too far to the left",
        "indent all its lines alike, deeper than the key",
    ),
    (
        "expected node content",
        "a value is due here",
        "write a value, or `null`; quote text that begins with a special character",
    ),
    ("unexpected character", "no value can begin with this character", "quote the text"),
    (
        "unprintable character",
        "the text holds a character that cannot be printed",
        "remove it, or write it as an escape within double quotes",
    ),
    ("comment intercepting", "a comment stands within a text of several lines", "quote the text, or move the comment"),
    ("end of plain scalar", "a text breaks off here", "quote it"),
    (
        "block scalar",
        "a block text begins wrongly",
        "write `|` or `>` alone behind the key, and the text on the lines under it",
    ),
    (
        "directive",
        "directives (`%...`) are not part of the language",
        "remove the line, or quote text that begins with `%`",
    ),
    (
        "version",
        "directives (`%...`) are not part of the language",
        "remove the line, or quote text that begins with `%`",
    ),
    (
        "byte order mark",
        "a byte-order mark stands within the text",
        "remove it; it can stand at the start of a file only",
    ),
    ("tag", "tags (`!name`) are not part of the language", "remove the tag, or quote text that begins with `!`"),
    (
        "anchor",
        "anchors and aliases (`&name`, `*name`) are not part of the language",
        "quote text that begins with `&` or `*`",
    ),
    ("recursion limit", "values are nested too deep", "take levels away"),
    ("document", "the document has ended, yet the text goes on", "begin all keys of a mapping in one column"),
];

/// The mistake for a text whose reading ended.
pub(super) fn syntax_mistake(file: FileId, text: &str, failure: &SyntaxFailure) -> Diagnostic {
    let (info, open) = (failure.info.as_str(), failure.open);
    let offset = text.floor_char_boundary(failure.offset);
    if let Some(tab) = blamed_tab(text, offset, info) {
        return tab_mistake(file, tab);
    }
    if info.contains("unknown anchor") {
        return unknown_alias(file, text, offset);
    }
    if let Some(bracket) = failure.unclosed_bracket(text) {
        return unclosed_bracket(file, text, bracket, offset);
    }
    if let Some(line) = MisindentedLine::of(text, failure) {
        return misindented(file, text, &line);
    }
    let code = if info.contains("recursion limit") { Code::TooDeep } else { Code::Syntax };
    let is_colon = info.contains("mapping values are not allowed") || info.contains("illegal placement of ':'");
    let in_brackets = open.is_some_and(|open| text_from(text, open).starts_with('['));
    let theirs = if is_colon && in_brackets { "expected ',' or ']'" } else { info };
    let known = WORDS.iter().find(|(words, ..)| theirs.contains(words));
    let unknown = ("", info, "see the lines before; quote text that holds special characters");
    let (_, message, help) = known.unwrap_or(&unknown);
    let range = if info.contains("simple key expect") { line_before(text, offset) } else { shown_at(text, offset) };
    let elsewhere = open.filter(|open| !range.contains(open));
    let mut mistake = Diagnostic::error(code, *message).at(Span { file, range }, "reading ends here");
    if let Some(open) = elsewhere {
        mistake = mistake.at(Span { file, range: open..open + 1 }, "opened here");
    }
    mistake.help(*help)
}

/// The mistake of a bracket or brace that is not closed.
fn unclosed_bracket(file: FileId, text: &str, bracket: usize, offset: usize) -> Diagnostic {
    let (open, closing) = if text_from(text, bracket).starts_with('[') { ("[", "]") } else { ("{", "}") };
    Diagnostic::error(Code::Syntax, format!("a `{open}` is not closed"))
        .at(Span { file, range: bracket..bracket + 1 }, "opened here")
        .at(Span { file, range: shown_at(text, offset) }, "not closed before this")
        .help(format!("close it with `{closing}`, and quote text that holds brackets, braces or commas"))
}

/// The mistake of a line that begins in another column than its neighbours.
fn misindented(file: FileId, text: &str, line: &MisindentedLine) -> Diagnostic {
    let MisindentedLine { found, due, .. } = line;
    Diagnostic::error(Code::Syntax, format!("this line is indented by {found}, and its neighbours by {due}"))
        .at(Span { file, range: first_sign(text, line) }, "begins here")
        .help(format!("indent it by {due}, or as what is inside the line before, if it belongs there"))
}

/// The mistake of an alias, which ends the reading where the parser knows no anchor of its name.
fn unknown_alias(file: FileId, text: &str, offset: usize) -> Diagnostic {
    let range = offset..offset + word_length(text_from(text, offset));
    Diagnostic::error(Code::AnchorOrAlias, "aliases are not part of the language")
        .at(Span { file, range }, "an alias of nothing; reading ends here")
        .help("write the value out, or share it by a shape or a section; quote text that begins with `*`")
}

/// The length of the anchor, alias or tag at the beginning of a text.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|end: char| end.is_whitespace() || ",[]{}".contains(end)).unwrap_or(text.len())
}

/// One character at the offset; at the end of the text the last one that is not blank.
fn shown_at(text: &str, offset: usize) -> Range<usize> {
    if text_from(text, offset).trim_start().is_empty() {
        let end = text.trim_end().len();
        return text.floor_char_boundary(end.saturating_sub(1))..end;
    }
    offset..text.ceil_char_boundary(offset + 1)
}

/// The line before an offset where the offset begins its own line, without the blanks around it.
fn line_before(text: &str, offset: usize) -> Range<usize> {
    let before = text_part(text, 0..offset).trim_end();
    if before.is_empty() {
        return shown_at(text, offset);
    }
    let line = text_from(before, line_start(before, before.len())).trim_start();
    before.len() - line.len()..before.len()
}

/// The tab in the indentation of the line at which reading ended or of the one before; where the parser speaks of a tab, of the
/// first line from there.
fn blamed_tab(text: &str, offset: usize, info: &str) -> Option<usize> {
    let line = line_start(text, offset);
    let line_above = line_start(text, line.saturating_sub(1));
    let near = indentation_tab(text, line).or_else(|| indentation_tab(text, line_above));
    let speaks_of_tabs = ["tab ", "tabs "].iter().any(|words| format!("{info} ").contains(words));
    if near.is_some() || !speaks_of_tabs {
        return near;
    }
    line_starts(text_from(text, line)).find_map(|start| indentation_tab(text, line + start))
}

fn line_start(text: &str, offset: usize) -> usize {
    text_part(text, 0..offset).rfind('\n').map_or(0, |end| end + 1)
}
