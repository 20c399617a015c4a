//! Builds a tree from a parser's events, and collects every mistake on the way.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput};
use serde_json::{Map, Value};

use super::key::Key;
use super::mended_text::{Mend, SyntaxFailure, move_labels, origin_of};
use super::mistakes::{EndOfReading, Mistakes};
use super::offsets::Offsets;
use super::plain_scalar::plain_scalar;
use super::refuse_tabs::refuse_tabs;
use super::refuse_unseen::refuse_unseen;
use super::syntax_mistake::{syntax_mistake, word_length};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, NodeId, Tree, text_from, text_part};

/// The deepest nesting of lists and mappings that is read.
pub const DEEPEST: usize = 60;
/// The most values that one file may hold.
pub const MOST_VALUES: usize = 50_000;

/// Parses a text to its tree.
///
/// A text that is not YAML, or that passes a bound, has no tree; its last mistake is at the place where reading ended. All other
/// mistakes keep the tree whole, so that further readers can find theirs: a key that is there twice keeps its first value, an alias
/// reads as null, and an entry without a name is left out. A slip whose cure is certain, such as a quote that is not closed, is
/// reported, and the rest is read as if it had been cured.
pub fn parse_tree(file: FileId, text: &str) -> (Option<Tree>, Vec<Diagnostic>) {
    let mut reading = Reading::of(file, text);
    if reading.failure.is_none() {
        return (reading.tree, reading.mistakes);
    }
    let mut found = Vec::new();
    let mut mends: Vec<Mend> = Vec::new();
    let mut mended = text.to_owned();
    while let Some(failure) = reading.failure.take().filter(|_| mends.len() < MOST_MENDS) {
        let Some(mend) = Mend::of(&mended, &failure) else { break };
        let next_text = mend.apply(&mended);
        let next = Reading::of(file, &next_text);
        if next.failure.as_ref().is_some_and(|next| next.offset <= failure.offset) {
            break;
        }
        found.extend(reading.mistakes.pop().map(|mistake| moved(mistake, &mends)));
        mends.push(mend);
        (reading, mended) = (next, next_text);
    }
    found.extend(reading.mistakes.into_iter().map(|mistake| moved(mistake, &mends)));
    if let Some(tree) = &mut reading.tree {
        tree.move_places(|bytes| origin_of(&mends, bytes));
    }
    (reading.tree, found)
}

/// The most slips of one text that are cured.
const MOST_MENDS: usize = 20;

/// A mistake at its place in the text as it was.
fn moved(mut mistake: Diagnostic, mends: &[Mend]) -> Diagnostic {
    move_labels(&mut mistake, mends);
    mistake
}

/// What one reading of a text gives.
struct Reading {
    tree: Option<Tree>,
    mistakes: Vec<Diagnostic>,
    /// The mistake of syntax with which it ended, where it did; then it is the last one.
    failure: Option<SyntaxFailure>,
}

impl Reading {
    fn of(file: FileId, text: &str) -> Self {
        let mut builder = TreeBuilder::new(file, text);
        refuse_unseen(&mut builder.mistakes);
        let whole = builder.read_events(Parser::new_from_str(text)).and_then(|()| builder.finish());
        Self {
            tree: whole.is_ok().then_some(builder.tree),
            mistakes: builder.mistakes.into_shown(),
            failure: builder.failure,
        }
    }
}

type Step = Result<(), EndOfReading>;

struct TreeBuilder<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    tree: Tree,
    open: Vec<OpenContainer>,
    values: usize,
    documents: usize,
    /// Scalars that go on over a line end: tabs that begin those lines are text or folded away.
    long_texts: Vec<Range<usize>>,
    mistakes: Mistakes<'a>,
    failure: Option<SyntaxFailure>,
}

/// A list or mapping whose end has not come yet.
struct OpenContainer {
    node: NodeId,
    start: usize,
    end: usize,
    children: Vec<NodeId>,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Mapping { entries: Map<String, Value>, key: Key, in_braces: bool },
}

impl<'a> TreeBuilder<'a> {
    fn new(file: FileId, text: &'a str) -> Self {
        Self {
            text,
            offsets: Offsets::new(text),
            tree: Tree::default(),
            open: Vec::new(),
            values: 0,
            documents: 0,
            long_texts: Vec::new(),
            mistakes: Mistakes::new(file, text),
            failure: None,
        }
    }

    fn read_events(&mut self, mut parser: Parser<'a, StrInput<'a>>) -> Step {
        while let Some(event) = parser.next_event() {
            match event {
                Ok((Event::StreamEnd, _)) => break,
                Ok((event, marks)) => self.take_event(&event, marks)?,
                Err(error) => {
                    let offset = self.offsets.byte(error.marker().index());
                    let failure = SyntaxFailure { offset, info: error.info().to_owned(), open: self.open_bracket() };
                    let mistake = syntax_mistake(self.mistakes.file, self.text, &failure);
                    self.failure = Some(failure);
                    return Err(self.mistakes.end_with(mistake));
                }
            }
        }
        Ok(())
    }

    fn take_event(&mut self, event: &Event<'_>, marks: Marks) -> Step {
        let range = self.offsets.bytes(marks.start.index()..marks.end.index());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                self.add_scalar(text, *style, range)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                self.begin_container(Content::List(Vec::new()), range)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                // The mark holds properties and the opening brace, which a block lacks.
                let in_braces = text_part(self.text, range.clone()).contains('{');
                self.begin_container(Content::Mapping { entries: Map::new(), key: Key::Awaited, in_braces }, range)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end_container(&range);
                Ok(())
            }
            Event::Alias(_) => {
                let (message, bytes) = ("aliases are not part of the language", range.clone());
                let help = "write the value out, or share it by a shape or a section";
                self.mistakes.report(Code::AnchorOrAlias, message, bytes, "an alias", help);
                self.add_scalar("", ScalarStyle::DoubleQuoted, range)
            }
            Event::DocumentStart(_) => self.begin_document(range),
            _ => Ok(()),
        }
    }

    /// Reports an anchor or a tag before a value.
    fn refuse_properties(&mut self, anchor: bool, tag: bool, start: usize) {
        if anchor {
            let help = "remove it; values are shared by shapes and sections";
            let range = self.property_range('&', start);
            self.mistakes.report(Code::AnchorOrAlias, "anchors are not part of the language", range, "an anchor", help);
        }
        if tag {
            let help = "remove it; quote a value that is to be text";
            let range = self.property_range('!', start);
            self.mistakes.report(Code::Tag, "tags are not part of the language", range, "a tag", help);
        }
    }

    /// The bytes of the anchor or tag among the words before a value.
    fn property_range(&self, sign: char, start: usize) -> Range<usize> {
        let mut at = start;
        // No more than a line's worth is looked at: the text may be one long word.
        for word in text_part(self.text, start..start + 200).split_inclusive(char::is_whitespace) {
            if word.starts_with(sign) {
                return at..at + word_length(word);
            }
            at += word.len();
        }
        start..start
    }

    fn begin_document(&mut self, range: Range<usize>) -> Step {
        self.documents += 1;
        if self.documents == 1 {
            self.refuse_directives(range.start);
            return Ok(());
        }
        let message = "the file holds more than one document";
        let help = "give each document its own file";
        Err(self.mistakes.stop(Code::SeveralDocuments, message, range, "another document begins", help))
    }

    /// Reports lines such as `%YAML 1.2` before the document.
    fn refuse_directives(&mut self, start: usize) {
        let mut at = 0;
        for line in text_part(self.text, 0..start).split_inclusive('\n') {
            if line.starts_with('%') {
                let (message, range) = ("directives are not part of the language", at..at + line.trim_end().len());
                self.mistakes.report(Code::Syntax, message, range, "a directive", "remove the line");
            }
            at += line.len();
        }
    }

    fn begin_container(&mut self, content: Content, range: Range<usize>) -> Step {
        if self.open.len() >= DEEPEST {
            let message = format!("values are nested more than {DEEPEST} levels deep");
            return Err(self.mistakes.stop(Code::TooDeep, message, range, "one level too many", "take levels away"));
        }
        self.count_value(&range)?;
        let Range { start, end } = range;
        self.open.push(OpenContainer { node: self.tree.open(range), start, end, children: Vec::new(), content });
        Ok(())
    }

    fn count_value(&mut self, range: &Range<usize>) -> Step {
        self.values += 1;
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        let message = format!("the file holds more than {MOST_VALUES} values");
        let help = "split the file into one an operation";
        Err(self.mistakes.stop(Code::TooManyValues, message, range.clone(), "one value too many", help))
    }

    fn end_container(&mut self, range: &Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        // A block ends where its last value does, since its own mark is behind blank lines and comments; within brackets the mark
        // begins with the closing one.
        let end = if range.is_empty() { open.end } else { range.start + 1 };
        self.tree.end(open.node, end);
        let value = match open.content {
            Content::List(list) => {
                self.tree.close_list(open.node, &open.children);
                Value::Array(list)
            }
            Content::Mapping { entries, .. } => {
                for (first, second) in self.tree.close_mapping(open.node, open.children) {
                    self.mistakes.report_duplicate(first, second);
                }
                Value::Object(entries)
            }
        };
        self.add_value(value, open.node, open.start..end);
    }

    fn add_scalar(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) -> Step {
        let written = text_part(self.text, range.clone());
        let trimmed = range.start..range.start + written.trim_end().len();
        let text = if is_block(style) { self.block_text(text, range.end) } else { text };
        if written.contains('\n') {
            self.long_texts.push(range.clone());
        }
        if let Some(OpenContainer { content: Content::Mapping { key: key @ Key::Awaited, .. }, .. }) =
            self.open.last_mut()
        {
            *key = Key::read(text, style, trimmed, &mut self.mistakes);
            return Ok(());
        }
        self.count_value(&range)?;
        let is_plain = style == ScalarStyle::Plain;
        let range = if text.is_empty() && is_plain { self.range_of_missing(range.start) } else { trimmed };
        let value = if is_plain { self.plain_value(text, &range) } else { Value::String(text.to_owned()) };
        let node = self.tree.open(range.clone());
        self.add_value(value, node, range);
        Ok(())
    }

    /// A block text ends with a line end only where one is written.
    fn block_text<'t>(&self, text: &'t str, end: usize) -> &'t str {
        let unended = end == self.text.len() && !self.text.ends_with(['\n', '\r']);
        if unended { text.strip_suffix('\n').unwrap_or(text) } else { text }
    }

    fn plain_value(&mut self, text: &str, range: &Range<usize>) -> Value {
        plain_scalar(text).unwrap_or_else(|refusal| {
            let message = format!("`{text}` is {refusal}");
            let help = "write a number that JSON can carry, or quote it if text is meant";
            self.mistakes.report(Code::NumberOutOfRange, message, range.clone(), refusal, help);
            Value::Null
        })
    }

    /// The bytes of a value that is not written: those of its key. Reports a comma that cut a sentence in two.
    fn range_of_missing(&mut self, at: usize) -> Range<usize> {
        match self.open.last() {
            Some(OpenContainer {
                content: Content::Mapping { key: Key::Named(name, range), in_braces, .. }, ..
            }) => {
                if *in_braces && !text_from(self.text, range.end).trim_start().starts_with(':') {
                    self.mistakes.report_comma(name, range.clone());
                }
                range.clone()
            }
            _ => at..at,
        }
    }

    /// Gives a finished value to the list or mapping around it; without one it is the document.
    fn add_value(&mut self, value: Value, node: NodeId, range: Range<usize>) {
        let Some(open) = self.open.last_mut() else {
            self.tree.value = value;
            return;
        };
        open.end = open.end.max(range.end);
        match &mut open.content {
            Content::List(list) => {
                list.push(value);
                open.children.push(node);
            }
            Content::Mapping { entries, key, .. } => match std::mem::replace(key, Key::Awaited) {
                Key::Named(name, bytes) => {
                    self.tree.name_node(node, &name, bytes);
                    entries.entry(name).or_insert(value);
                    open.children.push(node);
                }
                Key::Refused => {}
                Key::Awaited => {
                    *key = Key::Refused;
                    let message = "a list or a mapping stands as a key, but a name is text";
                    let help = "quote text that begins with a bracket, a brace, `- ` or `? `";
                    self.mistakes.report(Code::KeyNotText, message, range, "a key", help);
                }
            },
        }
    }

    /// Reports what can be known only at the end.
    fn finish(&mut self) -> Step {
        let is_empty = self.values == 0 || (self.values == 1 && self.tree.value.is_null() && self.is_blank());
        if is_empty {
            let help = "begin with `version: 1`, or remove the file";
            return Err(self.mistakes.stop(Code::EmptyFile, "the file is empty", 0..0, "", help));
        }
        refuse_tabs(&mut self.mistakes, &self.long_texts);
        Ok(())
    }

    fn is_blank(&self) -> bool {
        let mut lines = self.text.lines().map(str::trim);
        lines.all(|line| line.is_empty() || line.starts_with('#') || line == "---" || line == "...")
    }

    /// The innermost bracket or brace that is not closed yet.
    fn open_bracket(&self) -> Option<usize> {
        let mut starts = self.open.iter().rev().map(|open| open.start);
        starts.find(|start| text_from(self.text, *start).starts_with(['[', '{']))
    }
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}
