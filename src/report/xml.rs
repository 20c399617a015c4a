//! XML as a tree of elements, written so that any parser reads back the same text.

use crate::text::visible::{self, is_hidden};
use std::fmt::Write;

/// An element with its attributes, and either text or children inside it.
#[derive(Debug)]
pub(super) struct XmlElement {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<XmlElement>,
}

impl XmlElement {
    /// An empty element.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), text: String::new(), children: Vec::new() }
    }

    /// The element with one more attribute.
    pub(super) fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// The element with more children.
    pub(super) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// The element with this text inside it; an element with text has no children.
    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// The whole document with this element as its root.
    pub(super) fn document(&self) -> String {
        let mut document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        self.write_to(&mut document, 0);
        document
    }

    fn write_to(&self, document: &mut String, depth: usize) {
        let indent = 4 * depth;
        // Writing to a string cannot fail.
        let _ = write!(document, "{:indent$}<{}", "", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(document, " {name}=\"");
            escape_text(value, "\n\t\r", document);
            document.push('"');
        }
        if self.children.is_empty() && self.text.is_empty() {
            document.push_str("/>\n");
            return;
        }
        document.push('>');
        escape_text(&self.text, "\r", document);
        if !self.children.is_empty() {
            document.push('\n');
            self.children.iter().for_each(|child| child.write_to(document, depth + 1));
            let _ = write!(document, "{:indent$}", "");
        }
        let _ = writeln!(document, "</{}>", self.name);
    }
}

/// Writes a text so that it can end neither an attribute nor an element. A parser would change the white space in `kept`
/// unless it is written as a number; XML 1.0 has no notation for other controls, and a reader would obey what is hidden.
fn escape_text(text: &str, kept: &str, document: &mut String) {
    for character in text.chars() {
        match character {
            '&' => document.push_str("&amp;"),
            '<' => document.push_str("&lt;"),
            '>' => document.push_str("&gt;"),
            '"' => document.push_str("&quot;"),
            '\'' => document.push_str("&apos;"),
            character if kept.contains(character) => {
                let _ = write!(document, "&#{};", u32::from(character));
            }
            '\n' | '\t' => document.push(character),
            character if is_hidden(character) => document.push_str(&visible::text(character.encode_utf8(&mut [0; 4]))),
            character => document.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_that_is_put_in_another_reader_finds_it_again(texts in prop::collection::vec(".{0,20}", 3)) {
            let [attribute, inside, beside] = texts.try_into().unwrap();
            let root = XmlElement::new("root").attribute("a", attribute.clone());
            let children = [XmlElement::new("one").text(inside.clone()), XmlElement::new("two").attribute("b", beside.clone())];
            let document = root.children(children).document();
            let read = roxmltree::Document::parse(&document).unwrap();
            let elements: Vec<_> = read.root_element().children().filter(roxmltree::Node::is_element).collect();
            let plain = |letter: char| "\t\r\n".contains(letter) || !is_hidden(letter);
            let shown = |text: &str| text.chars().map(|letter| {
                if plain(letter) { letter.to_string() } else { visible::text(&letter.to_string()) }
            }).collect::<String>();
            prop_assert_eq!(read.root_element().attribute("a").unwrap(), shown(&attribute));
            prop_assert_eq!(elements[0].text().unwrap_or_default(), shown(&inside));
            prop_assert_eq!(elements[1].attribute("b").unwrap(), shown(&beside));
        }
    }
}
