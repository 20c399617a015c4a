//! A truthful answer together with what it answers: the operation, and the documented cause that the vendor recognised.

use serde_json::Value;

use super::http::Answer;

/// The three vendors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vendor {
    /// Statuses and codes; Basic authentication.
    Omise,
    /// No statuses, a `success` in the body; three headers.
    Gafapay,
    /// Statuses and three shapes of errors; a pair of keys.
    Mytpe,
}

/// Why an answer is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The resource was created.
    New,
    /// The resource is there and may be acted on.
    Live,
    /// The resource was there.
    Deleted,
    /// A well-formed id that names nothing.
    Unknown,
    /// An id that the page says is none.
    Malformed,
    /// Another account's resource.
    Foreign,
    /// A live id under a test key.
    OtherMode,
    /// No id where one is due.
    MissingId,
    /// A pay link that somebody has tried to pay.
    WithTransactions,
    /// No credentials at all.
    NoCredentials,
    /// Basic authentication written wrongly, or another scheme.
    BadBasic,
    /// A public key where a secret one is due.
    PublicKey,
    /// Credentials of the right shape that belong to nobody.
    UnknownKey,
    /// The secret of a pair came without its key.
    NoKey,
    /// The key of a pair came without its secret.
    NoSecret,
    /// A wrong key beside the right secret.
    WrongKey,
    /// A wrong secret beside the right key.
    WrongSecret,
    /// A list.
    Listed,
    /// A request whose body or headers are not as documented.
    BadRequest,
    /// A method or path that the vendor does not document.
    Elsewhere,
}

/// A truthful answer and its reason.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Whose answer it is.
    pub(crate) vendor: Vendor,
    /// The operation, as `links.delete`.
    pub(crate) operation: &'static str,
    /// Why the answer is as it is.
    pub(crate) kind: Kind,
    /// The id in the path, or that of what was created.
    pub(crate) id: Option<String>,
    /// The answer itself.
    pub(crate) answer: Answer,
}

/// Adds a field that no page names: a truthful vendor may send more than it documents.
pub(crate) fn add_undocumented(body: &mut Value) {
    body["x_undocumented"] = serde_json::json!({ "since": 2026, "why": null });
}

/// The path's segment with its percent-encoding taken away; what is wrongly encoded stays as it is.
pub(crate) fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = segment.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code {
            Some(byte) if bytes[at] == b'%' => {
                plain.push(byte);
                at += 3;
            }
            _ => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
