//! A part of a contract file, merged into the whole one.

use serde_yaml::{Mapping, Value};

/// What is said in one piece, so that a part with it says all of it.
const WHOLE: [&str; 3] = ["auth", "refused", "when"];

/// The file with the part in it: mappings are joined, everything else is replaced.
pub(super) fn merged(place: &str, file: &str, part: &str) -> String {
    let read = |text: &str| -> Mapping {
        serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{place}: {error} in\n{text}"))
    };
    let mut whole = read(file);
    join(&mut whole, read(part));
    serde_yaml::to_string(&whole).unwrap()
}

fn join(whole: &mut Mapping, part: Mapping) {
    for (key, value) in part {
        let in_one_piece = key.as_str().is_some_and(|key| WHOLE.contains(&key));
        match (whole.get_mut(&key), value) {
            (Some(Value::Mapping(old)), Value::Mapping(new)) if !in_one_piece => join(old, new),
            (_, value) => drop(whole.insert(key, value)),
        }
    }
}
