//! A request under construction: the documented one, changed until a row's condition holds for it.

use crate::contract::language::Auth;
use crate::contract::{Body, Operation, Vendor};
use indexmap::IndexMap;
use std::sync::Arc;

/// A request whose texts still hold references, and where the ids in it come from.
///
/// Most cases of an operation differ from the documented request in an id alone, so all else is shared until it is changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Who sends it.
    pub auth: Arc<Auth>,
    /// Header fields.
    pub headers: Arc<IndexMap<String, String>>,
    /// Query parameters.
    pub query: Arc<IndexMap<String, String>>,
    /// The body.
    pub body: Arc<Body>,
    /// Where the id of each bound resource comes from.
    pub ids: IndexMap<String, IdSource>,
}

/// Where an id comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdSource {
    /// A resource of ours in a state, reached by documented rows or supplied by the engineer.
    State(String),
    /// A resource of another account: the one whose credential stands in place of ours.
    Foreign(String),
    /// A child of another parent than the one in the request.
    Misplaced,
    /// An id that the engineer supplies in an environment variable, of which nothing is known but that it is wrong.
    Supplied(String),
    /// A text that no request has made: empty, malformed, of the other mode, or unknown.
    Made(String),
}

impl Draft {
    /// The request as the page documents it; a body brings its content type along, so that a row can take it away.
    pub fn documented(vendor: &Vendor, operation: &Operation) -> Self {
        let mut headers = operation.headers.clone();
        let media = match &operation.body {
            Body::None => None,
            Body::Json(_) => Some("application/json"),
            Body::Form(_) => Some("application/x-www-form-urlencoded"),
            Body::Raw { media, .. } => Some(media.as_str()),
        };
        let named = headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        if let Some(media) = media.filter(|_| !named) {
            headers.insert("Content-Type".to_owned(), media.to_owned());
        }
        Self {
            auth: Arc::new(operation.auth.clone().unwrap_or_else(|| vendor.file.auth.clone())),
            headers: Arc::new(headers),
            query: Arc::new(operation.query.clone()),
            body: Arc::new(operation.body.clone()),
            ids: IndexMap::new(),
        }
    }
}
