//! The third vendor: pay links behind a pair of keys, with three shapes of errors and a rule on transactions.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::draw::Draw;
use super::http::{Answer, Received};
use super::reply::{Kind, Reply, Vendor, add_undocumented, decoded};

const LINKS: &str = "/api/v2/mytpe-pay/links/";

/// What stands against a deletion: the page says that any of them does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transactions {
    /// Somebody has paid.
    Successful,
    /// Somebody is paying.
    Pending,
    /// Somebody tried to pay.
    Failed,
}

/// Every choice that the documents leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MytpeTruth {
    /// 200 or 201.
    pub(crate) create_status: u16,
    /// Whether ids are UUIDs, else opaque words.
    pub(crate) uuid_ids: bool,
    /// What the fixture's transactions are.
    pub(crate) transactions: Transactions,
    /// The media type of every JSON answer.
    pub(crate) media: &'static str,
    /// Whether objects have a field that no page names.
    pub(crate) undocumented_field: bool,
}

impl Default for MytpeTruth {
    fn default() -> Self {
        Self {
            create_status: 201,
            uuid_ids: true,
            transactions: Transactions::Successful,
            media: "application/json",
            undocumented_field: false,
        }
    }
}

impl MytpeTruth {
    /// The other side of every choice at once; ids stay UUIDs, which the vendor's own pages prefer.
    pub(crate) fn other() -> Self {
        Self {
            create_status: 200,
            uuid_ids: true,
            transactions: Transactions::Failed,
            media: "application/json; charset=utf-8",
            undocumented_field: true,
        }
    }

    /// The usual truth, each choice made otherwise alone, and all made otherwise together, by name.
    pub(crate) fn variations() -> Vec<(&'static str, Self)> {
        let usual = Self::default;
        vec![
            ("usual", usual()),
            ("create-200", Self { create_status: 200, ..usual() }),
            ("opaque-ids", Self { uuid_ids: false, ..usual() }),
            ("pending-transactions", Self { transactions: Transactions::Pending, ..usual() }),
            ("failed-transactions", Self { transactions: Transactions::Failed, ..usual() }),
            ("media-type-with-charset", Self { media: "application/json; charset=utf-8", ..usual() }),
            ("undocumented-field", Self { undocumented_field: true, ..usual() }),
            ("all-other", Self::other()),
        ]
    }
}

/// The vendor and everything that it remembers.
#[derive(Debug, Clone)]
pub(crate) struct Mytpe {
    /// The forms of the truth that it takes.
    pub(crate) truth: MytpeTruth,
    /// The value of `X-API-KEY`.
    pub(crate) key: String,
    /// The value of `X-API-SECRET`.
    pub(crate) secret: String,
    /// The id of the link that has transactions.
    pub(crate) used: String,
    /// The ids of three links with one transaction each: a successful, a pending and a failed one.
    pub(crate) paid: [(String, Transactions); 3],
    links: IndexMap<String, Link>,
    draw: Draw,
}

#[derive(Debug, Clone)]
struct Link {
    sent: Value,
    deleted: bool,
}

impl Mytpe {
    /// A vendor with one merchant, whose only links have transactions.
    pub(crate) fn new(truth: MytpeTruth, mut draw: Draw) -> Self {
        let (key, secret) = (draw.alnum(32), draw.alnum(48));
        let mut id = || if truth.uuid_ids { draw.uuid() } else { format!("link-demo-{}", draw.alnum(8)) };
        let used = id();
        let paid = [Transactions::Successful, Transactions::Pending, Transactions::Failed].map(|of| (id(), of));
        let fixture = Link { sent: json!({ "title": "Paid before", "amount": "5000.00" }), deleted: false };
        let ids = paid.iter().map(|(id, _)| id).chain([&used]);
        let links = ids.map(|id| (id.clone(), fixture.clone())).collect();
        Self { truth, key, secret, used, paid, links, draw }
    }

    /// What the transactions of a link are, if it has any.
    fn transactions(&self, id: &str) -> Option<Transactions> {
        let of_paid = || self.paid.iter().find(|(paid, _)| paid == id).map(|(_, transactions)| *transactions);
        if id == self.used { Some(self.truth.transactions) } else { of_paid() }
    }

    /// The answer that the documents promise.
    pub(crate) fn answer(&mut self, request: &Received) -> Reply {
        if let Some(id) = request.path.strip_prefix("/api/v2/mytpe-pay/pay/") {
            return self.page(&decoded(id));
        }
        let Some(rest) = request.path.strip_prefix(LINKS) else {
            return reply("none", Kind::Elsewhere, None, self.not_found());
        };
        let (method, id) = (request.method.as_str(), decoded(rest));
        let (operation, id) = match (method, id.as_str()) {
            ("POST", "store") => ("pay_links.create", None),
            ("GET", _) => ("pay_links.retrieve", Some(id)),
            ("DELETE", _) => ("pay_links.delete", Some(id)),
            _ => ("none", Some(id)),
        };
        if let Some(kind) = self.refusal(request) {
            return reply(operation, kind, id, self.json(401, json!({ "message": "Unauthenticated." })));
        }
        match (operation, id) {
            ("pay_links.create", _) => self.create(operation, request),
            ("pay_links.retrieve", Some(id)) => self.retrieve(operation, id, &request.origin),
            ("pay_links.delete", Some(id)) => self.delete(operation, id),
            (_, id) => reply(operation, Kind::Elsewhere, id, self.json(405, json!({ "message": "No such method." }))),
        }
    }

    fn refusal(&self, request: &Received) -> Option<Kind> {
        let key = request.header("x-api-key").map(|given| given == self.key);
        let secret = request.header("x-api-secret").map(|given| given == self.secret);
        match (key, secret) {
            (Some(true), Some(true)) => None,
            (None, None) => Some(Kind::NoCredentials),
            (None, Some(_)) => Some(Kind::NoKey),
            (Some(_), None) => Some(Kind::NoSecret),
            (Some(false), Some(false)) => Some(Kind::UnknownKey),
            (Some(false), Some(true)) => Some(Kind::WrongKey),
            (Some(true), Some(false)) => Some(Kind::WrongSecret),
        }
    }

    fn create(&mut self, operation: &'static str, request: &Received) -> Reply {
        let Some(sent) = request.json().filter(Value::is_object) else {
            let answer = self.json(400, json!({ "success": false, "message": "INVALID_BODY", "code": 400 }));
            return reply(operation, Kind::BadRequest, None, answer);
        };
        let id = if self.truth.uuid_ids { self.draw.uuid() } else { format!("link-demo-{}", self.draw.alnum(8)) };
        let data = self.object(&id, &sent, &request.origin);
        self.links.insert(id.clone(), Link { sent, deleted: false });
        let body = json!({ "success": true, "message": "Pay link created successfully", "data": data });
        reply(operation, Kind::New, Some(id), self.json(self.truth.create_status, body))
    }

    fn kind_of(&self, id: &str) -> Kind {
        match self.links.get(id) {
            None if id.is_empty() => Kind::MissingId,
            None => Kind::Unknown,
            Some(link) if link.deleted => Kind::Deleted,
            Some(_) if self.transactions(id).is_some() => Kind::WithTransactions,
            Some(_) => Kind::Live,
        }
    }

    fn retrieve(&self, operation: &'static str, id: String, origin: &str) -> Reply {
        let kind = self.kind_of(&id);
        let answer = match kind {
            Kind::Live | Kind::WithTransactions => {
                let data = self.object(&id, &self.links[&id].sent, origin);
                self.json(200, json!({ "success": true, "data": data }))
            }
            _ => self.not_found(),
        };
        reply(operation, kind, Some(id), answer)
    }

    fn delete(&mut self, operation: &'static str, id: String) -> Reply {
        let kind = self.kind_of(&id);
        let answer = match kind {
            Kind::Live => {
                self.set_deleted(&id, true);
                self.json(200, json!({ "success": true, "message": "Pay link deleted successfully" }))
            }
            Kind::WithTransactions => {
                self.json(400, json!({ "message": "Cannot delete pay link with existing transactions." }))
            }
            _ => self.not_found(),
        };
        reply(operation, kind, Some(id), answer)
    }

    fn not_found(&self) -> Answer {
        self.json(404, json!({ "success": false, "message": "PAY_LINK_NOT_FOUND", "code": 404 }))
    }

    fn page(&self, id: &str) -> Reply {
        let kind = self.kind_of(id);
        let status = if matches!(kind, Kind::Live | Kind::WithTransactions) { 200 } else { 404 };
        let html = Answer::new(status, "text/html", format!("<!doctype html><title>{status}</title>"));
        reply("pay_links.page", kind, Some(id.to_owned()), html)
    }

    fn object(&self, id: &str, sent: &Value, origin: &str) -> Value {
        let given = |name: &str, otherwise: Value| sent.get(name).cloned().unwrap_or(otherwise);
        let amount = match &sent["amount"] {
            Value::Number(number) => format!("{:.2}", number.as_f64().unwrap_or_default()),
            other => other.as_str().unwrap_or("0.00").to_owned(),
        };
        let transactions = self.transactions(id);
        let paid = transactions == Some(Transactions::Successful);
        let payment_status = match transactions {
            None => "unpaid",
            Some(Transactions::Successful) => "paid",
            Some(Transactions::Pending) => "pending",
            Some(Transactions::Failed) => "failed",
        };
        json!({
            "id": id, "mytpe_pay_id": 41, "title": given("title", json!("")), "details": given("details", Value::Null),
            "slug": format!("pay-{id}"), "type": given("type", json!("static")), "amount": amount, "status": "active",
            "payment_mode": given("payment_mode", json!("reusable")),
            "max_payments": given("max_payments", Value::Null), "successful_payments_count": i32::from(paid),
            "payment_link": format!("{origin}/api/v2/mytpe-pay/pay/{id}"), "payment_status": payment_status,
            "remaining_payments": null, "collected_amount": if paid { amount.as_str() } else { "0.00" },
        })
    }

    fn json(&self, status: u16, mut body: Value) -> Answer {
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

    /// The ids of what is not deleted, those with transactions aside.
    pub(crate) fn left(&self) -> impl Iterator<Item = &String> {
        self.links.iter().filter(|(id, link)| !link.deleted && self.transactions(id).is_none()).map(|(id, _)| id)
    }
}

fn reply(operation: &'static str, kind: Kind, id: Option<String>, answer: Answer) -> Reply {
    Reply { vendor: Vendor::Mytpe, operation, kind, id, answer }
}
