//! A lie about the world does what it says: to the state, to the accounts, to the pages.

use super::tour::{Caller, NEW_ACCOUNT, NEW_LINK, text, wrong_basics, wrong_pairs};
use crate::servers::lies::{How, Lie, lies_for};
use crate::servers::reply::{Kind, Vendor};
use crate::servers::world::{Stand, World};

/// A world that tells the one lie of that kind.
fn telling(vendor: Vendor, operation: &str, of: &str, how: &How) -> Stand {
    let told = |lie: &Lie| lie.operation == operation && lie.of == of && lie.how == *how;
    let lie = lies_for(vendor).into_iter().find(told).unwrap();
    World::default().telling(lie).serve()
}

fn first(operation: &str, of: &str, how: &How) -> (Stand, Caller, String) {
    let stand = telling(Vendor::Omise, operation, of, how);
    let mut caller = Caller::of(&stand);
    let (collection, new) =
        if operation.starts_with("links") { ("links", NEW_LINK) } else { ("linked_accounts", NEW_ACCOUNT) };
    let by = if of == "foreign" { caller.others.clone() } else { caller.ours.clone() };
    let made = caller.omise("POST", &format!("/{collection}"), &by, new);
    let path = format!("/{collection}/{}", text(&made, "/id"));
    (stand, caller, path)
}

#[test]
fn a_deletion_without_effect_leaves_the_resource_and_its_page() {
    for operation in ["links.delete", "linked_accounts.delete"] {
        let (stand, mut caller, path) = first(operation, "live", &How::WithoutEffect);
        let ours = caller.ours.clone();
        assert_eq!(caller.omise("DELETE", &path, &ours, "").json().unwrap()["deleted"], true);
        let read = caller.omise("GET", &path, &ours, "").json().unwrap();
        assert_eq!(read["deleted"], false);
        let page = path.replace("/links/", "/pay/").replace("/linked_accounts/", "/register/");
        assert_eq!(caller.bare("GET", &page).status, 200);
        assert_eq!(stand.world().told, 1);
    }
    let stand = telling(Vendor::Gafapay, "payment_links.delete", "live", &How::WithoutEffect);
    let mut caller = Caller::of(&stand);
    let made = caller.gafapay("POST", "", "{}");
    let one = format!("/{}", text(&made, "/data/payment_link/id"));
    assert_eq!(caller.gafapay("DELETE", &one, "").json().unwrap()["success"], 1);
    assert_eq!(caller.gafapay("GET", &one, "").json().unwrap()["success"], 1);
    let stand = telling(Vendor::Mytpe, "pay_links.delete", "live", &How::WithoutEffect);
    let mut caller = Caller::of(&stand);
    let pair = caller.pair.clone();
    let made = caller.mytpe("POST", "/store", &pair, "{}");
    let one = format!("/{}", text(&made, "/data/id"));
    assert_eq!(caller.mytpe("DELETE", &one, &pair, "").status, 200);
    assert_eq!(caller.mytpe("GET", &one, &pair, "").status, 200);
}

#[test]
fn a_page_that_stays_open_outlives_its_resource() {
    for operation in ["links.delete", "linked_accounts.delete"] {
        let (_stand, mut caller, path) = first(operation, "live", &How::PageStaysOpen);
        let ours = caller.ours.clone();
        assert_eq!(caller.omise("DELETE", &path, &ours, "").status, 200);
        assert_ne!(caller.omise("GET", &path, &ours, "").json().unwrap()["deleted"], false);
        let page = path.replace("/links/", "/pay/").replace("/linked_accounts/", "/register/");
        assert_eq!(caller.bare("GET", &page).status, 200);
    }
}

#[test]
fn a_refusal_may_delete_anyway() {
    for operation in ["links.delete", "linked_accounts.delete"] {
        let (stand, mut caller, path) = first(operation, "foreign", &How::DeletesAnyway);
        let ours = caller.ours.clone();
        assert_eq!(caller.omise("DELETE", &path, &ours, "").status, 404);
        assert!(stand.world().left().is_empty());
        let (stand, mut caller, path) = first(operation, "refused", &How::DeletesAnyway);
        let public = caller.public.clone();
        assert_eq!(caller.omise("DELETE", &path, &public, "").status, 401);
        assert!(stand.world().left().is_empty());
    }
    let stand = telling(Vendor::Mytpe, "pay_links.delete", "used", &How::DeletesAnyway);
    let mut caller = Caller::of(&stand);
    let (pair, used) = (caller.pair.clone(), format!("/{}", caller.used));
    assert_eq!(caller.mytpe("DELETE", &used, &pair, "").status, 400);
    assert_eq!(caller.mytpe("GET", &used, &pair, "").status, 404);
}

#[test]
fn another_accounts_resource_may_be_served() {
    let (_stand, mut caller, path) = first("links.retrieve", "foreign", &How::ForeignServed);
    let ours = caller.ours.clone();
    assert_eq!(text(&caller.omise("GET", &path, &ours, ""), "/object"), "link");
    assert_eq!(caller.omise("DELETE", &path, &ours, "").status, 404);
    let (stand, mut caller, path) = first("links.delete", "foreign", &How::ForeignServed);
    let ours = caller.ours.clone();
    assert_eq!(caller.omise("GET", &path, &ours, "").status, 404);
    assert_eq!(caller.omise("DELETE", &path, &ours, "").status, 200);
    assert!(stand.world().left().is_empty());
}

#[test]
fn credentials_may_go_unchecked() {
    for (kind, name) in
        [(Kind::NoCredentials, "no_credentials"), (Kind::BadBasic, "bad_basic"), (Kind::UnknownKey, "unknown_key")]
    {
        let (_stand, mut caller, path) = first("links.retrieve", name, &How::CredentialsUnchecked);
        for (tried, authorization) in wrong_basics(&caller) {
            let status = caller.omise("GET", &path, &authorization, "").status;
            assert_eq!(status, if tried == kind { 200 } else { 401 }, "{tried:?} under {name}");
        }
    }
}

#[test]
fn one_key_of_a_pair_may_go_unchecked() {
    let half = |header, unchecked: [Kind; 2]| {
        let stand = telling(Vendor::Mytpe, "pay_links.delete", "half", &How::OneUnchecked(header));
        let mut caller = Caller::of(&stand);
        for (kind, wrong) in wrong_pairs(&caller.pair.clone()) {
            let status = caller.mytpe("DELETE", "/nothing", &wrong, "").status;
            assert_eq!(status, if unchecked.contains(&kind) { 404 } else { 401 }, "{kind:?}");
        }
    };
    half("X-API-SECRET", [Kind::NoSecret, Kind::WrongSecret]);
    half("X-API-KEY", [Kind::NoKey, Kind::WrongKey]);
}
