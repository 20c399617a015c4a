//! The rules by which a mutant that no case notices is no weakness: the page itself leaves both answers open.

use super::change::MutantChange;
use super::claims::Claims;
use super::edit::Edit;
use serde::Serialize;

/// A reason for which a mutant is equivalent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Equivalence {
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
    /// Another media type, or none, of a body that is no JSON.
    FreeMedia,
    /// Another answer in a row of which the page says that the vendor *may* answer so.
    OnlyMay,
    /// The answer is to a row of which the page describes no answer, and still as inferred.
    Undescribed,
}

impl Equivalence {
    /// Every rule, with its words.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::FreeValue, "another value of the same type, where the mock chose the value"),
        (Self::Optional, "left out, a field that the contract calls optional and that no clause names"),
        (Self::NamedToo, "another status, which the page names for the same cause too"),
        (Self::NoStatus, "another status below 500, on a page that names no status"),
        (Self::Alternative, "the answer of an outcome that the row documents too"),
        (Self::FreeMedia, "another media type, or none, of a body that is no JSON, where the mock chose it"),
        (Self::OnlyMay, "another answer, where the page says only that the vendor may answer so"),
        (Self::Undescribed, "another answer that fits what is inferred, where the page describes none"),
    ];

    /// The words of the rule.
    pub fn says(self) -> &'static str {
        Self::ALL.iter().find(|(rule, _)| *rule == self).map_or("", |(_, says)| says)
    }
}

/// The facts about a change that a rule may look at, besides the change and the clauses. No schema is asked.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that a rule looks at, and none follows from another")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ChangedValue {
    /// Whether the value is what was asked for or sent.
    pub(super) is_echo: bool,
    /// Whether the contract calls the field optional.
    pub(super) is_optional: bool,
    /// Whether the error code belongs at the place.
    pub(super) is_code: bool,
    /// Whether the answer that is given instead is by an outcome that the row documents too.
    pub(super) is_alternative: bool,
    /// Whether the mock chose the media type that is changed.
    pub(super) is_free_media: bool,
    /// Whether the page says only that the vendor may answer so.
    pub(super) is_only_may: bool,
}

/// The rule by which a change that no case noticed breaks no promise, if there is one.
pub(super) fn excuse(claims: &Claims<'_>, change: &MutantChange, about: ChangedValue) -> Option<Equivalence> {
    let is_of_answer = matches!(
        change,
        MutantChange::Body { .. }
            | MutantChange::Status(_)
            | MutantChange::Header(..)
            | MutantChange::Whole(_)
            | MutantChange::Instead(_)
    );
    match change {
        _ if about.is_only_may && is_of_answer => Some(Equivalence::OnlyMay),
        _ if claims.is_undescribed && is_of_answer => Some(Equivalence::Undescribed),
        MutantChange::Body { pointer, edit } => excuse_edit(claims, pointer, edit, about),
        MutantChange::Status(status) if claims.statuses.contains(status) => Some(Equivalence::NamedToo),
        MutantChange::Status(status) if !claims.names_status && *status < 500 && *status != 429 => {
            Some(Equivalence::NoStatus)
        }
        MutantChange::Header(..) if about.is_free_media => Some(Equivalence::FreeMedia),
        MutantChange::Header(name, Some(_)) if name != "content-type" => Some(Equivalence::FreeValue),
        MutantChange::Instead(_) if about.is_alternative => Some(Equivalence::Alternative),
        _ => None,
    }
}

fn excuse_edit(claims: &Claims<'_>, pointer: &str, edit: &Edit, about: ChangedValue) -> Option<Equivalence> {
    let is_coded = about.is_code && claims.code.is_some();
    if (edit.changes_only_the_value() || *edit == Edit::Add) && !about.is_echo && !is_coded {
        return Some(Equivalence::FreeValue);
    }
    let is_gone = matches!(edit, Edit::Drop | Edit::Rename);
    (is_gone && about.is_optional && claims.on(pointer).is_none()).then_some(Equivalence::Optional)
}
