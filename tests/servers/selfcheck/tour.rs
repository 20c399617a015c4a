//! A walk that meets every documented cause of every operation once, in a fixed order.

use serde_json::Value;

use crate::servers::http::Answer;
use crate::servers::raw::Raw;
use crate::servers::reply::Kind;
use crate::servers::world::Stand;

/// One exchange of the tour.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The operation asked for.
    pub(super) operation: &'static str,
    /// The cause that the tour has brought about, if all is true.
    pub(super) kind: Kind,
    /// What came back.
    pub(super) answer: Answer,
}

/// The credentials of a stand, as header values.
pub(super) struct Caller {
    raw: Raw,
    pub(super) ours: String,
    pub(super) others: String,
    pub(super) public: String,
    pub(super) token: String,
    pub(super) company: String,
    pub(super) pair: [String; 2],
    pub(super) used: String,
}

/// What is sent to create a link.
pub(super) const NEW_LINK: &str = r#"{"title":"proviso","description":"a mark","amount":10000,"currency":"thb"}"#;
/// What is sent to create a linked account.
pub(super) const NEW_ACCOUNT: &str = r#"{"type":"direct_debit_kbank","return_uri":"https://example.com/back"}"#;
/// Where the second vendor keeps its links.
pub(super) const GAFAPAY: &str = "/gafapay/v3/user/payment_link";
/// Where the third vendor keeps its links.
pub(super) const MYTPE: &str = "/api/v2/mytpe-pay/links";

impl Caller {
    /// Somebody who knows every credential of the stand.
    pub(super) fn of(stand: &Stand) -> Self {
        let [secret, public, foreign, token, company, key, pair_secret, used, ..] =
            stand.world().environment().map(|(_, value)| value);
        Self {
            raw: Raw::connect(stand.server.origin()),
            ours: basic(&secret),
            others: basic(&foreign),
            public: basic(&public),
            token: format!("Token {token}"),
            company,
            pair: [key, pair_secret],
            used,
        }
    }

    /// A request to the first vendor; an empty authorization is not sent.
    pub(super) fn omise(&mut self, method: &str, path: &str, authorization: &str, body: &str) -> Answer {
        let headers: &[(&str, &str)] = if authorization.is_empty() { &[] } else { &[("Authorization", authorization)] };
        self.raw.ask(method, path, headers, body)
    }

    /// A request to the second vendor under the right credentials.
    pub(super) fn gafapay(&mut self, method: &str, rest: &str, body: &str) -> Answer {
        let headers = [
            ("authorization", self.token.as_str()),
            ("companyid", &self.company),
            ("requestid", "be08f79e-7eac-40e1-acbe-00f6ae7b8f7b"),
        ];
        self.raw.ask(method, &format!("{GAFAPAY}{rest}"), &headers, body)
    }

    /// A request to the third vendor; what is empty of the pair is not sent.
    pub(super) fn mytpe(&mut self, method: &str, rest: &str, pair: &[String; 2], body: &str) -> Answer {
        let mut headers = vec![("X-API-KEY", pair[0].as_str()), ("X-API-SECRET", pair[1].as_str())];
        headers.retain(|(_, value)| !value.is_empty());
        self.raw.ask(method, &format!("{MYTPE}{rest}"), &headers, body)
    }

    /// Any request without credentials.
    pub(super) fn bare(&mut self, method: &str, path: &str) -> Answer {
        self.raw.ask(method, path, &[], "")
    }
}

/// Basic authentication with a key and no password.
pub(super) fn basic(key: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{key}:")))
}

/// A text in a JSON answer.
pub(super) fn text(answer: &Answer, pointer: &str) -> String {
    let body: Value = answer.json().unwrap();
    body.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

/// The six ways in which a pair of keys is not right.
pub(super) fn wrong_pairs(pair: &[String; 2]) -> [(Kind, [String; 2]); 6] {
    let [key, secret] = pair.clone();
    let (none, wrong) = (String::new(), "wrong".to_owned());
    [
        (Kind::NoCredentials, [none.clone(), none.clone()]),
        (Kind::UnknownKey, [wrong.clone(), wrong.clone()]),
        (Kind::NoKey, [none.clone(), secret.clone()]),
        (Kind::NoSecret, [key.clone(), none]),
        (Kind::WrongKey, [wrong.clone(), secret]),
        (Kind::WrongSecret, [key, wrong]),
    ]
}

/// The ways in which Basic authentication is refused.
pub(super) fn wrong_basics(caller: &Caller) -> [(Kind, String); 6] {
    let coded = caller.ours.strip_prefix("Basic ").unwrap();
    [
        (Kind::NoCredentials, String::new()),
        (Kind::BadBasic, "Basic skey_test_plain".to_owned()),
        (Kind::BadBasic, format!("Bearer {coded}")),
        (Kind::BadBasic, coded.to_owned()),
        (Kind::PublicKey, caller.public.clone()),
        (Kind::UnknownKey, basic("skey_test_5xuy4w91xqz7d1w9u0t")),
    ]
}

/// The whole walk.
pub(super) fn tour(stand: &Stand) -> Vec<Step> {
    let mut caller = Caller::of(stand);
    let mut steps = Vec::new();
    omise(&mut caller, &mut steps, "links", "link", "pay", NEW_LINK);
    omise(&mut caller, &mut steps, "linked_accounts", "lacct", "register", NEW_ACCOUNT);
    gafapay(&mut caller, &mut steps);
    mytpe(&mut caller, &mut steps);
    steps
}

fn omise(caller: &mut Caller, steps: &mut Vec<Step>, name: &str, prefix: &str, page: &str, new: &str) {
    let [create, list, retrieve, delete, paged] = if name == "links" {
        ["links.create", "links.list", "links.retrieve", "links.delete", "links.page"]
    } else {
        [
            "linked_accounts.create",
            "linked_accounts.list",
            "linked_accounts.retrieve",
            "linked_accounts.delete",
            "linked_accounts.registration",
        ]
    };
    let (ours, others) = (caller.ours.clone(), caller.others.clone());
    let mut step = |operation, kind, answer: Answer| {
        steps.push(Step { operation, kind, answer: answer.clone() });
        answer
    };
    let mut made = |caller: &mut Caller, by: &str| {
        let answer = step(create, Kind::New, caller.omise("POST", &format!("/{name}"), by, new));
        text(&answer, "/id")
    };
    let (kept, gone, foreign) = (made(caller, &ours), made(caller, &ours), made(caller, &others));
    for (method, operation) in [("GET", retrieve), ("DELETE", delete)] {
        for (kind, authorization) in wrong_basics(caller) {
            step(operation, kind, caller.omise(method, &format!("/{name}/{kept}"), &authorization, ""));
        }
        let absent = [
            (Kind::Unknown, format!("{prefix}_test_5xuy4w91xqz7d1w9u0t")),
            (Kind::OtherMode, format!("{prefix}_5xuy4w91xqz7d1w9u0t")),
            (Kind::Malformed, format!("{prefix}_test_ABC")),
            (Kind::Malformed, "card_test_abc".to_owned()),
            (Kind::Foreign, foreign.clone()),
        ];
        for (kind, id) in absent {
            step(operation, kind, caller.omise(method, &format!("/{name}/{id}"), &ours, ""));
        }
    }
    step(retrieve, Kind::Live, caller.omise("GET", &format!("/{name}/{kept}"), &ours, ""));
    step(retrieve, Kind::Live, caller.omise("GET", &format!("/{name}/{foreign}"), &others, ""));
    step(paged, Kind::Live, caller.bare("GET", &format!("/{page}/{gone}")));
    step(delete, Kind::Live, caller.omise("DELETE", &format!("/{name}/{gone}"), &ours, ""));
    step(paged, Kind::Deleted, caller.bare("GET", &format!("/{page}/{gone}")));
    step(retrieve, Kind::Deleted, caller.omise("GET", &format!("/{name}/{gone}"), &ours, ""));
    step(delete, Kind::Deleted, caller.omise("DELETE", &format!("/{name}/{gone}"), &ours, ""));
    step(list, Kind::Listed, caller.omise("GET", &format!("/{name}"), &ours, ""));
}

fn gafapay(caller: &mut Caller, steps: &mut Vec<Step>) {
    let mut step = |operation, kind, answer: Answer| {
        steps.push(Step { operation, kind, answer: answer.clone() });
        answer
    };
    let new = r#"{"amount":100,"note":"a mark","link_name":"proviso"}"#;
    let made = step("payment_links.create", Kind::New, caller.gafapay("POST", "", new));
    let one = format!("/{}", text(&made, "/data/payment_link/id"));
    step("payment_links.retrieve", Kind::Live, caller.gafapay("GET", &one, ""));
    step("payment_links.delete", Kind::Live, caller.gafapay("DELETE", &one, ""));
    step("payment_links.retrieve", Kind::Deleted, caller.gafapay("GET", &one, ""));
    step("payment_links.delete", Kind::Deleted, caller.gafapay("DELETE", &one, ""));
    step("payment_links.delete", Kind::Unknown, caller.gafapay("DELETE", "/a1b2c3d4e5f6g7h8i9j0", ""));
    step("payment_links.delete", Kind::MissingId, caller.gafapay("DELETE", "/", ""));
    step("payment_links.list", Kind::Listed, caller.gafapay("GET", "", ""));
    let one = format!("{GAFAPAY}/a1b2c3d4e5f6g7h8i9j0");
    step("payment_links.delete", Kind::NoCredentials, caller.bare("DELETE", &one));
}

fn mytpe(caller: &mut Caller, steps: &mut Vec<Step>) {
    let pair = caller.pair.clone();
    let mut step = |operation, kind, answer: Answer| {
        steps.push(Step { operation, kind, answer: answer.clone() });
        answer
    };
    let new = r#"{"title":"proviso","type":"static","amount":"100.00"}"#;
    let made = step("pay_links.create", Kind::New, caller.mytpe("POST", "/store", &pair, new));
    let one = format!("/{}", text(&made, "/data/id"));
    for (kind, wrong) in wrong_pairs(&pair) {
        step("pay_links.delete", kind, caller.mytpe("DELETE", &one, &wrong, ""));
    }
    step("pay_links.retrieve", Kind::Live, caller.mytpe("GET", &one, &pair, ""));
    let used = format!("/{}", caller.used);
    step("pay_links.delete", Kind::WithTransactions, caller.mytpe("DELETE", &used, &pair, ""));
    step("pay_links.retrieve", Kind::WithTransactions, caller.mytpe("GET", &used, &pair, ""));
    step("pay_links.delete", Kind::Live, caller.mytpe("DELETE", &one, &pair, ""));
    step("pay_links.retrieve", Kind::Deleted, caller.mytpe("GET", &one, &pair, ""));
    step("pay_links.delete", Kind::Deleted, caller.mytpe("DELETE", &one, &pair, ""));
    step("pay_links.delete", Kind::Unknown, caller.mytpe("DELETE", "/d5bb42f0-0000-4000-8000-000000000000", &pair, ""));
}
