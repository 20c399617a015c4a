//! A depot of parcels: numbers for ids, nested errors, a return that moves its parcel; it tells the truth, or one lie.

use crate::servers::http::{Answer, Received, Server, locked};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What the depot does otherwise than its pages say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Nothing.
    Nothing,
    /// Whoever is not let in scraps all the same, and what was scrapped then answers 404 without a code.
    ScrapsUnasked,
    /// Whoever is not let in changes a parcel, which then is shown in no documented way.
    LosesUnasked,
    /// Another account's parcels are shown.
    ShowsForeign,
    /// A parcel is never scrapped.
    ScrapsNothing,
    /// An unknown parcel is answered without an error object.
    BareError,
    /// An unknown parcel is scrapped with success.
    ScrapsUnknown,
    /// A second scrapping has another code.
    AgainCode,
    /// Errors have no hint.
    NoHint,
    /// Errors have no hint, and the code of another one.
    NoHintNorCode,
    /// An unknown parcel is answered without a trace.
    NoTrace,
    /// Scrapping prints no receipt.
    NoReceipt,
    /// Nobody has taken a parcel that was returned.
    NoTaker,
    /// Returned parcels are shown with another status.
    ReturnedStatus,
    /// No lie: whole numbers are written with a fraction.
    Fractions,
    /// No lie: moments are written in the basic form, without seconds and zone.
    ShortMoments,
    /// Moments are written as no clock has them.
    WrongMoments,
    /// A return is of another parcel.
    ReturnOfAnother,
    /// Scrapping one parcel scraps all others of the account that are stored.
    ScrapsOthers,
    /// Every third scrapping has no state in its answer.
    ScrapsCarelessly,
    /// A number is given twice.
    SameNumber,
    /// Scrapping an unknown number makes a parcel of it.
    MakesUnknown,
    /// Bodies are said to be compressed, and are not.
    FalseEncoding,
    /// Shown parcels weigh a little more.
    Weighs,
}

#[derive(Debug, Clone)]
struct Parcel {
    account: String,
    state: &'static str,
    sent: Value,
}

/// The depot.
pub(crate) struct Depot {
    pub(crate) lie: Lie,
    parcels: BTreeMap<u64, Parcel>,
    returns: BTreeMap<u64, &'static str>,
    scrapped: usize,
}

pub(crate) const TOKEN: &str = "dt_ours";
pub(crate) const OTHER: &str = "dt_theirs";

/// The variables of a run.
pub(crate) fn variables() -> [(&'static str, String); 2] {
    [("DEPOT_TOKEN", TOKEN.to_owned()), ("DEPOT_OTHER_TOKEN", OTHER.to_owned())]
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer::new(status, "application/json", body.to_string())
}

impl Depot {
    fn error(&self, status: u16, code: &str) -> Answer {
        let body = match self.lie {
            Lie::NoHint => json!({ "code": code }),
            Lie::NoHintNorCode => json!({ "code": "oops" }),
            _ => json!({ "code": code, "hint": "see the handbook" }),
        };
        answer(status, &json!({ "error": body }))
    }

    pub(crate) fn new(lie: Lie) -> Self {
        Self { lie, parcels: BTreeMap::new(), returns: BTreeMap::new(), scrapped: 0 }
    }

    /// Puts it behind a socket.
    pub(crate) fn serve(self) -> (Server, Arc<Mutex<Self>>) {
        let depot = Arc::new(Mutex::new(self));
        let behind = Arc::clone(&depot);
        let serve = move |request: &Received| {
            let mut depot = locked(&behind);
            let answer = depot.answer(request);
            if depot.lie == Lie::FalseEncoding { answer.with_header("Content-Encoding", "gzip") } else { answer }
        };
        (Server::start(serve), depot)
    }

    /// The numbers of the parcels that are still there.
    pub(crate) fn left(&self) -> Vec<u64> {
        self.parcels.iter().filter(|(_, parcel)| parcel.state != "scrapped").map(|(number, _)| *number).collect()
    }

    fn answer(&mut self, request: &Received) -> Answer {
        let account = request.header("authorization").and_then(|given| given.strip_prefix("Bearer "));
        let account = account.filter(|given| [TOKEN, OTHER].contains(given)).map(str::to_owned);
        let path: Vec<&str> = request.path.split('/').skip(1).collect();
        let number = path.get(2).and_then(|number| number.parse::<u64>().ok());
        let Some(account) = account else { return self.refuse(request, number) };
        match (request.method.as_str(), path.as_slice(), number) {
            ("POST", ["v3", "parcels"], _) => self.store(account, request),
            ("GET", ["v3", "parcels", _], Some(number)) => self.show(&account, number),
            ("DELETE", ["v3", "parcels", _], Some(number)) => self.scrap(&account, number),
            ("POST", ["v3", "parcels", _, "returns"], Some(number)) => self.give_back(&account, number),
            ("GET", ["v3", "returns", _], Some(number)) if self.returns.get(&number) == Some(&"open") => {
                answer(200, &json!({ "return": number, "state": "open" }))
            }
            ("DELETE", ["v3", "returns", _], Some(number)) => {
                self.returns.insert(number, "shut");
                answer(200, &json!({}))
            }
            _ => self.error(404, "no_such_thing"),
        }
    }

    fn refuse(&mut self, request: &Received, number: Option<u64>) -> Answer {
        let parcel = number.and_then(|number| self.parcels.get_mut(&number));
        if let Some(parcel) = parcel.filter(|_| request.method == "DELETE") {
            match self.lie {
                Lie::ScrapsUnasked => parcel.state = "scrapped",
                Lie::LosesUnasked => parcel.state = "lost",
                _ => {}
            }
        }
        self.error(401, "token")
    }

    fn store(&mut self, account: String, request: &Received) -> Answer {
        let sent = request.json().unwrap_or_default();
        let again = self.parcels.keys().next().copied().filter(|_| self.lie == Lie::SameNumber && self.scrapped > 3);
        let number = again.unwrap_or_else(|| 400_000_000 + fastrand::u64(..99_999_999));
        self.parcels.insert(number, Parcel { account, state: "stored", sent });
        answer(201, &self.parcel(number))
    }

    fn parcel(&self, number: u64) -> Value {
        let parcel = &self.parcels[&number];
        let mut body = json!({ "parcel": number, "state": parcel.state, "weight": parcel.sent["weight"] });
        body["stored_at"] = json!(match self.lie {
            Lie::ShortMoments => "20261201T1150",
            Lie::WrongMoments => "20261201T2560",
            _ => "2026-12-01T11:50:00Z",
        });
        if self.lie == Lie::Fractions {
            body["weight"] = json!(parcel.sent["weight"].as_f64());
            body["parcel"] = json!(f64::from(u32::try_from(number).unwrap()));
        }
        body
    }

    fn owned(&self, account: &str, number: u64) -> Option<&Parcel> {
        self.parcels.get(&number).filter(|parcel| parcel.account == account)
    }

    fn show(&self, account: &str, number: u64) -> Answer {
        let shown = self.parcels.get(&number).filter(|_| self.lie == Lie::ShowsForeign);
        match self.owned(account, number).or(shown) {
            None if self.lie == Lie::NoTrace => self.error(404, "no_such_parcel"),
            None => self.error(404, "no_such_parcel").with_header("X-Depot-Trace", "t1"),
            Some(parcel) if parcel.state == "scrapped" && self.lie == Lie::ScrapsUnasked => answer(404, &json!({})),
            Some(parcel) if parcel.state == "scrapped" => self.error(410, "scrapped"),
            Some(_) => {
                let mut body = self.parcel(number);
                if body["state"] == "returned" && self.lie != Lie::NoTaker {
                    body["taken_by"] = json!("desk 3");
                }
                if self.lie == Lie::ReturnedStatus && body["state"] == "returned" {
                    return answer(206, &body);
                }
                if self.lie == Lie::Weighs {
                    body["weight"] = json!(10001);
                }
                answer(200, &body)
            }
        }
    }

    fn scrap(&mut self, account: &str, number: u64) -> Answer {
        let mut scrapped = json!({ "parcel": number, "state": "scrapped" });
        if self.lie != Lie::NoReceipt {
            scrapped["receipt"] = json!({ "number": "r1", "printed": true });
        }
        match self.owned(account, number).map(|parcel| parcel.state) {
            None if self.lie == Lie::BareError => answer(404, &json!({})),
            None if self.lie == Lie::MakesUnknown => {
                let sent = json!({ "weight": 1 });
                self.parcels.insert(number, Parcel { account: account.to_owned(), state: "stored", sent });
                self.error(404, "no_such_parcel")
            }
            None if self.lie == Lie::ScrapsUnknown => answer(200, &scrapped),
            None => self.error(404, "no_such_parcel"),
            Some("scrapped") if self.lie == Lie::AgainCode => self.error(409, "twice"),
            Some("scrapped") => self.error(409, "again"),
            Some(_) => {
                if self.lie != Lie::ScrapsNothing {
                    self.parcels.get_mut(&number).unwrap().state = "scrapped";
                }
                if self.lie == Lie::ScrapsOthers {
                    let others = self.parcels.values_mut().filter(|parcel| parcel.account == account);
                    others.for_each(|parcel| parcel.state = "scrapped");
                }
                self.scrapped += 1;
                if self.lie == Lie::ScrapsCarelessly && self.scrapped.is_multiple_of(3) {
                    scrapped["state"] = json!("gone");
                }
                answer(200, &scrapped)
            }
        }
    }

    fn give_back(&mut self, account: &str, number: u64) -> Answer {
        match self.owned(account, number).map(|parcel| parcel.state) {
            None | Some("scrapped") => self.error(404, "no_such_parcel"),
            Some("returned") => self.error(409, "returned"),
            Some(_) => {
                let opened = 700_000_000 + fastrand::u64(..99_999_999);
                self.returns.insert(opened, "open");
                self.parcels.get_mut(&number).unwrap().state = "returned";
                let of = if self.lie == Lie::ReturnOfAnother { number + 1 } else { number };
                answer(201, &json!({ "return": opened, "of": of }))
            }
        }
    }
}
