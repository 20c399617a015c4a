//! The values of an answer's places: constant, sent, stored or shown before, or made.

use super::body_node::{BodyNode, NodeKind, ObjectField};
use super::entity::Entity;
use super::reference_values::ReferenceValues;
use super::scalar_value::ScalarValue;
use crate::contract::template::Unresolved;
use indexmap::IndexMap;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The places where values that were sent, stored or shown before are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ValueSources<'a> {
    /// The body of this request.
    pub(super) sent: Option<&'a Value>,
    /// The resource that the answer is about.
    pub(super) entity: Option<&'a Entity>,
    /// The pointer at which the row keeps the id of the resource that is just made, and that id.
    pub(super) new_id: Option<(&'a str, &'a str)>,
}

impl ValueSources<'_> {
    /// Returns true where nothing was sent, and nothing is stored.
    pub(super) fn are_empty(&self) -> bool {
        self.sent.is_none() && self.entity.is_none()
    }
}

/// The bytes of a typical body.
const TYPICAL: usize = 512;

/// The values of an answer that have to stay.
#[derive(Debug, Default)]
pub(super) struct MadeValues {
    /// Those that were made for it, by JSON Pointer.
    pub(super) shown: Vec<(Arc<str>, Value)>,
    /// Those that its row keeps, by name.
    pub(super) captured: Vec<(String, Value)>,
}

/// The text of an answer's JSON, written place by place.
pub(super) struct AnswerFiller<'a, 'n> {
    /// The values of references; none where the text is to be the same for every request.
    names: Option<&'a ReferenceValues<'n>>,
    sources: ValueSources<'a>,
    /// The values that are kept of the answer: name to JSON Pointer.
    captures: Option<&'a IndexMap<String, String>>,
    pub(super) text: Vec<u8>,
    pub(super) made: MadeValues,
}

impl<'a, 'n> AnswerFiller<'a, 'n> {
    /// Fills in a place and all inside it.
    pub(super) fn fill(
        node: &BodyNode,
        names: Option<&'a ReferenceValues<'n>>,
        sources: ValueSources<'a>,
        captures: Option<&'a IndexMap<String, String>>,
    ) -> Result<Self, Unresolved> {
        let text = Vec::with_capacity(TYPICAL);
        let mut filler = Self { names, sources, captures, text, made: MadeValues::default() };
        let given = given_value(node, sources);
        filler.write_place(node, given.as_deref())?;
        Ok(filler)
    }

    /// The text as a value.
    pub(super) fn value(&self) -> Value {
        serde_json::from_slice(&self.text).unwrap_or(Value::Null)
    }

    /// Writes the value of a place, given or made, and keeps what the row keeps of it.
    fn write_place(&mut self, node: &BodyNode, given: Option<&Value>) -> Result<(), Unresolved> {
        let start = self.text.len();
        match given {
            Some(value) => self.write_value(value),
            None => self.write_made(node)?,
        }
        let in_parts = given.is_none() && matches!(node.kind, NodeKind::Object(_) | NodeKind::List(_));
        for (name, pointer) in self.captures.into_iter().flatten() {
            // A value below a place that is written part by part is kept by its own place.
            let Some(below) = pointer.strip_prefix(&*node.pointer) else { continue };
            if below.is_empty() || below.starts_with('/') && !in_parts {
                let (_, text) = self.text.split_at(start);
                let value = serde_json::from_slice(text).unwrap_or(Value::Null);
                let value = value.pointer(below).filter(|value| !value.is_null());
                self.made.captured.extend(value.map(|value| (name.clone(), value.clone())));
            }
        }
        Ok(())
    }

    /// Writes the value of a place for which nothing was given.
    fn write_made(&mut self, node: &BodyNode) -> Result<(), Unresolved> {
        let value = match &node.kind {
            NodeKind::Constant(value) | NodeKind::Scalar(ScalarValue::Fixed(value)) => {
                self.write_value(value);
                return Ok(());
            }
            NodeKind::Object(fields) => return self.write_fields(fields),
            NodeKind::List(items) => return self.write_items(items),
            NodeKind::Reference(reference) => {
                self.write_value(&reference.resolve(self.names()?)?);
                return Ok(());
            }
            NodeKind::Example(reference) => reference.resolve(self.names()?)?,
            NodeKind::Scalar(ScalarValue::Fresh(fresh)) => self.names()?.fresh(*fresh),
        };
        self.write_value(&value);
        self.made.shown.push((Arc::clone(&node.pointer), value));
        Ok(())
    }

    fn names(&self) -> Result<&'a ReferenceValues<'n>, Unresolved> {
        self.names.ok_or_else(|| Unresolved(String::new()))
    }

    fn write_fields(&mut self, fields: &[ObjectField]) -> Result<(), Unresolved> {
        self.text.push(b'{');
        let start = self.text.len();
        for field in fields {
            let given = given_value(&field.node, self.sources);
            if given.is_none() && field.only_given {
                continue;
            }
            if self.text.len() > start {
                self.text.push(b',');
            }
            self.text.extend_from_slice(field.key.as_bytes());
            self.write_place(&field.node, given.as_deref())?;
        }
        self.text.push(b'}');
        Ok(())
    }

    fn write_items(&mut self, items: &[BodyNode]) -> Result<(), Unresolved> {
        self.text.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(b',');
            }
            let given = given_value(item, self.sources);
            self.write_place(item, given.as_deref())?;
        }
        self.text.push(b']');
        Ok(())
    }

    /// Writes a value; writing to memory cannot fail.
    fn write_value(&mut self, value: &Value) {
        let _ = serde_json::to_writer(&mut self.text, value);
    }
}

/// The value that was sent, stored or shown for a place, if it may be there.
fn given_value<'a>(node: &BodyNode, sources: ValueSources<'a>) -> Option<Cow<'a, Value>> {
    if node.names.is_empty() {
        return None;
    }
    if let Some((pointer, id)) = sources.new_id
        && *pointer == *node.pointer
    {
        let id = Value::from(id);
        return node.admits(&id).then_some(Cow::Owned(id));
    }
    let sent = sources.sent.and_then(|sent| sent_value(node, sent));
    sent.or_else(|| stored_value(node, sources.entity?))
}

/// The value under the names of a place in a body that was sent.
fn sent_value<'a>(node: &BodyNode, sent: &'a Value) -> Option<Cow<'a, Value>> {
    node.names.iter().find_map(|path| {
        let value = path.iter().try_fold(sent, |value, name| value.as_object()?.get(name))?;
        admitted(node, value)
    })
}

/// The value that a resource has for a place: sent for it, kept of an answer, or shown there or under the same name elsewhere.
fn stored_value<'a>(node: &BodyNode, entity: &'a Entity) -> Option<Cow<'a, Value>> {
    let name = node.name()?;
    let shown_here = || entity.shown.iter().find(|(pointer, _)| *pointer == node.pointer);
    let mut shown_elsewhere = entity.shown.iter().filter(|(pointer, _)| ends_in(pointer, name));
    sent_value(node, &entity.sent)
        .or_else(|| admitted(node, entity.captured(name)?))
        .or_else(|| shown_here().and_then(|(_, value)| admitted(node, value)))
        .or_else(|| shown_elsewhere.find_map(|(_, value)| admitted(node, value)))
}

fn ends_in(pointer: &str, name: &str) -> bool {
    pointer.strip_suffix(name).is_some_and(|before| before.ends_with('/'))
}

/// A value, if it may be at a place; a text also as the number or truth value that it spells, since forms send texts alone.
fn admitted<'a>(node: &BodyNode, value: &'a Value) -> Option<Cow<'a, Value>> {
    if node.admits(value) {
        return Some(Cow::Borrowed(value));
    }
    let read: Value = serde_json::from_str(value.as_str()?).ok()?;
    (!read.is_object() && !read.is_array() && node.admits(&read)).then_some(Cow::Owned(read))
}
