//! What no test holds of the five pages: each statement and row by name, with the reason, so that none is added in silence.

use proviso::contract::load;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The clauses that nothing tests; the first four could be tested on the wire or by another call, and are not for the reason given.
const UNTESTABLE: [(&str, &str, &str); 15] = [
    ("omise/links.delete", "effects.charges", "a charge takes a card and a person at the payment page"),
    ("omise/links.delete", "effects.webhook", "an event needs an endpoint that the vendor can reach"),
    ("omise/linked_accounts.delete", "effects.payments", "a payment takes a bank account that a person has registered"),
    ("omise/linked_accounts.delete", "effects.records", "a transaction takes a registered bank account"),
    ("omise/links.delete", "request.valid", "says no more than other clauses"),
    ("omise/links.retrieve", "request.valid", "says no more than other clauses"),
    ("omise/links.delete", "5xx.rare", "a fault of the server cannot be brought about"),
    ("omise/links.delete", "5xx.retry", "advice to a client"),
    ("omise/links.delete", "5xx.status_page", "advice to a person"),
    ("omise/linked_accounts.delete", "5xx.rare", "a fault of the server cannot be brought about"),
    ("omise/linked_accounts.delete", "5xx.retry", "advice to a client"),
    ("omise/linked_accounts.delete", "5xx.status_page", "advice to a person"),
    ("omise/linked_accounts.delete", "5xx.guide", "advice to a person"),
    ("mytpe/pay_links.delete", "rule.alternative", "advice to a person"),
    ("mytpe/pay_links.delete", "rule.reason", "a motive, nothing that an answer shows"),
];

/// The rows that cannot be brought about.
const NOT_INDUCIBLE: [(&str, &str); 4] = [
    ("omise/links.retrieve", "missing"),
    ("omise/links.delete", "pending"),
    ("omise/links.delete", "other_mode"),
    ("omise/linked_accounts.delete", "other_mode"),
];

#[test]
fn only_the_listed_statements_are_untestable_and_only_the_listed_rows_not_inducible() {
    let loaded = load(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))]);
    let (mut untestable, mut not_inducible) = (BTreeSet::new(), BTreeSet::new());
    for vendor in &loaded.contracts.vendors {
        for operation in vendor.documented() {
            let page = format!("{}/{}", vendor.name, operation.name);
            for (id, clause) in operation.clauses.iter().filter(|(_, clause)| clause.value.untestable.is_some()) {
                assert!(clause.value.untestable.as_ref().unwrap().len() > 20, "{page} {id} has a reason");
                untestable.insert((page.clone(), id.clone()));
            }
            let rows = operation.rows.values().filter(|row| row.not_inducible.is_some());
            not_inducible.extend(rows.map(|row| (page.clone(), row.name.clone())));
        }
    }
    let pairs =
        |list: &[(&str, &str)]| list.iter().map(|(page, name)| ((*page).to_owned(), (*name).to_owned())).collect();
    let listed: Vec<(&str, &str)> = UNTESTABLE.iter().map(|(page, id, _)| (*page, *id)).collect();
    assert_eq!(untestable, pairs(&listed));
    assert_eq!(not_inducible, pairs(&NOT_INDUCIBLE));
}
