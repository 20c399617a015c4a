//! Builds a tree from a parser's events, and collects every mistake on the way.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput};
use serde_json::{Map, Value};

use super::offsets::Offsets;
use super::{scalar, syntax};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, NodeId, Tree};

/// The deepest nesting of lists and mappings that is read.
pub const DEEPEST: usize = 60;
/// The most values that one file may hold.
pub const MOST_VALUES: usize = 50_000;

/// Parses a text to its tree.
///
/// A text that is no YAML, or that passes a bound, has no tree; its last mistake says where reading ended. All other mistakes
/// leave the tree whole, so that further readers can find theirs: a key that stands twice keeps its first value, an alias reads
/// as null, and an entry without a name is left out.
pub fn parse(file: FileId, text: &str) -> (Option<Tree>, Vec<Diagnostic>) {
    let mut builder = Builder::new(file, text);
    builder.refuse_unseen();
    let whole = builder.read(Parser::new_from_str(text)).and_then(|()| builder.finish());
    let mistakes = builder.told();
    (whole.is_ok().then_some(builder.tree), mistakes)
}

/// Reading came to its end before the text did; a mistake says why.
pub(super) struct Ended;

pub(super) type Step = Result<(), Ended>;

pub(super) struct Builder<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    offsets: Offsets<'a>,
    pub(super) tree: Tree,
    pub(super) open: Vec<Open>,
    pub(super) values: usize,
    documents: usize,
    /// Scalars that go on over a line end: tabs that begin those lines are text or folded away.
    pub(super) long_texts: Vec<Range<usize>>,
    pub(super) mistakes: Vec<Diagnostic>,
    /// How many more mistakes there are.
    pub(super) untold: usize,
}

/// A list or mapping whose end has not come yet.
pub(super) struct Open {
    node: NodeId,
    pub(super) start: usize,
    end: usize,
    children: Vec<NodeId>,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    List(Vec<Value>),
    Mapping { entries: Map<String, Value>, key: Key, in_braces: bool },
}

/// What is known of the key when the next value of a mapping comes.
pub(super) enum Key {
    /// The next value is itself a key.
    Due,
    /// The key's name, and the bytes at which it stands.
    Read(String, Range<usize>),
    /// A key that is refused; its value is read and dropped.
    Refused,
}

impl<'a> Builder<'a> {
    fn new(file: FileId, text: &'a str) -> Self {
        let offsets = Offsets::new(text);
        Self {
            file,
            text,
            offsets,
            tree: Tree::default(),
            open: Vec::new(),
            values: 0,
            documents: 0,
            long_texts: Vec::new(),
            mistakes: Vec::new(),
            untold: 0,
        }
    }

    fn read(&mut self, mut parser: Parser<'a, StrInput<'a>>) -> Step {
        while let Some(event) = parser.next_event() {
            match event {
                Ok((Event::StreamEnd, _)) => break,
                Ok((event, marks)) => self.take(&event, marks)?,
                Err(error) => {
                    let offset = self.offsets.byte(error.marker().index());
                    let bracket = self.open_bracket();
                    return self.end_with(syntax::mistake(self.file, self.text, offset, error.info(), bracket));
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, event: &Event<'_>, marks: Marks) -> Step {
        let range = self.offsets.byte(marks.start.index())..self.offsets.byte(marks.end.index());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                self.scalar(text, *style, range)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                self.begin(Kind::List(Vec::new()), range)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(*anchor != 0, tag.is_some(), range.start);
                // The mark holds properties and the opening brace, which a block lacks.
                let in_braces = self.slice(&range).contains('{');
                self.begin(Kind::Mapping { entries: Map::new(), key: Key::Due, in_braces }, range)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(&range);
                Ok(())
            }
            Event::Alias(_) => {
                let help = "write the value out, or share it by a shape or a section";
                self.report(
                    Code::AnchorOrAlias,
                    "aliases are not part of the language",
                    range.clone(),
                    "an alias",
                    help,
                );
                self.scalar("", ScalarStyle::DoubleQuoted, range)
            }
            Event::DocumentStart(_) => self.begin_document(range),
            _ => Ok(()),
        }
    }

    fn begin_document(&mut self, range: Range<usize>) -> Step {
        self.documents += 1;
        if self.documents == 1 {
            self.refuse_directives(range.start);
            return Ok(());
        }
        let message = "the file holds more than one document";
        self.stop(Code::SeveralDocuments, message, range, "another document begins", "give each document its own file")
    }

    fn begin(&mut self, kind: Kind, range: Range<usize>) -> Step {
        if self.open.len() >= DEEPEST {
            let message = format!("values are nested more than {DEEPEST} levels deep");
            return self.stop(Code::TooDeep, message, range, "one level too many", "take levels away");
        }
        self.count(&range)?;
        let node = self.tree.open(&range);
        self.open.push(Open { node, start: range.start, end: range.end, children: Vec::new(), kind });
        Ok(())
    }

    fn count(&mut self, range: &Range<usize>) -> Step {
        self.values += 1;
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        let message = format!("the file holds more than {MOST_VALUES} values");
        let help = "split the file into one an operation";
        self.stop(Code::TooManyValues, message, range.clone(), "one value too many", help)
    }

    fn end(&mut self, range: &Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        // A block ends where its last value does, since its own mark stands behind blank lines and comments; within brackets
        // the mark begins with the closing one.
        let end = if range.is_empty() { open.end } else { range.start + 1 };
        self.tree.end(open.node, end);
        let value = match open.kind {
            Kind::List(list) => {
                self.tree.close_list(open.node, &open.children);
                Value::Array(list)
            }
            Kind::Mapping { entries, .. } => {
                for (first, second) in self.tree.close_mapping(open.node, open.children) {
                    self.report_duplicate(first, second);
                }
                Value::Object(entries)
            }
        };
        self.place(value, open.node, open.start..end);
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) -> Step {
        if self.slice(&range).contains('\n') {
            self.long_texts.push(range.clone());
        }
        let text = if is_block(style) { self.block_text(text, range.end) } else { text };
        let trimmed = range.start..range.start + self.slice(&range).trim_end().len();
        if let Some(Open { kind: Kind::Mapping { key: key @ Key::Due, .. }, .. }) = self.open.last_mut() {
            *key = Key::Refused;
            let read = self.key(text, style, trimmed);
            if let Some(Open { kind: Kind::Mapping { key, .. }, .. }) = self.open.last_mut() {
                *key = read;
            }
            return Ok(());
        }
        self.count(&range)?;
        let missing = text.is_empty() && style == ScalarStyle::Plain;
        let range = if missing { self.missing(range.start) } else { trimmed };
        let value = if style == ScalarStyle::Plain { self.plain(text, &range) } else { Value::String(text.to_owned()) };
        let node = self.tree.open(&range);
        self.place(value, node, range);
        Ok(())
    }

    /// What can be told only at the end.
    fn finish(&mut self) -> Step {
        let is_empty = self.values == 0 || (self.values == 1 && self.tree.value.is_null() && self.is_blank());
        if is_empty {
            let help = "begin with `version: 1`, or remove the file";
            return self.stop(Code::EmptyFile, "the file is empty", 0..0, "", help);
        }
        self.refuse_tabs();
        Ok(())
    }

    fn is_blank(&self) -> bool {
        self.text
            .lines()
            .map(str::trim)
            .all(|line| line.is_empty() || line.starts_with('#') || line == "---" || line == "...")
    }

    /// The innermost bracket or brace that is not closed yet.
    pub(super) fn open_bracket(&self) -> Option<usize> {
        let mut starts = self.open.iter().rev().map(|open| open.start);
        starts.find(|start| self.text.get(*start..).is_some_and(|rest| rest.starts_with(['[', '{'])))
    }

    /// A block text ends with a line end only where one is written.
    fn block_text<'t>(&self, text: &'t str, end: usize) -> &'t str {
        let unended = end == self.text.len() && !self.text.ends_with(['\n', '\r']);
        if unended { text.strip_suffix('\n').unwrap_or(text) } else { text }
    }

    fn plain(&mut self, text: &str, range: &Range<usize>) -> Value {
        scalar::plain(text).unwrap_or_else(|refusal| {
            let message = format!("`{text}` is {refusal}");
            let help = "write a number that JSON can carry, or quote it if text is meant";
            self.report(Code::NumberOutOfRange, message, range.clone(), refusal, help);
            Value::Null
        })
    }

    /// Gives a finished value to the list or mapping around it; without one it is the document.
    fn place(&mut self, value: Value, node: NodeId, range: Range<usize>) {
        let Some(open) = self.open.last_mut() else {
            self.tree.value = value;
            return;
        };
        open.end = open.end.max(range.end);
        match &mut open.kind {
            Kind::List(list) => {
                list.push(value);
                open.children.push(node);
            }
            Kind::Mapping { entries, key, .. } => match std::mem::replace(key, Key::Due) {
                Key::Read(name, bytes) => {
                    self.tree.name_node(node, &name, &bytes);
                    entries.entry(name).or_insert(value);
                    open.children.push(node);
                }
                Key::Refused => {}
                Key::Due => {
                    *key = Key::Refused;
                    self.refuse_nested_key(range);
                }
            },
        }
    }
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}
