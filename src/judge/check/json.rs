//! Reading an answer's body as JSON, once: its value, and the keys that stand twice in it.

use crate::contract::same_value::whole_number;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;

/// A body, read.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed {
    /// It is JSON.
    Value {
        /// The value; of a key that stands twice, the last.
        value: Value,
        /// The JSON Pointers of keys that stand twice.
        doubled: Vec<String>,
    },
    /// It is not JSON, for this reason.
    Unparseable(String),
    /// It is nested deeper than anybody reads.
    TooDeep,
    /// It holds more values than are kept in memory.
    TooMany,
}

impl Parsed {
    /// The value, where it is JSON.
    pub fn value(self) -> Option<Value> {
        match self {
            Self::Value { value, .. } => Some(value),
            Self::Unparseable(_) | Self::TooDeep | Self::TooMany => None,
        }
    }
}

/// What the values of a body may weigh in memory, about: a few bytes of JSON can stand for a hundred times as many.
const HEAVIEST: usize = 64 << 20;
/// What an object weighs that has entries; they are allocated by the dozen.
const OBJECT: usize = 640;

/// Reads a body.
pub fn parse(body: &[u8]) -> Parsed {
    let doubled = RefCell::new(Vec::new());
    let room = Cell::new(Some(HEAVIEST));
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = Reader { doubled: &doubled, room: &room, at: None };
    match seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)) {
        Ok(value) => Parsed::Value { value, doubled: doubled.into_inner() },
        Err(_) if room.get().is_none() => Parsed::TooMany,
        Err(error) if error.to_string().starts_with("recursion limit") => Parsed::TooDeep,
        Err(error) => Parsed::Unparseable(error.to_string()),
    }
}

struct Reader<'a> {
    doubled: &'a RefCell<Vec<String>>,
    /// What further values may weigh; nothing once they were too heavy.
    room: &'a Cell<Option<usize>>,
    /// Where it stands; the document itself stands nowhere.
    at: Option<&'a ScanStep<'a>>,
}

/// One step from the document down to a value. It becomes a pointer only where there is something to tell of it.
struct ScanStep<'a> {
    outer: Option<&'a ScanStep<'a>>,
    name: Name<'a>,
}

enum Name<'a> {
    Key(&'a str),
    Index(usize),
}

impl ScanStep<'_> {
    fn pointer(&self) -> String {
        let outer = self.outer.map_or_else(String::new, ScanStep::pointer);
        match self.name {
            Name::Key(key) => format!("{outer}/{}", crate::text::source::escape_segment(key)),
            Name::Index(index) => format!("{outer}/{index}"),
        }
    }
}

impl Reader<'_> {
    fn weigh<E: Error>(&self, weight: usize) -> Result<(), E> {
        self.room.set(self.room.get().and_then(|room| room.checked_sub(weight)));
        self.room.get().map(|_| ()).ok_or_else(|| E::custom("more values than are kept in memory"))
    }

    /// Reads the next thing inside of what stands at a step.
    fn inside<'s>(&'s self, step: &'s ScanStep<'s>) -> Reader<'s> {
        Reader { at: Some(step), ..*self }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // What is whole is a whole number, however it is written.
        if let Some(whole) = whole_number(value) {
            return Ok(Value::from(whole));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number beyond what JSON holds"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let step = ScanStep { outer: self.at, name: Name::Index(list.len()) };
            match items.next_element_seed(self.inside(&step))? {
                Some(item) => {
                    self.weigh(size_of::<Value>())?;
                    list.push(item);
                }
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.weigh(key.len() + if map.is_empty() { OBJECT } else { size_of::<(String, Value)>() })?;
            let step = ScanStep { outer: self.at, name: Name::Key(&key) };
            let value = entries.next_value_seed(self.inside(&step))?;
            if map.contains_key(&key) {
                self.doubled.borrow_mut().push(step.pointer());
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_that_stands_twice_is_found_at_any_depth() {
        let doubled = vec!["/a/0/b".to_owned()];
        let value = json!({ "a": [{ "b": 2 }], "c": 1.5 });
        assert_eq!(parse(br#"{"a":[{"b":1,"b":2}],"c":1.5}"#), Parsed::Value { value, doubled });
    }

    #[test]
    fn depth_is_bounded_and_nonsense_is_told() {
        assert_eq!(parse("[".repeat(100_000).as_bytes()), Parsed::TooDeep);
        assert_eq!(parse(format!("[{}0]", "{\"a\":0},".repeat(900_000)).as_bytes()), Parsed::TooMany);
        assert!(matches!(parse(b"{} x"), Parsed::Unparseable(_)));
        assert!(matches!(parse(b""), Parsed::Unparseable(_)));
        assert!(matches!(parse(b"\"\xff\""), Parsed::Unparseable(_)));
    }
}
