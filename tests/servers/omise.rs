//! The first vendor: links and linked accounts behind Basic authentication, as its pages and its recorded answers have them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::draw::{Draw, now};
use super::http::{Answer, Received, reason};
use super::omise_collection::Collection;
use super::omise_truth::{DeleteBody, DeletedGet, Malformed, OmiseTruth, SecondDelete};
use super::reply::{Kind, Reply, Vendor, add_undocumented, decoded};

/// One account's pair of keys.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// What may do everything.
    pub(crate) secret: String,
    /// What these operations refuse.
    pub(crate) public: String,
}

/// The vendor and everything that it remembers.
#[derive(Debug, Clone)]
pub(crate) struct Omise {
    /// The forms of the truth that it takes.
    pub(crate) truth: OmiseTruth,
    /// Ours first, then others'.
    pub(crate) accounts: Vec<Account>,
    resources: IndexMap<String, Resource>,
    draw: Draw,
}

#[derive(Debug, Clone)]
struct Resource {
    collection: Collection,
    account: usize,
    sent: Value,
    created_at: String,
    deleted_at: Option<String>,
    page_open: bool,
}

impl Omise {
    /// A vendor with two accounts and nothing in them.
    pub(crate) fn new(truth: OmiseTruth, mut draw: Draw) -> Self {
        let mut key = |kind: &str| format!("{kind}_test_{}", draw.alnum(19));
        let accounts = (0..2).map(|_| Account { secret: key("skey"), public: key("pkey") }).collect();
        Self { truth, accounts, resources: IndexMap::new(), draw }
    }

    /// The answer that the documents promise.
    pub(crate) fn answer(&mut self, request: &Received) -> Reply {
        let path: Vec<&str> = request.path.split('/').skip(1).collect();
        match path.as_slice() {
            ["pay", id] => return self.page(request, "links.page", &decoded(id)),
            ["register", id] => return self.page(request, "linked_accounts.registration", &decoded(id)),
            _ => {}
        }
        let (name, id) = match path.as_slice() {
            [name] | [name, ""] => (*name, None),
            [name, id] => (*name, Some(decoded(id))),
            _ => ("", None),
        };
        let collection = match name {
            "links" => Collection::Links,
            "linked_accounts" => Collection::LinkedAccounts,
            _ => return reply("none", Kind::Elsewhere, id, self.error(404, "not_found", "nothing is here")),
        };
        let operation = collection.operation(&request.method, id.is_some());
        let account = match self.account_of(request.header("authorization")) {
            Ok(account) => account,
            Err(kind) => {
                let refused = self.error(401, "authentication_failure", "authentication failed");
                return reply(operation, kind, id, refused);
            }
        };
        match (request.method.as_str(), id) {
            ("POST", None) => self.create(collection, operation, account, request),
            ("GET", None) => reply(operation, Kind::Listed, None, self.list(collection, account, request)),
            ("GET", Some(id)) => self.retrieve(collection, operation, account, request, id),
            ("DELETE", Some(id)) => self.delete(collection, operation, account, request, id),
            (_, id) => reply(operation, Kind::Elsewhere, id, self.error(404, "not_found", "no such method here")),
        }
    }

    /// The account whose secret key the header holds, or why it is refused.
    fn account_of(&self, header: Option<&str>) -> Result<usize, Kind> {
        let header = header.ok_or(Kind::NoCredentials)?;
        let (scheme, coded) = header.split_once(' ').ok_or(Kind::BadBasic)?;
        let plain = BASE64.decode(coded.trim()).map_err(|_| Kind::BadBasic)?;
        let plain = String::from_utf8(plain).map_err(|_| Kind::BadBasic)?;
        let (key, password) = plain.split_once(':').ok_or(Kind::BadBasic)?;
        if !scheme.eq_ignore_ascii_case("basic") || !password.is_empty() {
            return Err(Kind::BadBasic);
        }
        if key.starts_with("pkey_") {
            return Err(Kind::PublicKey);
        }
        self.accounts.iter().position(|account| account.secret == key).ok_or(Kind::UnknownKey)
    }

    fn create(&mut self, collection: Collection, operation: &'static str, account: usize, request: &Received) -> Reply {
        let Some(sent) = request.json().filter(|sent| collection.accepts(sent)) else {
            return reply(operation, Kind::BadRequest, None, self.error(400, "bad_request", "a field is wrong"));
        };
        let id = match collection {
            Collection::Links => format!("link_test_{}", self.draw.alnum(19)),
            Collection::LinkedAccounts => format!("{}_test_{}", self.truth.account_prefix, self.draw.alnum(19)),
        };
        let resource = Resource { collection, account, sent, created_at: now(), deleted_at: None, page_open: true };
        let body = self.object(&id, &resource, &request.origin);
        self.resources.insert(id.clone(), resource);
        let status = self.truth.create_status;
        reply(operation, Kind::New, Some(id), self.success(status, request, &body))
    }

    fn list(&mut self, collection: Collection, account: usize, request: &Received) -> Answer {
        let number = |name: &str| request.query_value(name).and_then(|value| value.parse::<usize>().ok());
        let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(20).min(100));
        let order = request.query_value("order").unwrap_or("chronological");
        let mut shown: Vec<(&String, &Resource)> = self.resources.iter().collect();
        shown.retain(|(_, resource)| resource.collection == collection && resource.account == account);
        shown.retain(|(_, resource)| resource.deleted_at.is_none() || self.truth.lists_deleted);
        if order == "reverse_chronological" {
            shown.reverse();
        }
        let page = shown.iter().skip(offset).take(limit);
        let data: Vec<Value> = page.map(|(id, resource)| self.shown(id, resource, &request.origin)).collect();
        let body = json!({
            "object": "list", "from": "1970-01-01T00:00:00Z", "to": now(), "offset": offset, "limit": limit,
            "total": shown.len(), "order": order, "location": request.path, "data": data,
        });
        self.success(200, request, &body)
    }

    fn shown(&self, id: &str, resource: &Resource, origin: &str) -> Value {
        match resource.deleted_at {
            Some(_) => resource.collection.tombstone(id),
            None => self.object(id, resource, origin),
        }
    }

    fn kind_of(&self, collection: Collection, account: usize, id: &str) -> Kind {
        let Some(test) = collection.reads(id) else { return Kind::Malformed };
        match self.resources.get(id).filter(|resource| resource.collection == collection) {
            _ if !test => Kind::OtherMode,
            None => Kind::Unknown,
            Some(resource) if resource.account != account => Kind::Foreign,
            Some(resource) if resource.deleted_at.is_some() => Kind::Deleted,
            Some(_) => Kind::Live,
        }
    }

    fn retrieve(
        &mut self,
        collection: Collection,
        operation: &'static str,
        account: usize,
        request: &Received,
        id: String,
    ) -> Reply {
        let kind = self.kind_of(collection, account, &id);
        let deleted = match collection {
            Collection::Links => self.truth.deleted_get,
            Collection::LinkedAccounts => self.truth.deleted_account_get,
        };
        let answer = match (kind, deleted) {
            (Kind::Live, _) | (Kind::Deleted, DeletedGet::FullWithDeletedTrue) => {
                let body = self.object(&id, &self.resources[&id], &request.origin);
                self.success(200, request, &body)
            }
            (Kind::Deleted, DeletedGet::Tombstone) => self.success(200, request, &collection.tombstone(&id)),
            (Kind::Malformed, _) if collection == Collection::Links => {
                self.malformed(self.truth.malformed_get, collection, &id)
            }
            (Kind::Malformed, _) => self.malformed(self.truth.malformed_account, collection, &id),
            _ => self.not_found(collection, &id),
        };
        reply(operation, kind, Some(id), answer)
    }

    fn delete(
        &mut self,
        collection: Collection,
        operation: &'static str,
        account: usize,
        request: &Received,
        id: String,
    ) -> Reply {
        let kind = self.kind_of(collection, account, &id);
        let answer = match (kind, collection) {
            (Kind::Live, _) => {
                self.set_deleted(&id, true);
                let body = match self.truth.delete_body {
                    DeleteBody::DocumentedFields => collection.tombstone(&id),
                    DeleteBody::Full => self.object(&id, &self.resources[&id], &request.origin),
                };
                self.success(200, request, &body)
            }
            (Kind::Deleted, Collection::Links) => match self.truth.second_delete {
                SecondDelete::AlreadyDeleted400 => self.error(400, "already_deleted", "the link is deleted already"),
                SecondDelete::AlreadyDeleted404 => self.error(404, "already_deleted", "the link is deleted already"),
                SecondDelete::NotFound404 => self.not_found(collection, &id),
            },
            (Kind::Malformed, Collection::Links) => self.malformed(self.truth.malformed, collection, &id),
            (Kind::Malformed, _) => self.malformed(self.truth.malformed_account, collection, &id),
            _ => self.not_found(collection, &id),
        };
        reply(operation, kind, Some(id), answer)
    }

    fn malformed(&mut self, form: Malformed, collection: Collection, id: &str) -> Answer {
        let message = format!("{id} is no id of a {}", collection.object());
        match form {
            Malformed::NotFound404 => self.not_found(collection, id),
            Malformed::InvalidLinkId404 => self.error(404, "invalid_link_id", &message),
            Malformed::InvalidLinkId400 => self.error(400, "invalid_link_id", &message),
            Malformed::BadRequest400 => self.error(400, "bad_request", &message),
        }
    }

    fn not_found(&mut self, collection: Collection, id: &str) -> Answer {
        self.error(404, "not_found", &format!("{} {id} was not found", collection.object()))
    }

    /// What a customer sees: open while the resource is there, shut afterwards.
    fn page(&self, request: &Received, operation: &'static str, id: &str) -> Reply {
        let resource = self.resources.get(id);
        let kind = match resource {
            _ if request.method != "GET" => Kind::Elsewhere,
            Some(resource) if resource.page_open => Kind::Live,
            Some(_) => Kind::Deleted,
            None => Kind::Unknown,
        };
        let (status, text) = match kind {
            Kind::Live => (200, "<!doctype html><title>Pay</title><p>Pay here."),
            Kind::Deleted => (self.truth.closed_page, "<!doctype html><title>Closed</title><p>Closed."),
            _ => (404, "<!doctype html><title>Nothing</title><p>Nothing is here."),
        };
        reply(operation, kind, Some(id.to_owned()), Answer::new(status, "text/html; charset=utf-8", text))
    }

    /// The whole object, in the form that its present state has.
    fn object(&self, id: &str, resource: &Resource, origin: &str) -> Value {
        let (deleted, created_at) = (resource.deleted_at.is_some(), &resource.created_at);
        let sent = |name: &str| resource.sent[name].clone();
        let mut body = match resource.collection {
            Collection::Links => {
                let currency = sent("currency");
                let currency = currency.as_str().unwrap_or_default();
                let currency =
                    if self.truth.capital_currency { currency.to_uppercase() } else { currency.to_lowercase() };
                json!({
                    "object": "link", "id": id, "livemode": false, "location": format!("/links/{id}"),
                    "deleted": deleted, "multiple": sent("multiple").as_bool().unwrap_or(false), "used": false,
                    "currency": currency, "amount": sent("amount"), "title": sent("title"),
                    "description": sent("description"), "payment_uri": format!("{origin}/pay/{id}"),
                    "charges": {
                        "object": "list", "from": "1970-01-01T00:00:00Z", "to": now(), "offset": 0, "limit": 20,
                        "total": 0, "order": "chronological", "location": format!("/links/{id}/charges"), "data": [],
                    },
                    "created_at": created_at, "used_at": null, "deleted_at": resource.deleted_at,
                })
            }
            Collection::LinkedAccounts => json!({
                "object": "linked_account", "id": id, "livemode": false, "location": format!("/linked_accounts/{id}"),
                "registration_uri": format!("{origin}/register/{id}"), "return_uri": sent("return_uri"),
                "type": sent("type"), "status": if deleted { "deleted" } else { "pending" }, "deleted": deleted,
                "last_digits": null, "metadata": resource.sent.get("metadata").cloned().unwrap_or_else(|| json!({})),
                "failure_code": null, "failure_message": null, "registered_at": null, "created_at": created_at,
            }),
        };
        if self.truth.undocumented_field {
            add_undocumented(&mut body);
        }
        body
    }

    fn success(&mut self, status: u16, request: &Received, body: &Value) -> Answer {
        let version = request.header("omise-version").unwrap_or("2019-05-29");
        self.dress(status, body)
            .with_header("Omise-Version", version)
            .with_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    }

    fn error(&mut self, status: u16, code: &str, message: &str) -> Answer {
        let location = format!("{}{}", self.truth.error_location, code.replace('_', "-"));
        let mut body = json!({ "object": "error", "location": location, "code": code, "message": message });
        if self.truth.undocumented_field {
            add_undocumented(&mut body);
        }
        self.dress(status, &body)
    }

    /// The headers that every recorded answer had.
    fn dress(&mut self, status: u16, body: &Value) -> Answer {
        Answer::new(status, self.truth.media, body.to_string())
            .with_header("Cache-Control", "no-cache, no-store")
            .with_header("Status", &format!("{status} {}", reason(status)))
            .with_header("Vary", "Accept-Encoding")
            .with_header("X-Request-Id", &self.draw.uuid())
            .with_header("X-Runtime", "0.012345")
    }

    /// Makes a resource deleted, or undoes that, together with its page; an id that names nothing is left alone.
    pub(crate) fn set_deleted(&mut self, id: &str, deleted: bool) {
        if let Some(resource) = self.resources.get_mut(id) {
            resource.deleted_at = deleted.then(now);
            resource.page_open = !deleted;
        }
    }

    /// Opens a page again although its resource is gone.
    pub(crate) fn reopen_page(&mut self, id: &str) {
        if let Some(resource) = self.resources.get_mut(id) {
            resource.page_open = true;
        }
    }

    /// The header with which a resource's owner would ask; ours for what nobody owns.
    pub(crate) fn authorization_of(&self, id: Option<&str>) -> String {
        let owner = id.and_then(|id| self.resources.get(id)).map_or(0, |resource| resource.account);
        format!("Basic {}", BASE64.encode(format!("{}:", self.accounts[owner].secret)))
    }

    /// The ids of what is not deleted, of all accounts.
    pub(crate) fn left(&self) -> impl Iterator<Item = &String> {
        self.resources.iter().filter(|(_, resource)| resource.deleted_at.is_none()).map(|(id, _)| id)
    }
}

fn reply(operation: &'static str, kind: Kind, id: Option<String>, answer: Answer) -> Reply {
    Reply { vendor: Vendor::Omise, operation, kind, id, answer }
}
