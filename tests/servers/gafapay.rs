//! The second vendor: payment links behind three headers, whose answers tell success in the body and document no status.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::draw::{Draw, now};
use super::http::{Answer, Received};
use super::reply::{Kind, Reply, Vendor, add_undocumented, decoded};

const COLLECTION: &str = "/gafapay/v3/user/payment_link";

/// What a deletion without an id meets: the page says *may*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingId {
    /// The envelope with `BAD_REQUEST`.
    BadRequest,
    /// A router's 404 in HTML.
    RouterNotFound,
    /// A router's 405 in HTML.
    MethodNotAllowed,
}

/// What a retrieval says of a deleted or unknown link; no page of ours documents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GoneGet {
    /// A failed validation, as a deletion would answer.
    ValidationFailed,
    /// A message in `error` and no data.
    ErrorMessage,
}

/// Every choice that the documents leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GafapayTruth {
    /// 200 or 201.
    pub(crate) create_status: u16,
    /// The status of what cannot be found or removed; 200 for a vendor that answers everything so.
    pub(crate) failure_status: u16,
    /// The status of a request that is not as documented.
    pub(crate) bad_request_status: u16,
    /// The status of refused credentials.
    pub(crate) refused_status: u16,
    /// Of a deletion.
    pub(crate) missing_id: MissingId,
    /// Of a link that is not there.
    pub(crate) gone_get: GoneGet,
    /// The media type of every JSON answer.
    pub(crate) media: &'static str,
    /// Whether objects have a field that no page names.
    pub(crate) undocumented_field: bool,
}

impl Default for GafapayTruth {
    /// Every answer has status 200.
    fn default() -> Self {
        Self {
            create_status: 200,
            failure_status: 200,
            bad_request_status: 200,
            refused_status: 200,
            missing_id: MissingId::BadRequest,
            gone_get: GoneGet::ValidationFailed,
            media: "application/json",
            undocumented_field: false,
        }
    }
}

impl GafapayTruth {
    /// The other side of every choice at once: statuses that mean something.
    pub(crate) fn other() -> Self {
        Self {
            create_status: 201,
            failure_status: 404,
            bad_request_status: 400,
            refused_status: 401,
            missing_id: MissingId::MethodNotAllowed,
            gone_get: GoneGet::ErrorMessage,
            media: "application/json; charset=utf-8",
            undocumented_field: true,
        }
    }

    /// The usual truth, each choice made otherwise alone, and all made otherwise together, by name.
    pub(crate) fn variations() -> Vec<(&'static str, Self)> {
        let usual = Self::default;
        vec![
            ("usual", usual()),
            ("create-201", Self { create_status: 201, ..usual() }),
            ("failure-404", Self { failure_status: 404, ..usual() }),
            ("failure-400", Self { failure_status: 400, ..usual() }),
            ("failure-422", Self { failure_status: 422, ..usual() }),
            ("bad-request-400", Self { bad_request_status: 400, ..usual() }),
            ("refused-401", Self { refused_status: 401, ..usual() }),
            ("missing-id-404", Self { missing_id: MissingId::RouterNotFound, ..usual() }),
            ("missing-id-405", Self { missing_id: MissingId::MethodNotAllowed, ..usual() }),
            ("gone-get-message", Self { gone_get: GoneGet::ErrorMessage, ..usual() }),
            ("media-type-with-charset", Self { media: "application/json; charset=utf-8", ..usual() }),
            ("undocumented-field", Self { undocumented_field: true, ..usual() }),
            ("all-other", Self::other()),
        ]
    }
}

/// The vendor and everything that it remembers.
#[derive(Debug, Clone)]
pub(crate) struct Gafapay {
    /// The forms of the truth that it takes.
    pub(crate) truth: GafapayTruth,
    /// The word after `Token`.
    pub(crate) token: String,
    /// The value of `companyid`.
    pub(crate) company: String,
    links: IndexMap<String, Link>,
    draw: Draw,
}

#[derive(Debug, Clone)]
struct Link {
    number: usize,
    sent: Value,
    created: String,
    deleted: bool,
}

impl Gafapay {
    /// A vendor with one company and no links.
    pub(crate) fn new(truth: GafapayTruth, mut draw: Draw) -> Self {
        let token = format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", draw.alnum(40), draw.alnum(43));
        let company = draw.uuid().replace('-', "");
        Self { truth, token, company, links: IndexMap::new(), draw }
    }

    /// The answer that the documents promise.
    pub(crate) fn answer(&mut self, request: &Received) -> Reply {
        if let Some(id) = request.path.strip_prefix("/gafapay/pay/") {
            return self.page(&decoded(id));
        }
        let id = match request.path.strip_prefix(COLLECTION) {
            Some("" | "/") => None,
            Some(rest) if rest.starts_with('/') => Some(decoded(rest.trim_start_matches('/'))),
            _ => return reply("none", Kind::Elsewhere, None, router(404)),
        };
        let operation = operation(&request.method, id.is_some());
        if let Some(kind) = self.refusal(request) {
            let refused = failure("UNAUTHORIZED");
            return reply(operation, kind, id, self.envelope(self.truth.refused_status, refused));
        }
        let bad_request = self.envelope(self.truth.bad_request_status, failure("BAD_REQUEST"));
        if request.header("requestid").is_none_or(str::is_empty) {
            return reply(operation, Kind::BadRequest, id, bad_request);
        }
        match (request.method.as_str(), id) {
            ("POST", None) => match request.json().filter(Value::is_object) {
                Some(sent) => self.create(operation, sent, &request.origin),
                None => reply(operation, Kind::BadRequest, None, bad_request),
            },
            ("GET", None) => reply(operation, Kind::Listed, None, self.list(&request.origin)),
            ("GET", Some(id)) => self.retrieve(operation, id, &request.origin),
            ("DELETE", Some(id)) => self.delete(operation, id),
            ("DELETE", None) => {
                let answer = match self.truth.missing_id {
                    MissingId::BadRequest => bad_request,
                    MissingId::RouterNotFound => router(404),
                    MissingId::MethodNotAllowed => router(405),
                };
                reply(operation, Kind::MissingId, None, answer)
            }
            (_, id) => reply(operation, Kind::Elsewhere, id, router(405)),
        }
    }

    fn refusal(&self, request: &Received) -> Option<Kind> {
        let (given, company) = (request.header("authorization"), request.header("companyid"));
        match (given, company) {
            (None, _) | (_, None) => Some(Kind::NoCredentials),
            (Some(given), Some(company)) if given == self.authorization() && company == self.company => None,
            _ => Some(Kind::UnknownKey),
        }
    }

    /// The value that the `authorization` header must have.
    pub(crate) fn authorization(&self) -> String {
        format!("Token {}", self.token)
    }

    fn create(&mut self, operation: &'static str, sent: Value, origin: &str) -> Reply {
        let id = self.draw.alnum(20);
        let link = Link { number: 100_001 + self.links.len(), sent, created: now(), deleted: false };
        let mut data = json!({ "message": "USER_PAYMENT_LINK_ADDED_SUCCESSFULLY" });
        data["payment_link"] = self.object(&id, &link, origin);
        self.links.insert(id.clone(), link);
        reply(operation, Kind::New, Some(id), self.envelope(self.truth.create_status, success(data)))
    }

    fn list(&self, origin: &str) -> Answer {
        let live = self.links.iter().filter(|(_, link)| !link.deleted);
        let links: Vec<Value> = live.map(|(id, link)| self.object(id, link, origin)).collect();
        self.envelope(200, success(json!({ "payment_links": links })))
    }

    fn kind_of(&self, id: &str) -> Kind {
        match self.links.get(id) {
            None => Kind::Unknown,
            Some(link) if link.deleted => Kind::Deleted,
            Some(_) => Kind::Live,
        }
    }

    fn retrieve(&self, operation: &'static str, id: String, origin: &str) -> Reply {
        let kind = self.kind_of(&id);
        let answer = match (kind, self.truth.gone_get) {
            (Kind::Live, _) => {
                let link = self.object(&id, &self.links[&id], origin);
                self.envelope(200, success(json!({ "payment_link": link })))
            }
            (_, GoneGet::ValidationFailed) => self.envelope(self.truth.failure_status, invalid("RECORD_NOT_FOUND")),
            (_, GoneGet::ErrorMessage) => self.envelope(self.truth.failure_status, failure("RECORD_NOT_FOUND")),
        };
        reply(operation, kind, Some(id), answer)
    }

    fn delete(&mut self, operation: &'static str, id: String) -> Reply {
        let kind = self.kind_of(&id);
        let answer = if kind == Kind::Live {
            self.set_deleted(&id, true);
            self.envelope(200, success(json!({ "message": "USER_PAYMENT_LINK_DELETED_SUCCESSFULLY" })))
        } else {
            self.envelope(self.truth.failure_status, invalid("BASE_ERROR_IN_REMOVING"))
        };
        reply(operation, kind, Some(id), answer)
    }

    fn page(&self, id: &str) -> Reply {
        let kind = self.kind_of(id);
        let status = if kind == Kind::Live { 200 } else { 404 };
        reply("payment_links.page", kind, Some(id.to_owned()), router(status))
    }

    fn object(&self, id: &str, link: &Link, origin: &str) -> Value {
        let sent = |name: &str| link.sent.get(name).cloned().unwrap_or(Value::Null);
        let user = self.company.chars().rev().collect::<String>();
        json!({
            "id": id, "link_number": format!("PL_{}", link.number), "user_id": user, "user_type": 2,
            "business_id": null, "payment_link": format!("{origin}/gafapay/pay/{id}"), "target_user_id": null,
            "target_user_type": null, "target_user_info": null, "amount": sent("amount"), "note": sent("note"),
            "expiry_date": sent("expiry_date"), "status": 1, "link_name": sent("link_name"),
            "link_description": sent("link_description"), "charges_info": null, "created_by": user,
            "created_date": link.created, "updated_by": null, "updated_date": link.created, "is_active": true,
        })
    }

    fn envelope(&self, status: u16, mut body: Value) -> Answer {
        if self.truth.undocumented_field {
            add_undocumented(&mut body);
        }
        Answer::new(status, self.truth.media, body.to_string())
    }

    /// Makes a link deleted, or undoes that; an id that names nothing is left alone.
    pub(crate) fn set_deleted(&mut self, id: &str, deleted: bool) {
        if let Some(link) = self.links.get_mut(id) {
            link.deleted = deleted;
        }
    }

    /// The ids of what is not deleted.
    pub(crate) fn left(&self) -> impl Iterator<Item = &String> {
        self.links.iter().filter(|(_, link)| !link.deleted).map(|(id, _)| id)
    }
}

fn operation(method: &str, one: bool) -> &'static str {
    match (method, one) {
        ("POST", false) => "payment_links.create",
        ("GET", false) => "payment_links.list",
        ("GET", true) => "payment_links.retrieve",
        ("DELETE", _) => "payment_links.delete",
        _ => "none",
    }
}

#[expect(clippy::needless_pass_by_value, reason = "an envelope takes what it wraps")]
fn success(data: Value) -> Value {
    json!({ "success": 1, "error": [], "data": data })
}

fn invalid(message: &str) -> Value {
    json!({
        "success": 0, "error": [], "data": { "check_validation_failed": true, "validation_message": message },
    })
}

fn failure(message: &str) -> Value {
    json!({ "success": 0, "error": [message], "data": null })
}

/// What the web server says where no operation is reached.
fn router(status: u16) -> Answer {
    Answer::new(status, "text/html", format!("<!doctype html><title>{status}</title>"))
}

fn reply(operation: &'static str, kind: Kind, id: Option<String>, answer: Answer) -> Reply {
    Reply { vendor: Vendor::Gafapay, operation, kind, id, answer }
}
