//! What the five pages promise of each answer, copied down by hand: fields, and for each some values that break the promise.

use super::reply::{Kind, Vendor};

/// A documented field by its JSON Pointer, and values (as JSON) that are wrong although their type is right: the
/// documents exclude them, or something else was sent when the resource was created.
pub(crate) type Field = (&'static str, &'static [&'static str]);

/// One documented answer of one operation.
#[derive(Debug)]
pub(crate) struct Documented {
    /// Whose page it is.
    pub(crate) vendor: Vendor,
    /// The operation, as `links.delete`.
    pub(crate) operation: &'static str,
    /// What the answer is called in the name of a lie.
    pub(crate) name: &'static str,
    /// The causes that meet with it.
    pub(crate) kinds: &'static [Kind],
    /// Statuses that the documents exclude for it.
    pub(crate) wrong_statuses: &'static [u16],
    /// Every documented field.
    pub(crate) fields: &'static [Field],
}

const REFUSED: &[Kind] = &[Kind::NoCredentials, Kind::BadBasic, Kind::PublicKey, Kind::UnknownKey];
const REFUSED_PAIR: &[Kind] =
    &[Kind::NoCredentials, Kind::UnknownKey, Kind::NoKey, Kind::NoSecret, Kind::WrongKey, Kind::WrongSecret];
const ABSENT: &[Kind] = &[Kind::Unknown, Kind::Foreign, Kind::OtherMode];

/// The error object of the first vendor: a documented code that is not this one, and one that no page names.
const UNAUTHENTICATED: &[Field] = &[
    ("/object", &["\"failure\""]),
    ("/location", &[]),
    ("/code", &["\"not_found\"", "\"teapot\""]),
    ("/message", &[]),
];
const NOT_FOUND: &[Field] = &[
    ("/object", &["\"failure\""]),
    ("/location", &[]),
    ("/code", &["\"authentication_failure\"", "\"teapot\""]),
    ("/message", &[]),
];
const DELETED_LINK: &[Field] =
    &[("/object", &["\"charge\""]), ("/id", &["OTHER"]), ("/livemode", &["true"]), ("/deleted", &["false"])];
const DELETED_ACCOUNT: &[Field] = &[
    ("/object", &["\"link\""]),
    ("/id", &["OTHER"]),
    ("/livemode", &["true"]),
    ("/status", &["\"pending\""]),
    ("/deleted", &["false"]),
];
const LINK: &[Field] = &[
    ("/object", &["\"charge\""]),
    ("/id", &["OTHER"]),
    ("/livemode", &["true"]),
    ("/payment_uri", &["\"no link at all\""]),
    ("/amount", &["987654321"]),
    ("/currency", &["\"baht\""]),
    ("/used", &[]),
    ("/multiple", &[]),
    ("/title", &["\"Another title\""]),
    ("/description", &["\"Another description\""]),
    ("/charges", &[]),
    ("/charges/object", &["\"charges\""]),
    ("/charges/data", &[]),
    ("/created_at", &["\"yesterday\""]),
];
const ENVELOPE_DELETED: &[Field] = &[
    ("/success", &["0", "2"]),
    ("/error", &["[\"SOMETHING\"]"]),
    ("/data", &[]),
    ("/data/message", &["\"USER_PAYMENT_LINK_ADDED_SUCCESSFULLY\"", "\"TEAPOT\""]),
];
const ENVELOPE_INVALID: &[Field] = &[
    ("/success", &["1", "2"]),
    ("/error", &["[\"SOMETHING\"]"]),
    ("/data", &[]),
    ("/data/check_validation_failed", &["false"]),
    ("/data/validation_message", &["\"USER_PAYMENT_LINK_DELETED_SUCCESSFULLY\"", "\"TEAPOT\""]),
];
const PAIR_DELETED: &[Field] = &[("/success", &["false"]), ("/message", &["\"PAY_LINK_NOT_FOUND\"", "\"Done\""])];
const PAIR_USED: &[Field] = &[("/message", &["\"Unauthenticated.\"", "\"No\""])];
const PAIR_REFUSED: &[Field] = &[("/message", &["\"Cannot delete pay link with existing transactions.\"", "\"No\""])];
const PAIR_NOT_FOUND: &[Field] =
    &[("/success", &["true"]), ("/message", &["\"Unauthenticated.\"", "\"TEAPOT\""]), ("/code", &["400", "0"])];

/// Every documented answer of a vendor's operations. A retrieval of a deleted link is not among them: no page says
/// what it answers, nor is a deletion without an id, of which the page only says what it may answer.
pub(crate) fn documented(vendor: Vendor) -> Vec<Documented> {
    match vendor {
        Vendor::Omise => {
            ["links.delete", "links.retrieve", "linked_accounts.delete"].map(omise).into_iter().flatten().collect()
        }
        Vendor::Gafapay => gafapay(),
        Vendor::Mytpe => mytpe(),
    }
}

fn omise(operation: &'static str) -> Vec<Documented> {
    let of = |name, kinds, wrong_statuses, fields| Documented {
        vendor: Vendor::Omise,
        operation,
        name,
        kinds,
        wrong_statuses,
        fields,
    };
    let live = match operation {
        "links.delete" => DELETED_LINK,
        "links.retrieve" => LINK,
        _ => DELETED_ACCOUNT,
    };
    let mut answers = vec![
        of("live", &[Kind::Live], &[202], live),
        of("absent", ABSENT, &[409, 200], NOT_FOUND),
        of("malformed", &[Kind::Malformed], &[409, 200], NOT_FOUND),
        of("refused", REFUSED, &[403, 200], UNAUTHENTICATED),
    ];
    if operation != "links.retrieve" {
        answers.push(of("deleted", &[Kind::Deleted], &[409, 200], NOT_FOUND));
    }
    answers
}

/// No status is documented, so that only those of a failing server are wrong; and such a deletion may be sent again.
fn gafapay() -> Vec<Documented> {
    let of = |name, kinds, wrong_statuses, fields| Documented {
        vendor: Vendor::Gafapay,
        operation: "payment_links.delete",
        name,
        kinds,
        wrong_statuses,
        fields,
    };
    vec![
        of("live", &[Kind::Live], &[], ENVELOPE_DELETED),
        of("deleted", &[Kind::Deleted], &[], ENVELOPE_INVALID),
        of("unknown", &[Kind::Unknown], &[500], ENVELOPE_INVALID),
    ]
}

fn mytpe() -> Vec<Documented> {
    let of = |name, kinds, wrong_statuses, fields| Documented {
        vendor: Vendor::Mytpe,
        operation: "pay_links.delete",
        name,
        kinds,
        wrong_statuses,
        fields,
    };
    vec![
        of("live", &[Kind::Live], &[202], PAIR_DELETED),
        of("used", &[Kind::WithTransactions], &[409, 200], PAIR_USED),
        of("deleted", &[Kind::Deleted], &[409, 200], PAIR_NOT_FOUND),
        of("unknown", &[Kind::Unknown], &[409, 200], PAIR_NOT_FOUND),
        of("refused", REFUSED_PAIR, &[403, 200], PAIR_REFUSED),
    ]
}
