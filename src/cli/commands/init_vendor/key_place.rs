//! The part of a request in which a vendor wants its key.

use std::str::FromStr;

/// The part of a request in which a vendor wants its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyPlace {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// HTTP Basic, with the key as the user.
    Basic,
    /// A header field of its own.
    Header(String),
    /// A query parameter.
    Query(String),
    /// No key is wanted.
    None,
}

impl FromStr for KeyPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_.".contains(&sign))
        };
        match (text, text.split_once(':')) {
            ("bearer", _) => Ok(Self::Bearer),
            ("basic", _) => Ok(Self::Basic),
            ("none", _) => Ok(Self::None),
            (_, Some(("header", name))) if is_name(name) => Ok(Self::Header(name.to_owned())),
            (_, Some(("query", name))) if is_name(name) => Ok(Self::Query(name.to_owned())),
            _ => Err("write `bearer`, `basic`, `header:NAME`, `query:NAME` or `none`"),
        }
    }
}

impl KeyPlace {
    /// The place as a value of `auth` in YAML, with a key in it; nothing where no key is wanted.
    pub(super) fn yaml(&self, key: &str) -> Option<String> {
        Some(match self {
            Self::Bearer => format!("{{ bearer: {key} }}"),
            Self::Basic => format!("{{ basic: {{ user: {key} }} }}"),
            Self::Header(name) => format!("{{ headers: {{ {name}: {key} }} }}"),
            Self::Query(name) => format!("{{ query: {{ {name}: {key} }} }}"),
            Self::None => return None,
        })
    }
}
