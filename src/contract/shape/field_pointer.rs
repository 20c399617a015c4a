//! JSON Pointers of fields, and which of them lead into the values of others.

use crate::text::source::escape_segment;

/// The JSON Pointer of a key under `fields`: a name, or a pointer already.
pub fn field_pointer(key: &str) -> String {
    if key.starts_with('/') { key.to_owned() } else { format!("/{}", escape_segment(key)) }
}

/// Whether a pointer leads to the value of another one, or to something in it.
pub fn is_at_or_below(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
