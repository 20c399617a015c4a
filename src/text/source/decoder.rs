//! A tree as the types of the language: each mapping in the order as written, which its value alone does not keep.

use super::tree::{Node, Tree};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A place in a tree, ready to be decoded.
#[derive(Clone, Copy)]
pub struct Decoder<'de> {
    tree: &'de Tree,
    node: &'de Node,
    value: &'de Value,
}

impl<'de> Decoder<'de> {
    /// A whole document.
    pub fn new(tree: &'de Tree) -> Self {
        Self { tree, node: tree.root(), value: &tree.value }
    }
}

impl<'de> IntoDeserializer<'de, Error> for Decoder<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Decoder<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let children = self.tree.children(self.node);
        match self.value {
            Value::Array(items) => {
                let items = children.zip(items).map(|(node, value)| Self { node, value, ..self });
                visitor.visit_seq(SeqDeserializer::new(items))
            }
            Value::Object(entries) => {
                let written = children.filter_map(|node| {
                    let name = self.tree.name(node);
                    Some((name, Self { node, value: entries.get(name)?, ..self }))
                });
                visitor.visit_map(MapDeserializer::new(written))
            }
            scalar => scalar.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Reads fields by name alone: a list of them would depend on an order that is documented nowhere.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.value.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
