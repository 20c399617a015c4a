//! The rules by which a mutant that no case notices is no weakness: the page itself leaves both answers open.

use super::change::Change;
use super::claim::Claims;
use super::edit::Edit;
use serde::Serialize;

/// Why a mutant is equivalent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Another value of the same type where the value is the mock's own choice.
    FreeValue,
    /// A field that the contract calls optional, and that no clause names, is not there.
    Optional,
    /// A status that the page names for the same cause too.
    NamedToo,
    /// Another status below 500 on a page that names no status at all.
    NoStatus,
    /// The answer is that of an outcome which the row documents too.
    Alternative,
}

impl Rule {
    /// Every rule, with what it says.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::FreeValue, "another value of the same type, where the mock chose the value"),
        (Self::Optional, "left out, a field that the contract calls optional and that no clause names"),
        (Self::NamedToo, "another status, which the page names for the same cause too"),
        (Self::NoStatus, "another status below 500, on a page that names no status"),
        (Self::Alternative, "the answer of an outcome that the row documents too"),
    ];

    /// What the rule says.
    pub fn says(self) -> &'static str {
        Self::ALL.iter().find(|(rule, _)| *rule == self).map_or("", |(_, says)| says)
    }
}

/// What a rule may look at: the change, what clauses say, and what stands in the row as written. No schema is asked.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that a rule looks at, and none follows from another")]
pub(super) struct Circumstances<'a> {
    pub(super) claims: &'a Claims,
    pub(super) change: &'a Change,
    /// Whether the value is what was asked for or sent.
    pub(super) echo: bool,
    /// Whether the contract calls the field optional.
    pub(super) optional: bool,
    /// Whether the error code stands at the place.
    pub(super) is_code: bool,
    /// Whether the answer that is given instead is by an outcome that the row documents too.
    pub(super) alternative: bool,
}

/// The rule by which a change that nobody noticed breaks no promise, if there is one.
pub(super) fn excuse(about: &Circumstances<'_>) -> Option<Rule> {
    match about.change {
        Change::Body { pointer, edit } => in_body(about, pointer, edit),
        Change::Status(status) if about.claims.statuses.contains(status) => Some(Rule::NamedToo),
        Change::Status(status) if !about.claims.tells_status && *status < 500 && *status != 429 => Some(Rule::NoStatus),
        Change::Header(name, Some(_)) if name != "content-type" => Some(Rule::FreeValue),
        Change::Instead(_) if about.alternative => Some(Rule::Alternative),
        _ => None,
    }
}

fn in_body(about: &Circumstances<'_>, pointer: &str, edit: &Edit) -> Option<Rule> {
    let claim = about.claims.on(pointer);
    let coded = about.is_code && about.claims.code.is_some();
    if (edit.changes_only_the_value() || *edit == Edit::Add) && !about.echo && !coded {
        return Some(Rule::FreeValue);
    }
    let gone = matches!(edit, Edit::Drop | Edit::Rename);
    (gone && about.optional && claim.is_none()).then_some(Rule::Optional)
}
