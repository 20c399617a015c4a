//! Every way in which a truthful vendor is spoiled, one at a time, and where each lie must be found.

use serde_json::Value;

use super::documented::{Documented, documented};
use super::reply::{Kind, Reply, Vendor};

/// One lie: which answers it spoils, how, and where it shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lie {
    /// Who lies.
    pub(crate) vendor: Vendor,
    /// The operation that lies, and that must be charged.
    pub(crate) operation: &'static str,
    /// What the spoiled answer is called: `live`, `deleted`, `refused`.
    pub(crate) of: &'static str,
    /// The causes whose answers are spoiled.
    pub(crate) kinds: &'static [Kind],
    /// What is done to them.
    pub(crate) how: How,
    /// Where a finding must point.
    pub(crate) place: Place,
}

/// What is done to a truthful answer, or to the world behind it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum How {
    /// Another status.
    Status(u16),
    /// The field at that pointer is left out.
    Absent(&'static str),
    /// The field at that pointer has a value of another type.
    Retyped(&'static str),
    /// The field at that pointer has a value of the right type that the documents exclude.
    Changed(&'static str, Value),
    /// The id at that pointer is another resource's.
    OtherId(&'static str),
    /// The body ends in its middle, with a length that says so.
    Cut,
    /// A page of HTML in place of the JSON.
    Html,
    /// The JSON itself under `text/html`.
    HtmlType,
    /// No body.
    Empty,
    /// The body as the only item of an array.
    InArray,
    /// Refused credentials are taken for the owner's.
    CredentialsUnchecked,
    /// Whatever that header of a pair says, or its absence, is taken as right.
    OneUnchecked(&'static str),
    /// A deletion is confirmed and not done.
    WithoutEffect,
    /// A deletion is refused and done.
    DeletesAnyway,
    /// Another account's resource is served as one's own.
    ForeignServed,
    /// The page of a deleted resource stays open.
    PageStaysOpen,
}

/// Where a finding must point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The status.
    Status,
    /// That field.
    Field(&'static str),
    /// The body as a whole.
    Body,
    /// That header.
    Header(&'static str),
    /// What a later read shows.
    State,
}

impl Lie {
    /// A name that tells lies apart: `links.delete live Absent("/deleted")`.
    pub(crate) fn name(&self) -> String {
        let Self { operation, of, how, .. } = self;
        format!("{operation} {of} {how:?}")
    }

    /// Whether this is an answer that the lie spoils.
    pub(crate) fn spoils(&self, reply: &Reply) -> bool {
        (self.vendor, self.operation) == (reply.vendor, reply.operation) && self.kinds.contains(&reply.kind)
    }

    /// Whether it changes what is true afterwards, and so later answers also.
    pub(crate) fn changes_the_world(&self) -> bool {
        use How::{CredentialsUnchecked, DeletesAnyway, ForeignServed, OneUnchecked, PageStaysOpen, WithoutEffect};
        matches!(
            self.how,
            CredentialsUnchecked | OneUnchecked(_) | WithoutEffect | DeletesAnyway | ForeignServed | PageStaysOpen
        )
    }
}

/// Every lie that a vendor can be made to tell, each with the operation and the place that must be named for it.
pub(crate) fn lies_for(vendor: Vendor) -> Vec<Lie> {
    let mut lies: Vec<Lie> = documented(vendor).iter().flat_map(lies_about).collect();
    lies.extend(match vendor {
        Vendor::Omise => omise(),
        Vendor::Gafapay => vec![lie(vendor, "payment_links.delete", "live", &[Kind::Live], How::WithoutEffect)],
        Vendor::Mytpe => mytpe(),
    });
    lies
}

/// The lies that one answer can tell by itself.
fn lies_about(answer: &Documented) -> Vec<Lie> {
    let statuses = answer.wrong_statuses.iter().map(|status| How::Status(*status));
    let fields = answer.fields.iter().flat_map(|(pointer, wrong)| {
        let changed = wrong.iter().map(|value| match *value {
            "OTHER" => How::OtherId(pointer),
            value => How::Changed(pointer, serde_json::from_str(value).unwrap()),
        });
        [How::Absent(pointer), How::Retyped(pointer)].into_iter().chain(changed)
    });
    let whole = [How::Cut, How::Html, How::HtmlType, How::Empty, How::InArray];
    let of = |how| lie(answer.vendor, answer.operation, answer.name, answer.kinds, how);
    statuses.chain(fields).chain(whole).map(of).collect()
}

/// The lies of a vendor with accounts and payment pages.
fn omise() -> Vec<Lie> {
    let mut lies = Vec::new();
    for operation in ["links.delete", "links.retrieve", "linked_accounts.delete"] {
        let mut tell = |of, kinds, how| lies.push(lie(Vendor::Omise, operation, of, kinds, how));
        tell("no_credentials", &[Kind::NoCredentials], How::CredentialsUnchecked);
        tell("bad_basic", &[Kind::BadBasic], How::CredentialsUnchecked);
        tell("public_key", &[Kind::PublicKey], How::CredentialsUnchecked);
        tell("unknown_key", &[Kind::UnknownKey], How::CredentialsUnchecked);
        let all = &[Kind::NoCredentials, Kind::BadBasic, Kind::PublicKey, Kind::UnknownKey];
        tell("refused", all, How::CredentialsUnchecked);
        tell("foreign", &[Kind::Foreign], How::ForeignServed);
        if operation != "links.retrieve" {
            tell("live", &[Kind::Live], How::WithoutEffect);
            tell("live", &[Kind::Live], How::PageStaysOpen);
            tell("foreign", &[Kind::Foreign], How::DeletesAnyway);
            tell("refused", all, How::DeletesAnyway);
        }
    }
    lies
}

/// The lies of a vendor with a pair of keys and a rule on transactions.
fn mytpe() -> Vec<Lie> {
    let tell = |of, kinds, how| lie(Vendor::Mytpe, "pay_links.delete", of, kinds, how);
    let all: &[Kind] =
        &[Kind::NoCredentials, Kind::UnknownKey, Kind::NoKey, Kind::NoSecret, Kind::WrongKey, Kind::WrongSecret];
    vec![
        tell("refused", all, How::CredentialsUnchecked),
        tell("no_credentials", &[Kind::NoCredentials], How::CredentialsUnchecked),
        tell("half", &[Kind::NoSecret, Kind::WrongSecret], How::OneUnchecked("X-API-SECRET")),
        tell("half", &[Kind::NoKey, Kind::WrongKey], How::OneUnchecked("X-API-KEY")),
        tell("live", &[Kind::Live], How::WithoutEffect),
        tell("used", &[Kind::WithTransactions], How::DeletesAnyway),
        tell("refused", all, How::DeletesAnyway),
    ]
}

fn lie(vendor: Vendor, operation: &'static str, of: &'static str, kinds: &'static [Kind], how: How) -> Lie {
    let place = match &how {
        How::Status(_) | How::CredentialsUnchecked | How::OneUnchecked(_) | How::ForeignServed => Place::Status,
        How::Absent(pointer) | How::Retyped(pointer) | How::Changed(pointer, _) | How::OtherId(pointer) => {
            Place::Field(pointer)
        }
        How::Cut | How::Html | How::Empty | How::InArray => Place::Body,
        How::HtmlType => Place::Header("content-type"),
        How::WithoutEffect | How::DeletesAnyway | How::PageStaysOpen => Place::State,
    };
    Lie { vendor, operation, of, kinds, how, place }
}
