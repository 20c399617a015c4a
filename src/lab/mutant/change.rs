//! The change of a mutant: to one answer as a whole or at a place, or to the world behind the answers.

use super::claims::put;
use super::edit::Edit;
use crate::http::exchange::{Request, Response};
use crate::mock::sandbox::ROW;
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;

/// A change.
#[derive(Debug, Clone)]
pub(super) enum MutantChange {
    /// Nothing: an answer is given its claims and no more, and no case may notice that.
    Nothing,
    /// One of the body's places.
    Body {
        /// The JSON Pointer.
        pointer: Arc<str>,
        /// The change of the value there.
        edit: Edit,
    },
    /// Another status.
    Status(u16),
    /// A header is not there, or has this value.
    Header(String, Option<&'static str>),
    /// A body that is no JSON, or another one as a whole.
    Whole(Whole),
    /// The answer that was given for another request, with the ids of this one.
    Instead(Arc<Sample>),
    /// The resource stays in the state it was in.
    WithoutEffect(String),
    /// The resource is in that state although that is refused, or all resources of its kind are.
    Done {
        /// The resource.
        resource: String,
        /// The state.
        to: String,
        /// Whether all are.
        all: bool,
    },
    /// What is made gets the id of what was made first; the pointer is that of the id.
    Reuse(String),
    /// The request is taken for one of the account that made the resource.
    AsMaker,
}

/// A replacement of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// Nothing.
    Gone,
    /// Its first half.
    Half,
    /// A list of which it is the only item.
    Wrapped,
    /// A page of HTML, which its media type says.
    Html,
    /// A text.
    Text,
}

/// An answer that was given, and its request.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(super) request: Request,
    pub(super) response: Response,
}

impl Sample {
    /// The row by which it was given: `vendor/operation/row`.
    pub(crate) fn row(&self) -> &str {
        row(&self.response)
    }

    /// The answer with the ids of another request to the same operation in place of its own.
    pub(super) fn answering(&self, request: &Request) -> Response {
        let mut body = String::from_utf8_lossy(&self.response.body).into_owned();
        let both = segments(&self.request.url).zip(segments(&request.url));
        for (own, other) in both.filter(|(own, other)| own != other && own.len() > 3) {
            body = body.replace(own, other);
        }
        Response { body: Bytes::from(body), ..self.response.clone() }
    }
}

/// The row by which the mock gave an answer.
pub(super) fn row(response: &Response) -> &str {
    response.headers.get(ROW).map_or("", |row| row)
}

/// The segments of a path.
pub(super) fn segments(url: &str) -> impl Iterator<Item = &str> {
    url.split(['?', '#']).take(1).flat_map(|path| path.split('/'))
}

/// A body as JSON; null where it is no JSON.
pub(super) fn body_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}

impl MutantChange {
    /// A resource that is led to a state although that is refused, or all of its kind.
    pub(super) fn done(resource: &str, to: &str, all: bool) -> Self {
        Self::Done { resource: resource.to_owned(), to: to.to_owned(), all }
    }

    /// The answer after the change, where it is one of the answer; `grafts` are put into its body before.
    pub(super) fn answer(&self, grafts: &[(String, Value)], request: &Request, response: Response) -> Response {
        if let Self::Instead(sample) = self {
            return sample.answering(request);
        }
        let mut response = graft(grafts, response);
        match self {
            Self::Body { pointer, edit } => {
                let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return response };
                if edit.apply(&mut body, pointer) {
                    response.body = body.to_string().into();
                }
            }
            Self::Status(status) => response.status = *status,
            Self::Header(name, None) => response.headers.remove(name),
            Self::Header(name, Some(value)) => response.headers.set(name, *value),
            Self::Whole(whole) => whole.put(&mut response),
            _ => {}
        }
        response
    }
}

/// An answer with the parts that it lacks of its claims.
pub(super) fn graft(grafts: &[(String, Value)], mut response: Response) -> Response {
    if grafts.is_empty() {
        return response;
    }
    let read = serde_json::from_slice::<Value>(&response.body).ok().filter(Value::is_object);
    if read.is_none() {
        response.headers.set("content-type", "application/json");
    }
    let mut body = read.unwrap_or_else(|| json!({}));
    for (pointer, value) in grafts {
        put(&mut body, pointer, value.clone());
    }
    response.body = body.to_string().into();
    response
}

impl Whole {
    /// Every replacement of a body of JSON, in words.
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::Gone, "no body"),
        (Self::Half, "the first half of the body"),
        (Self::Wrapped, "the body as the only item of a list"),
        (Self::Html, "a page of HTML in place of the body"),
    ];

    fn put(self, response: &mut Response) {
        response.body = match self {
            Self::Gone => Bytes::new(),
            Self::Half => response.body.slice(..response.body.len() / 2),
            Self::Wrapped => format!("[{}]", String::from_utf8_lossy(&response.body)).into(),
            Self::Text => Bytes::from_static(b"something else"),
            Self::Html => {
                response.headers.set("content-type", "text/html; charset=utf-8");
                Bytes::from_static(b"<!doctype html><title>Sorry</title><p>We are back soon.")
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::exchange::Headers;

    fn response(body: &str) -> Response {
        let headers = Headers(vec![("content-type".to_owned(), "application/json".to_owned())]);
        Response { status: 200, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    fn request(url: &str) -> Request {
        Request { method: "GET".to_owned(), url: url.to_owned(), ..Request::default() }
    }

    fn changed(change: &MutantChange) -> Response {
        change.answer(&[], &request("/links/abcd"), response(r#"{"id":"abcd","ok":true}"#))
    }

    #[test]
    fn an_answer_changes_in_what_was_meant_alone() {
        let body = |response: &Response| String::from_utf8_lossy(&response.body).into_owned();
        let edited = changed(&MutantChange::Body { pointer: "/ok".into(), edit: Edit::Flip });
        assert_eq!((edited.status, body(&edited).as_str()), (200, r#"{"id":"abcd","ok":false}"#));
        let refused = changed(&MutantChange::Status(404));
        assert_eq!((refused.status, body(&refused).as_str()), (404, r#"{"id":"abcd","ok":true}"#));
        assert_eq!(changed(&MutantChange::Header("Content-Type".to_owned(), None)).headers.get("content-type"), None);
        let html = changed(&MutantChange::Header("content-type".to_owned(), Some("text/html")));
        assert_eq!(html.headers.get("content-type"), Some("text/html"));
        let of = |whole| body(&changed(&MutantChange::Whole(whole)));
        assert_eq!(of(Whole::Gone), "");
        assert_eq!(of(Whole::Half), r#"{"id":"abcd""#.get(..11).unwrap());
        assert_eq!(of(Whole::Wrapped), r#"[{"id":"abcd","ok":true}]"#);
        assert!(of(Whole::Html).starts_with("<!doctype"));
    }

    #[test]
    fn another_rows_answer_speaks_of_the_resource_that_was_asked_for() {
        let sample =
            Sample { request: request("/links/wxyz"), response: response(r#"{"id":"wxyz","at":"/links/wxyz"}"#) };
        let given = changed(&MutantChange::Instead(Arc::new(sample)));
        assert_eq!(given.body, r#"{"id":"abcd","at":"/links/abcd"}"#);
    }

    #[test]
    fn what_a_clause_names_is_put_in_before_anything_is_changed() {
        let grafts = [("/deleted".to_owned(), json!(true))];
        let change = MutantChange::Body { pointer: "/deleted".into(), edit: Edit::Flip };
        let given = change.answer(&grafts, &request("/links/abcd"), response("{}"));
        assert_eq!(given.body, r#"{"deleted":false}"#);
        let text = MutantChange::Nothing.answer(&grafts, &request("/links/abcd"), response("gone"));
        assert_eq!(text.body, r#"{"deleted":true}"#);
    }
}
