//! The operation with which a contract begins: a method and a path, and the names that follow from them.

use std::str::FromStr;

/// A method and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FirstOperation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) kind: OperationKind,
    /// The last word of the path that names things, such as `links`.
    collection: String,
    /// Behind the id, such as `void`.
    action: Option<String>,
}

/// The effect of an operation, as far as its method and path tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OperationKind {
    /// `POST /links`.
    Creates,
    /// `GET /links/{link_id}`.
    Reads,
    /// `DELETE /links/{link_id}`.
    Deletes,
    /// `PATCH /links/{link_id}`.
    Updates,
    /// `POST /links/{link_id}/close`.
    Acts,
    /// `GET /balance`: nothing that a path names is in a state.
    Calls,
}

/// The form that is asked for.
const FORM: &str = "write a method and a path, such as `DELETE /v1/links/{link_id}`";
const ONE_ID: &str = "begin with an operation that has one `{id}` at most in its path";

impl FromStr for FirstOperation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (method, path) = text.trim().split_once(' ').ok_or(FORM)?;
        let (method, path) = (method.to_ascii_uppercase(), path.trim());
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) || !path.starts_with('/') {
            return Err(FORM);
        }
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let ids: Vec<usize> = (0..segments.len()).filter(|at| is_id(segments.get(*at))).collect();
        let are_plain = segments.iter().enumerate().all(|(at, segment)| ids.contains(&at) || is_plain(segment));
        let (before, action) = match ids.as_slice() {
            [] => (segments.as_slice(), None),
            [at] => (segments.get(..*at).ok_or(FORM)?, segments.get(at + 1..).and_then(<[&str]>::last)),
            _ => return Err(ONE_ID),
        };
        let collection = before.iter().rev().find(|segment| !is_version(segment)).filter(|_| are_plain).ok_or(FORM)?;
        let kind = match (method.as_str(), ids.is_empty(), action) {
            ("POST", true, _) => OperationKind::Creates,
            (_, true, _) => OperationKind::Calls,
            ("GET", ..) => OperationKind::Reads,
            (_, _, Some(_)) | ("POST", ..) => OperationKind::Acts,
            ("DELETE", ..) => OperationKind::Deletes,
            _ => OperationKind::Updates,
        };
        let (collection, action) = (collection.to_lowercase(), action.map(|action| action.to_lowercase()));
        Ok(Self { method, path: path.to_owned(), kind, collection, action })
    }
}

impl FirstOperation {
    /// `links.delete`.
    pub(super) fn name(&self) -> String {
        format!("{}.{}", self.collection, self.verb())
    }

    /// `delete`.
    pub(super) fn verb(&self) -> &str {
        match self.kind {
            OperationKind::Creates => "create",
            OperationKind::Reads => "retrieve",
            OperationKind::Deletes => "delete",
            OperationKind::Updates => "update",
            OperationKind::Acts => self.action.as_deref().unwrap_or("act"),
            OperationKind::Calls => "get",
        }
    }

    /// The state that follows: `deleted`, `voided`.
    pub(super) fn state(&self) -> String {
        let verb = self.verb();
        if verb.ends_with('e') { format!("{verb}d") } else { format!("{verb}ed") }
    }

    /// The name of the operations beside this one: `links`.
    pub(super) fn collection(&self) -> &str {
        &self.collection
    }

    /// The resource in the singular: `link`.
    pub(super) fn resource(&self) -> String {
        let plural = self.collection.replace(['-', '.'], "_");
        match plural.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => plural.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(&plural).to_owned(),
        }
    }

    /// The name of the id in the path: `link_id`.
    pub(super) fn parameter(&self) -> String {
        let inside = self.path.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        inside.map_or_else(|| format!("{}_id", self.resource()), |(name, _)| name.to_owned())
    }

    /// The path of all things: `/v1/links`.
    pub(super) fn collection_path(&self) -> &str {
        self.path.split_once("/{").map_or(&self.path, |(before, _)| before)
    }

    /// The path of one thing: `/v1/links/{link_id}`.
    pub(super) fn item_path(&self) -> String {
        format!("{}/{{{}}}", self.collection_path().trim_end_matches('/'), self.parameter())
    }
}

fn is_id(segment: Option<&&str>) -> bool {
    let name = segment.and_then(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    name.is_some_and(|name| is_plain(name) && !name.contains(['-', '.']))
}

/// Returns whether a text may be a part of names.
fn is_plain(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_.".contains(&sign))
}

/// `api`, `v1`: words of a path that name no things.
fn is_version(segment: &str) -> bool {
    segment == "api"
        || segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_the_method_and_the_path() {
        for (text, name, resource, state) in [
            ("DELETE /v1/links/{link_id}", "links.delete", "link", "deleted"),
            ("post /v1/invoices/{id}/void", "invoices.void", "invoice", "voided"),
            ("POST /api/v2/entries/{id}/capture", "entries.capture", "entry", "captured"),
            ("GET /balance", "balance.get", "balance", "geted"),
            ("POST /v1/pay-links", "pay-links.create", "pay_link", "created"),
            ("PATCH /classes/{id}", "classes.update", "classe", "updated"),
        ] {
            let operation: FirstOperation = text.parse().unwrap();
            assert_eq!((operation.name().as_str(), operation.resource().as_str()), (name, resource), "{text}");
            assert_eq!(operation.state(), state, "{text}");
        }
    }

    #[test]
    fn what_is_no_method_and_path_is_refused() {
        for text in ["", "DELETE", "/v1/links", "EAT /v1/links", "GET v1", "GET /", "GET /v1", "GET /{id}", "GET /a b"]
        {
            assert_eq!(text.parse::<FirstOperation>(), Err(FORM), "{text}");
        }
        assert_eq!("GET /a/{a_id}/b/{b_id}".parse::<FirstOperation>(), Err(ONE_ID));
    }
}
