//! From an outcome to the answer that the mock gives: status, header fields, body.

use super::answer_filler::{AnswerFiller, MadeValues, ValueSources};
use super::body_node::{BodyNode, Reference};
use super::flat_schema::is_tangled;
use super::prepared_operation::PreparedRow;
use super::reference_values::ReferenceValues;
use crate::contract::language::Status;
use crate::contract::template::{Unresolved, plain};
use crate::contract::{Outcome, Promise};
use crate::http::exchange::{Headers, Response};
use crate::judge::check::Compiled;
use bytes::Bytes;
use indexmap::IndexMap;
use serde_json::Value;

/// The header field that names the row by which an answer was given.
pub const ROW: &str = "x-proviso-row";

/// The most bytes to which a body is padded because a length asks for them.
const LONGEST: usize = 1 << 20;

/// The answer of an outcome, prepared.
#[derive(Debug)]
pub(super) struct AnswerRecipe {
    status: u16,
    media: Option<String>,
    headers: Vec<(String, HeaderRecipe)>,
    body: BodyRecipe,
    /// The length that is promised of the body.
    length: Option<usize>,
    /// The whole promise, where its parts do not show whether it admits what was sent.
    whole: Option<Compiled>,
}

#[derive(Debug)]
enum BodyRecipe {
    /// The same for every request.
    Text(Bytes),
    /// JSON, and its text where nothing in it depends on the request, unless that sends or names something.
    Json(Box<BodyNode>, Option<Bytes>),
}

#[derive(Debug)]
enum HeaderRecipe {
    Fixed(String),
    Reference(Reference),
    Made(BodyNode),
}

/// An answer, filled in.
#[derive(Debug)]
pub(super) struct FilledAnswer {
    pub(super) response: Response,
    pub(super) made: MadeValues,
}

impl AnswerRecipe {
    /// Prepares an outcome.
    pub(super) fn new(outcome: &Outcome) -> Self {
        let status = plainest_status(outcome.status.as_ref());
        let words = outcome.name.replace('_', " ");
        let implied = match &outcome.body {
            Promise::Json(_) => Some("application/json"),
            Promise::Empty => None,
            Promise::Text | Promise::Nothing => Some("text/plain; charset=utf-8"),
        };
        let length = promised_length(outcome);
        let tangled = matches!(&outcome.body, Promise::Json(shape) if is_tangled(&shape.schema));
        let headers = outcome.headers.iter();
        Self {
            status,
            media: outcome.media.as_deref().or(implied).map(str::to_owned),
            headers: headers.map(|(name, promise)| (name.clone(), HeaderRecipe::new(promise, &words))).collect(),
            body: BodyRecipe::new(outcome, &words, status, length),
            length,
            whole: if tangled { Compiled::of(outcome).ok() } else { None },
        }
    }

    /// Returns true for an answer that refuses, which shows nothing of the resource in question.
    pub(super) fn refuses(&self) -> bool {
        self.status >= 400
    }

    /// Fills it in for a request.
    pub(super) fn fill(
        &self,
        row: &PreparedRow,
        captures: &IndexMap<String, String>,
        names: &ReferenceValues<'_>,
        sources: ValueSources<'_>,
    ) -> Result<FilledAnswer, Unresolved> {
        let (body, made) = match &self.body {
            BodyRecipe::Text(text) => (text.clone(), MadeValues::default()),
            BodyRecipe::Json(_, Some(constant)) if sources.are_empty() => (constant.clone(), MadeValues::default()),
            BodyRecipe::Json(node, _) => {
                let filled = self.fill_body(node, names, sources, captures)?;
                (filled.text.into(), filled.made)
            }
        };
        let body = match self.length {
            Some(length) => pad_body(body, length),
            None => body,
        };
        let headers = self.fill_headers(row, names)?;
        Ok(FilledAnswer { response: Response { status: self.status, headers, body }, made })
    }

    fn fill_headers(&self, row: &PreparedRow, names: &ReferenceValues<'_>) -> Result<Headers, Unresolved> {
        let mut headers = Headers(Vec::with_capacity(2 + self.headers.len()));
        if let Some(media) = &self.media {
            headers.set("content-type", media);
        }
        headers.set(ROW, &row.name);
        for (name, recipe) in &self.headers {
            match recipe {
                HeaderRecipe::Fixed(text) => headers.set(name, text),
                HeaderRecipe::Reference(reference) => headers.set(name, plain(&reference.resolve(names)?)),
                HeaderRecipe::Made(node) => {
                    let filled = AnswerFiller::fill(node, Some(names), ValueSources::default(), None)?;
                    headers.set(name, plain(&filled.value()));
                }
            }
        }
        Ok(headers)
    }

    /// The body and the values that were made for it; without what was sent, where the whole promise does not admit that.
    fn fill_body<'a, 'n>(
        &self,
        node: &BodyNode,
        names: &'a ReferenceValues<'n>,
        sources: ValueSources<'a>,
        captures: &'a IndexMap<String, String>,
    ) -> Result<AnswerFiller<'a, 'n>, Unresolved> {
        let filled = AnswerFiller::fill(node, Some(names), sources, Some(captures))?;
        let validator = self.whole.as_ref().and_then(|whole| whole.validator(names));
        if validator.is_none_or(|validator| validator.is_valid(&filled.value())) {
            return Ok(filled);
        }
        let sources = ValueSources { sent: None, entity: None, ..sources };
        AnswerFiller::fill(node, Some(names), sources, Some(captures))
    }
}

impl HeaderRecipe {
    fn new(promise: &Value, words: &str) -> Self {
        if promise.is_object() {
            return Self::Made(BodyNode::new(promise, Some(words)));
        }
        Reference::parse(promise).map_or_else(|| Self::Fixed(plain(promise)), Self::Reference)
    }
}

impl BodyRecipe {
    fn new(outcome: &Outcome, words: &str, status: u16, length: Option<usize>) -> Self {
        let text = match &outcome.body {
            Promise::Json(shape) => {
                let node = BodyNode::new(&shape.schema, (status >= 400).then_some(words));
                let constant = AnswerFiller::fill(&node, None, ValueSources::default(), None);
                let constant = constant.ok().map(|filled| filled.text.into());
                return Self::Json(Box::new(node), constant);
            }
            Promise::Empty => return Self::Text(Bytes::new()),
            Promise::Text => format!("{words}\n"),
            Promise::Nothing => unpromised_text(outcome.media.as_deref(), words),
        };
        let fitted: String = text.chars().take(length.unwrap_or(usize::MAX)).collect();
        Self::Text(fitted.into())
    }
}

/// The length that an outcome promises of its body by a constant header.
fn promised_length(outcome: &Outcome) -> Option<usize> {
    let (_, promise) = outcome.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    promise.as_str()?.parse().ok().filter(|length| *length <= LONGEST)
}

/// A body with as many spaces behind it as it is too short.
fn pad_body(body: Bytes, length: usize) -> Bytes {
    let missing = length.saturating_sub(body.len());
    if missing == 0 || body.is_empty() {
        return body;
    }
    [body.as_ref(), " ".repeat(missing).as_bytes()].concat().into()
}

/// The status that is given where an outcome leaves a choice: of a list the first, of a class its plainest, else 200.
fn plainest_status(documented: Option<&Status>) -> u16 {
    match documented {
        None => 200,
        Some(Status::Exact(list)) => list.first().copied().unwrap_or(200),
        Some(Status::Class(3)) => 302,
        Some(Status::Class(4)) => 404,
        Some(Status::Class(5)) => 503,
        Some(Status::Class(hundred)) => hundred * 100,
    }
}

/// A body of which nothing is promised, of the promised media type.
fn unpromised_text(media: Option<&str>, words: &str) -> String {
    match media {
        Some(media) if media.contains("json") => "{}".to_owned(),
        Some(media) if media.contains("html") => format!("<!doctype html><title>{words}</title>\n"),
        _ => format!("{words}\n"),
    }
}
