//! The documented side of the canned run.

use proviso::run::event::{ClauseInfo, Page, RowInfo};
use std::collections::BTreeMap;

/// Three pages of two vendors: a resource with a life, a contradiction, and every reason not to be exercised.
pub(crate) fn pages() -> Vec<Page> {
    vec![delete(), retrieve(), other()]
}

pub(crate) fn clause(id: &str, says: &str) -> ClauseInfo {
    ClauseInfo { id: id.into(), says: says.into(), ..ClauseInfo::default() }
}

fn delete() -> Page {
    let row = |name: &str, state: &str, then: &[&str], cites: &[&str]| RowInfo {
        states: named("link", &[state]),
        ..row("acme/links.delete", name, &format!("link: {state}"), then, cites)
    };
    Page {
        vendor: "acme".into(),
        operation: "links.delete".into(),
        title: Some("Delete a payment link".into()),
        request: "DELETE /links/{link_id}".into(),
        page: "delete-link".into(),
        url: "https://docs.acme.example/delete-link#top".into(),
        resources: vec!["link".into()],
        clauses: vec![
            clause("200.deleted", "deleted is true"),
            clause("400.deleted", "Already deleted"),
            clause("404.unknown", "Does not exist </script><script>alert(1)</script>"),
            clause("401.missing", "No Authorization header | or an empty one"),
            clause("400.pending", "Cannot be deleted while operations are pending"),
            ClauseInfo {
                untestable: Some("a charge costs money".into()),
                ..clause("effects.charges", "Charges are kept")
            },
            ClauseInfo {
                mistaken: Some("refuses the page's own example".into()),
                ..clause("errors.pattern", "link(test)?[0-9a-z]+")
            },
        ],
        vacuous: Vec::new(),
        witnesses: Vec::new(),
        rows: vec![
            RowInfo { states: BTreeMap::new(), ..row("no_credentials", "any", &["unauthenticated"], &["401.missing"]) },
            RowInfo { leads: leads("link", "deleted"), ..row("live", "live", &["deleted"], &["200.deleted"]) },
            RowInfo {
                because: Some("the page names 400 and 404".into()),
                ..row("deleted", "deleted", &["already_deleted", "not_found"], &["400.deleted"])
            },
            RowInfo {
                cases: vec![
                    "acme/links.delete/unknown/capitals".into(),
                    "acme/links.delete/unknown/other_prefix".into(),
                ]
                .into(),
                ..row("unknown", "unknown", &["not_found"], &["404.unknown"])
            },
            RowInfo {
                not_inducible: Some("the page does not say which operations".into()),
                ..row("pending", "pending", &["already_deleted"], &["400.pending"])
            },
            RowInfo {
                inferred: Some("the page does not name another mode".into()),
                ..row("other_mode", "other_mode", &["not_found"], &[])
            },
        ],
    }
}

fn retrieve() -> Page {
    let row = |name: &str, state: &str, then: &[&str], cites: &[&str]| RowInfo {
        states: named("link", &[state]),
        ..row("acme/links.retrieve", name, &format!("link: {state}"), then, cites)
    };
    Page {
        vendor: "acme".into(),
        operation: "links.retrieve".into(),
        title: None,
        request: "GET /links/{link_id}".into(),
        page: "retrieve-link".into(),
        url: "https://docs.acme.example/retrieve-link".into(),
        resources: vec!["link".into()],
        clauses: vec![clause("200.id", "id is the link's"), clause("404.gone", "Deleted links are gone")],
        vacuous: Vec::new(),
        witnesses: Vec::new(),
        rows: vec![
            row("live", "live", &["found"], &["200.id"]),
            row("deleted", "deleted", &["not_found"], &["404.gone"]),
        ],
    }
}

fn other() -> Page {
    let row = |name: &str, then: &[&str], cites: &[&str]| RowInfo {
        states: named("pay_link", &["live"]),
        ..row("globex/pay_links.delete", name, "pay_link: live", then, cites)
    };
    Page {
        vendor: "globex".into(),
        operation: "pay_links.delete".into(),
        title: Some("Löschen 🔥".into()),
        request: "DELETE /v2/links/{id}".into(),
        page: "delete".into(),
        url: "https://globex.example/docs?a=1&b=<2>".into(),
        resources: vec!["pay_link".into()],
        clauses: vec![clause("200.message", "message is Pay link deleted successfully")],
        vacuous: Vec::new(),
        witnesses: Vec::new(),
        rows: vec![RowInfo { leads: leads("pay_link", "deleted"), ..row("live", &["deleted"], &["200.message"]) }],
    }
}

fn row(operation: &str, name: &str, when: &str, then: &[&str], cites: &[&str]) -> RowInfo {
    RowInfo {
        row: name.into(),
        when: when.into(),
        then: then.iter().map(|outcome| (*outcome).into()).collect(),
        cites: cites.iter().map(|clause| (*clause).into()).collect(),
        cases: vec![format!("{operation}/{name}")].into(),
        ..RowInfo::default()
    }
}

fn named(resource: &str, states: &[&str]) -> BTreeMap<String, Vec<String>> {
    BTreeMap::from([(resource.to_owned(), states.iter().map(|state| (*state).to_owned()).collect())])
}

fn leads(resource: &str, state: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(resource.to_owned(), state.to_owned())])
}
