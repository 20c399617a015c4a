//! What tells the first vendor's two sorts of resources apart: names, ids, what creating takes, what a deletion leaves.

use serde_json::{Value, json};

/// A sort of resource, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    /// Payment links.
    Links,
    /// Customers' bank accounts.
    LinkedAccounts,
}

impl Collection {
    /// The operation's name, or `none`.
    pub(super) fn operation(self, method: &str, one: bool) -> &'static str {
        match (self, method, one) {
            (Self::Links, "POST", false) => "links.create",
            (Self::Links, "GET", false) => "links.list",
            (Self::Links, "GET", true) => "links.retrieve",
            (Self::Links, "DELETE", true) => "links.delete",
            (Self::LinkedAccounts, "POST", false) => "linked_accounts.create",
            (Self::LinkedAccounts, "GET", false) => "linked_accounts.list",
            (Self::LinkedAccounts, "GET", true) => "linked_accounts.retrieve",
            (Self::LinkedAccounts, "DELETE", true) => "linked_accounts.delete",
            _ => "none",
        }
    }

    /// What its objects call themselves.
    pub(super) fn object(self) -> &'static str {
        match self {
            Self::Links => "link",
            Self::LinkedAccounts => "linked_account",
        }
    }

    /// Whether a well-formed id is a test id; nothing for one that is malformed.
    pub(super) fn reads(self, id: &str) -> Option<bool> {
        let rest = match self {
            Self::Links => id.strip_prefix("link_"),
            Self::LinkedAccounts => id.strip_prefix("lacct_").or_else(|| id.strip_prefix("lnac_")),
        }?;
        let (suffix, test) = rest.strip_prefix("test_").map_or((rest, false), |suffix| (suffix, true));
        let right = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        (!suffix.is_empty() && suffix.bytes().all(right)).then_some(test)
    }

    /// Whether what was sent is enough to create one.
    pub(super) fn accepts(self, sent: &Value) -> bool {
        let text = |name: &str| sent[name].as_str().is_some_and(|text| !text.is_empty());
        match self {
            Self::Links => {
                let amount = sent["amount"].as_u64().is_some_and(|amount| amount > 0);
                amount && ["currency", "title", "description"].into_iter().all(text)
            }
            Self::LinkedAccounts => {
                let documented = ["bay", "kbank", "ktb", "scb"].map(|bank| format!("direct_debit_{bank}"));
                text("return_uri") && documented.iter().any(|known| sent["type"] == known.as_str())
            }
        }
    }

    /// The fields that a deletion's page names.
    pub(super) fn tombstone(self, id: &str) -> Value {
        match self {
            Self::Links => json!({ "object": "link", "id": id, "livemode": false, "deleted": true }),
            Self::LinkedAccounts => json!({
                "object": "linked_account", "id": id, "livemode": false, "status": "deleted", "deleted": true,
            }),
        }
    }
}
