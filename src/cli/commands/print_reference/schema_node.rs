//! A JSON Schema as the reference reads it.

use serde_json::{Map, Value};

/// A schema, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct SchemaNode<'a>(pub(super) &'a Value);

impl<'a> SchemaNode<'a> {
    /// The value of a keyword.
    fn keyword(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    fn text(self, name: &str) -> Option<&'a str> {
        self.keyword(name)?.as_str()
    }

    fn map(self, name: &str) -> Option<&'a Map<String, Value>> {
        self.keyword(name)?.as_object()
    }

    fn list(self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.keyword(name).and_then(Value::as_array).into_iter().flatten()
    }

    /// The types that it defines for its parts, by name.
    pub(super) fn definitions(self) -> impl Iterator<Item = (&'a str, Self)> {
        self.map("$defs").into_iter().flatten().map(|(name, of)| (name.as_str(), Self(of)))
    }

    /// Returns whether it is a mapping with keys of its own.
    pub(super) fn has_keys(self) -> bool {
        self.map("properties").is_some()
    }

    /// The keys of the mapping, each with its schema.
    pub(super) fn keys(self) -> impl Iterator<Item = (&'a str, Self)> {
        self.map("properties").into_iter().flatten().map(|(key, of)| (key.as_str(), Self(of)))
    }

    /// Returns whether the mapping has a key.
    pub(super) fn has_key(self, key: &str) -> bool {
        self.map("properties").is_some_and(|keys| keys.contains_key(key))
    }

    /// Returns whether a key of the mapping is needed.
    pub(super) fn needs(self, key: &str) -> bool {
        self.list("required").any(|needed| needed == key)
    }

    /// The schema of the values of all other keys.
    pub(super) fn other_keys(self) -> Option<Self> {
        self.keyword("additionalProperties").filter(|of| of.is_object()).map(Self)
    }

    /// The schema of the items of a list.
    pub(super) fn items(self) -> Option<Self> {
        self.keyword("items").map(Self)
    }

    /// The meaning.
    pub(super) fn description(self) -> Option<&'a str> {
        self.text("description")
    }

    /// The forms of which any will do.
    pub(super) fn forms(self) -> impl Iterator<Item = Self> {
        self.list("anyOf").map(Self)
    }

    /// The words of a type that is one of a few, each with its meaning.
    pub(super) fn choices(self) -> Option<Vec<(&'a str, &'a str)>> {
        let choices = self.keyword("oneOf")?.as_array()?.iter().map(Self);
        choices.map(|choice| Some((choice.text("const")?, choice.description()?))).collect()
    }

    /// The form that is a mapping with keys.
    pub(super) fn long_form(self) -> Option<Self> {
        if self.has_keys() { Some(self) } else { self.forms().find(|form| form.has_keys()) }
    }

    /// The name of the type that it is a reference to.
    pub(super) fn reference(self) -> Option<&'a str> {
        self.text("$ref")?.rsplit('/').next()
    }

    /// The name of the type that it, or the first of its forms that does, refers to.
    pub(super) fn target(self) -> Option<&'a str> {
        self.forms().find_map(Self::reference).or_else(|| self.reference())
    }

    /// The one value that it allows.
    pub(super) fn constant(self) -> Option<String> {
        let constant = self.keyword("const")?;
        Some(constant.as_str().map_or_else(|| constant.to_string(), str::to_owned))
    }

    /// The words that it allows.
    pub(super) fn words(self) -> Option<impl Iterator<Item = &'a str>> {
        Some(self.keyword("enum")?.as_array()?.iter().filter_map(Value::as_str))
    }

    /// The types that it allows.
    pub(super) fn types(self) -> Vec<&'a str> {
        let one = self.text("type");
        one.into_iter().chain(self.list("type").filter_map(Value::as_str)).collect()
    }
}
