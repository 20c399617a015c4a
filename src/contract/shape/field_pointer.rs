//! JSON Pointers: their segments, and which of them lead into the values of others.

/// The JSON Pointer of a key under `fields`: a name, or a pointer already.
pub fn field_pointer(key: &str) -> String {
    if key.starts_with('/') { key.to_owned() } else { format!("/{}", escape(key)) }
}

/// A name as a segment of a JSON Pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A segment of a JSON Pointer as the name it stands for.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Whether a pointer leads to the value of another one, or to something in it.
pub fn is_at_or_below(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
