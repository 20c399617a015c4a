//! The parts of an answer that are shown although they have names of secrets.

use super::is_secret;
use super::secret_name::SecretName;

/// The parts of an answer that have names of secrets and are shown all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownParts {
    /// Pointers to fields; what is below them is shown too.
    pub places: Vec<String>,
    /// Names of header fields.
    pub headers: Vec<String>,
}

impl ShownParts {
    /// No part.
    pub const NOTHING: &Self = &Self { places: Vec::new(), headers: Vec::new() };

    /// Returns true if the value at a place of an answer is hidden: at a JSON Pointer, or in a field that is written as
    /// `header NAME`.
    pub fn hides(&self, place: &str) -> bool {
        if let Some(name) = place.strip_prefix("header ") {
            return is_secret(name) && !self.headers.iter().any(|shown| shown.eq_ignore_ascii_case(name));
        }
        let Some((above, last)) = place.rsplit_once('/') else { return false };
        let hidden = is_secret(last) || above.split('/').any(holds_secrets);
        hidden && !self.shows(place)
    }

    /// Returns true if the value at a JSON Pointer is shown.
    pub(super) fn shows(&self, pointer: &str) -> bool {
        let places = self.places.iter().filter(|shown| !shown.is_empty());
        let mut below = places.filter_map(|shown| pointer.strip_prefix(shown.as_str()));
        below.any(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Returns true if an object or a list of this name is a secret.
fn holds_secrets(name: &str) -> bool {
    SecretName::of(name).is_some_and(|known| !known.is_of_heads())
}
