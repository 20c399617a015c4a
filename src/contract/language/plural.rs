//! One value or a list of them, where the language lets a person leave the brackets out.

use crate::text::source::Place;
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::Deref;

/// One or several: `live` and `[live, used]` alike.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "OneOrMore_{T}", description = "")]
pub enum Plural<T> {
    /// One, without brackets.
    #[schemars(description = "")]
    One(T),
    /// A list.
    #[schemars(description = "")]
    Several(#[schemars(length(min = 1))] Vec<T>),
}

impl<T> Plural<T> {
    /// Each with its place, where all of it is at a place.
    pub fn places<'a>(&'a self, at: &'a Place) -> impl Iterator<Item = (Place, &'a T)> {
        self.iter().enumerate().map(|(index, item)| match self {
            Self::One(_) => (at.clone(), item),
            Self::Several(_) => (at.index(index), item),
        })
    }
}

impl<T> Deref for Plural<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Several(items) => items,
        }
    }
}

impl<T> Default for Plural<T> {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}
