//! From an outcome to the answer that the mock gives: status, header fields, body.

use super::example::{Field, Kind, Node};
use super::known::Known;
use super::scalar::Made;
use super::world::Entity;
use crate::contract::language::Status;
use crate::contract::template::{Unresolved, plain, resolve_value};
use crate::contract::{Outcome, Promise};
use crate::http::exchange::{Headers, Response};
use crate::judge::check::Compiled;
use bytes::Bytes;
use serde_json::{Map, Value};

/// The header field that names the row by which an answer was given.
pub const ROW: &str = "x-proviso-row";

/// An outcome made ready.
#[derive(Debug, Default)]
pub(super) struct Recipe {
    status: u16,
    media: Option<String>,
    headers: Vec<(String, Header)>,
    body: Body,
    /// The body, where it is the same whoever asks about whatever.
    constant: Option<Bytes>,
    /// The length that is promised of the body.
    length: Option<usize>,
    /// The whole promise, where its parts do not tell whether what is sent may stand in it.
    whole: Option<Compiled>,
}

#[derive(Debug)]
enum Body {
    Text(String),
    Json(Box<Node>),
}

#[derive(Debug)]
enum Header {
    Constant(Value),
    Made(Node),
}

/// What an answer is about: where values that were sent, stored or shown before are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'a> {
    /// What this request sent.
    pub(super) sent: Option<&'a Value>,
    /// The resource that it is about.
    pub(super) entity: Option<&'a Entity>,
    /// What the row keeps of the answer, by name and pointer, and the id that one of them has to be.
    pub(super) captures: &'a [(String, String)],
    /// The id of the resource that is just made.
    pub(super) id: Option<&'a str>,
}

impl About<'_> {
    fn is_nothing(&self) -> bool {
        self.sent.is_none() && self.entity.is_none() && self.id.is_none()
    }
}

/// An answer, filled in.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) response: Response,
    /// The body as JSON, where it is JSON.
    pub(super) json: Option<Value>,
    /// What was made for it and has to stay, by JSON Pointer.
    pub(super) shown: Vec<(String, Value)>,
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Recipe {
    /// Makes an outcome ready.
    pub(super) fn of(outcome: &Outcome) -> Self {
        let status = status(outcome.status.as_ref());
        let words = outcome.name.replace('_', " ");
        let header = |(name, promise): (&String, &Value)| {
            let made = if promise.is_object() {
                Header::Made(Node::of(promise, Some(&words)))
            } else {
                Header::Constant(promise.clone())
            };
            (name.clone(), made)
        };
        let length = promised_length(outcome);
        let fitted = |text: String| text.chars().take(length.unwrap_or(usize::MAX)).collect();
        let body = match &outcome.body {
            Promise::Json(shape) => Body::Json(Box::new(Node::of(&shape.schema, (status >= 400).then_some(&words)))),
            Promise::Empty => Body::Text(String::new()),
            Promise::Text => Body::Text(fitted(format!("{words}\n"))),
            Promise::Nothing => Body::Text(fitted(unpromised(outcome.media.as_deref(), &words))),
        };
        let implied = match &outcome.body {
            Promise::Json(_) => Some("application/json"),
            Promise::Empty => None,
            Promise::Text | Promise::Nothing => Some("text/plain; charset=utf-8"),
        };
        let tangled = matches!(&outcome.body, Promise::Json(shape) if is_tangled(&shape.schema));
        Self {
            status,
            media: outcome.media.clone().or_else(|| implied.map(str::to_owned)),
            headers: outcome.headers.iter().map(header).collect(),
            constant: constant(&body),
            body,
            length,
            whole: tangled.then(|| Compiled::of(outcome).ok()).flatten(),
        }
    }

    /// Whether it refuses, so that it tells nothing of the resource in question.
    pub(super) fn refuses(&self) -> bool {
        self.status >= 400
    }

    /// Fills it in for a request.
    pub(super) fn fill(&self, row: &str, known: &Known<'_>, about: About<'_>) -> Result<Filled, Unresolved> {
        let mut shown = Vec::new();
        let mut json = None;
        let constant = self.constant.as_ref().filter(|_| about.is_nothing() || matches!(self.body, Body::Text(_)));
        let body = match (constant, &self.body) {
            (Some(constant), _) => constant.clone(),
            (None, Body::Text(text)) => Bytes::copy_from_slice(text.as_bytes()),
            (None, Body::Json(node)) => {
                let value = self.value(node, known, about, &mut shown)?;
                let bytes = serde_json::to_vec(&value).unwrap_or_default();
                json = Some(value);
                bytes.into()
            }
        };
        let body = match self.length {
            Some(length) => padded(body, length),
            None => body,
        };
        let headers = self.fields(row, known)?;
        Ok(Filled { response: Response { status: self.status, headers, body }, json, shown })
    }

    fn fields(&self, row: &str, known: &Known<'_>) -> Result<Headers, Unresolved> {
        let mut headers = Headers(Vec::with_capacity(2 + self.headers.len()));
        headers.0.extend(self.media.iter().map(|media| ("content-type".to_owned(), media.clone())));
        headers.0.push((ROW.to_owned(), row.to_owned()));
        for (name, header) in &self.headers {
            let value = match header {
                Header::Constant(value) => resolve_value(value, known)?,
                Header::Made(node) => fill(node, known, About::default(), &mut Vec::new())?,
            };
            headers.set(name, plain(&value));
        }
        Ok(headers)
    }

    /// The body; without what was sent, where the whole promise does not admit that.
    fn value(
        &self,
        node: &Node,
        known: &Known<'_>,
        about: About<'_>,
        shown: &mut Vec<(String, Value)>,
    ) -> Result<Value, Unresolved> {
        let value = fill(node, known, about, shown)?;
        let admitted = |whole: &Compiled| whole.validator(known).is_none_or(|validator| validator.is_valid(&value));
        if self.whole.as_ref().is_none_or(admitted) {
            return Ok(value);
        }
        shown.clear();
        fill(node, known, About { sent: None, entity: None, ..about }, shown)
    }
}

/// The value of a place: what is constant, what was sent or stored or shown for it, an example, or what is made.
fn fill(
    node: &Node,
    known: &Known<'_>,
    about: About<'_>,
    shown: &mut Vec<(String, Value)>,
) -> Result<Value, Unresolved> {
    match given(node, about) {
        Some(value) => Ok(value),
        None => make(node, known, about, shown),
    }
}

/// The value of a place for which nothing was given.
fn make(
    node: &Node,
    known: &Known<'_>,
    about: About<'_>,
    shown: &mut Vec<(String, Value)>,
) -> Result<Value, Unresolved> {
    let value = match &node.kind {
        Kind::Constant(value) | Kind::Made(Made::Fixed(value)) => return Ok(value.clone()),
        Kind::Object(fields) => return object(fields, known, about, shown),
        Kind::List(items) => {
            let items = items.iter().map(|item| fill(item, known, about, shown));
            return items.collect::<Result<_, _>>().map(Value::Array);
        }
        Kind::Reference(reference) => return reference.resolve(known),
        Kind::Example(reference) => reference.resolve(known)?,
        Kind::Made(Made::Fresh(fresh)) => known.fresh(*fresh),
    };
    shown.push((node.pointer.clone(), value.clone()));
    Ok(value)
}

fn object(
    fields: &[Field],
    known: &Known<'_>,
    about: About<'_>,
    shown: &mut Vec<(String, Value)>,
) -> Result<Value, Unresolved> {
    let mut map = Map::new();
    for field in fields {
        let value = match given(&field.node, about) {
            Some(value) => value,
            None if field.only_given => continue,
            None => make(&field.node, known, about, shown)?,
        };
        map.insert(field.name.clone(), value);
    }
    Ok(Value::Object(map))
}

/// What was sent, stored or shown for a place, if it may stand there.
fn given(node: &Node, about: About<'_>) -> Option<Value> {
    if node.names.is_empty() {
        return None;
    }
    let kept = |(name, pointer): &&(String, String)| name == "id" && *pointer == node.pointer;
    if let Some(id) = about.id.filter(|_| about.captures.iter().any(|capture| kept(&capture))) {
        return admitted(node, &Value::from(id));
    }
    let shown_at = |pointer: &str| {
        let shown = &about.entity?.shown;
        shown.iter().find(|(known, _)| known == pointer).map(|(_, value)| value)
    };
    let stored = |entity: &'_ Entity| -> Option<Value> { admitted(node, entity.captured(node.name()?)?) };
    about
        .sent
        .and_then(|sent| sent_for(node, sent))
        .or_else(|| about.entity.and_then(|entity| sent_for(node, &entity.sent)))
        .or_else(|| about.entity.and_then(stored))
        .or_else(|| shown_at(&node.pointer).and_then(|value| admitted(node, value)))
        .or_else(|| about.entity.and_then(|entity| shown_elsewhere(node, entity)))
}

/// What was sent under the names of a place.
fn sent_for(node: &Node, sent: &Value) -> Option<Value> {
    let at = |path: &Vec<String>| path.iter().try_fold(sent, |value, name| value.as_object()?.get(name));
    node.names.iter().find_map(|path| admitted(node, at(path)?))
}

/// What was shown under the same name at another place.
fn shown_elsewhere(node: &Node, entity: &Entity) -> Option<Value> {
    let name = node.name()?;
    let ends = |pointer: &str| pointer.strip_suffix(name).is_some_and(|before| before.ends_with('/'));
    let same = |(pointer, _): &&(String, Value)| ends(pointer);
    entity.shown.iter().filter(same).find_map(|(_, value)| admitted(node, value))
}

/// A value, if it may stand at a place; a text also as the number or truth value that it spells, since forms send texts alone.
fn admitted(node: &Node, value: &Value) -> Option<Value> {
    if node.admits(value) {
        return Some(value.clone());
    }
    let read: Value = serde_json::from_str(value.as_str()?).ok()?;
    (!read.is_object() && !read.is_array() && node.admits(&read)).then_some(read)
}

/// The most bytes to which a body is padded because a length asks for them.
const LONGEST: usize = 1 << 20;

/// The length that an outcome promises of its body by a constant header.
fn promised_length(outcome: &Outcome) -> Option<usize> {
    let (_, promise) = outcome.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    promise.as_str()?.parse().ok().filter(|length| *length <= LONGEST)
}

/// A body with as many spaces behind it as it is too short.
fn padded(body: Bytes, length: usize) -> Bytes {
    let missing = length.saturating_sub(body.len());
    if missing == 0 || body.is_empty() {
        return body;
    }
    [body.as_ref(), " ".repeat(missing).as_bytes()].concat().into()
}

/// A body in which nothing depends on the request, unless that sends or names something.
fn constant(body: &Body) -> Option<Bytes> {
    match body {
        Body::Text(text) => Some(Bytes::copy_from_slice(text.as_bytes())),
        Body::Json(node) => serde_json::to_vec(&fixed(node)?).ok().map(Bytes::from),
    }
}

/// The value of a place in which everything is fixed.
fn fixed(node: &Node) -> Option<Value> {
    match &node.kind {
        Kind::Constant(value) | Kind::Made(Made::Fixed(value)) => Some(value.clone()),
        Kind::Object(fields) => {
            let shown = fields.iter().filter(|field| !field.only_given);
            shown.map(|field| Some((field.name.clone(), fixed(&field.node)?))).collect()
        }
        Kind::List(items) => items.iter().map(fixed).collect::<Option<_>>().map(Value::Array),
        _ => None,
    }
}

/// The status that is given where an outcome leaves a choice: of a list the first, of a class its plainest, else 200.
fn status(documented: Option<&Status>) -> u16 {
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
fn unpromised(media: Option<&str>, words: &str) -> String {
    match media {
        Some(media) if media.contains("json") => "{}".to_owned(),
        Some(media) if media.contains("html") => format!("<!doctype html><title>{words}</title>\n"),
        _ => format!("{words}\n"),
    }
}

/// Whether a schema says of the whole what none of its parts shows.
fn is_tangled(schema: &Value) -> bool {
    const TANGLES: [&str; 16] = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "contains",
        "uniqueItems",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "unevaluatedItems",
    ];
    const COMPOSED: [&str; 8] = ["properties", "prefixItems", "items", "contains", "allOf", "anyOf", "oneOf", "$ref"];
    let Value::Object(map) = schema else { return false };
    if !COMPOSED.iter().any(|key| map.contains_key(*key)) {
        return false;
    }
    let of_list = |key: &str| map.get(key).and_then(Value::as_array).into_iter().flatten().any(is_tangled);
    let mut properties = map.get("properties").and_then(Value::as_object).into_iter().flatten();
    TANGLES.iter().any(|key| map.contains_key(*key))
        || properties.any(|(_, schema)| is_tangled(schema))
        || map.get("items").is_some_and(is_tangled)
        || of_list("prefixItems")
}
