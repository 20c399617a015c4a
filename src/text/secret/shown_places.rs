//! The places of values that are shown: in JSON by their pointers, in a form by their names.

use super::named_values::{container_length, text_length};
use super::{ShownParts, bytes_from};
use crate::text::source::escape_segment;
use std::ops::Range;

/// The deepest nesting in which a shown value is found.
const DEEPEST: usize = 64;

/// The bytes of the values that are shown, in their order.
pub(super) fn shown_places(bytes: &[u8], shown: &ShownParts) -> Vec<Range<usize>> {
    if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return shown_parameters(bytes, shown);
    }
    let mut places = JsonPlaces { length: bytes.len(), rest: bytes, shown, found: Vec::new() };
    places.pass_value(&mut String::new(), 0);
    places.found
}

fn shown_parameters(bytes: &[u8], shown: &ShownParts) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&') {
        let (name, _) = pair.split_at(pair.iter().take_while(|byte| **byte != b'=').count());
        if shown.shows(&format!("/{}", String::from_utf8_lossy(name))) {
            found.push(start..start + pair.len());
        }
        start += pair.len() + 1;
    }
    found
}

/// Reads JSON for the places of its values.
struct JsonPlaces<'a> {
    length: usize,
    rest: &'a [u8],
    shown: &'a ShownParts,
    found: Vec<Range<usize>>,
}

impl<'a> JsonPlaces<'a> {
    fn position(&self) -> usize {
        self.length - self.rest.len()
    }

    fn skip(&mut self, length: usize) {
        self.rest = bytes_from(self.rest, length);
    }

    /// Passes the value that is next, whose pointer this is; `None` where the text is broken.
    fn pass_value(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        self.rest = self.rest.trim_ascii_start();
        let start = self.position();
        let shows = self.shown.shows(pointer);
        match self.rest.first()? {
            b'"' => self.pass_text().map(drop)?,
            b'{' | b'[' if depth < DEEPEST && !shows => self.pass_inside(pointer, depth)?,
            b'{' | b'[' => self.skip(container_length(self.rest, 0)),
            _ => self.skip(self.rest.iter().take_while(|byte| !b",]} \t\r\n".contains(byte)).count()),
        }
        if shows {
            self.found.push(start..self.position());
        }
        (self.position() > start).then_some(())
    }

    fn pass_inside(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        let named = self.rest.starts_with(b"{");
        let length = pointer.len();
        for index in 0_usize.. {
            self.skip(1);
            self.rest = self.rest.trim_ascii_start();
            if matches!(self.rest.first()?, b'}' | b']') {
                break;
            }
            let name = if named { self.pass_key()? } else { index.to_string() };
            pointer.push('/');
            pointer.push_str(&escape_segment(&name));
            self.pass_value(pointer, depth + 1)?;
            pointer.truncate(length);
            self.rest = self.rest.trim_ascii_start();
            if *self.rest.first()? != b',' {
                break;
            }
        }
        self.skip(1);
        Some(())
    }

    /// A name and the colon behind it.
    fn pass_key(&mut self) -> Option<String> {
        let name = serde_json::from_slice(self.pass_text()?).ok()?;
        self.rest = self.rest.trim_ascii_start();
        let colon = usize::from(*self.rest.first()? == b':');
        self.skip(colon);
        Some(name)
    }

    /// A text with its quotes.
    fn pass_text(&mut self) -> Option<&'a [u8]> {
        let inner = self.rest.strip_prefix(b"\"")?;
        let (text, rest) = self.rest.split_at((text_length(inner, 0) + 2).min(self.rest.len()));
        self.rest = rest;
        Some(text)
    }
}
