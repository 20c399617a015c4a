//! The kinds of change that are made to the mock's answers.

use serde::Serialize;

/// The kind of thing that is broken by a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MutantKind {
    /// A field is left out.
    FieldDropped,
    /// A field has another name.
    FieldRenamed,
    /// A field is null.
    FieldNulled,
    /// A field is of another type.
    OtherType,
    /// A value that is always the same, or one of few, is another one.
    ConstantChanged,
    /// A value that was asked for or sent, such as an id, is another one.
    EchoChanged,
    /// A number below zero, a text or list without anything in it.
    BoundCrossed,
    /// A text that looked like a time or a URL does not look like one.
    FormatSpoiled,
    /// A list has an item more.
    ItemAdded,
    /// Another status of the same class.
    StatusSibling,
    /// A status of another class.
    StatusClass,
    /// Another error code.
    ErrorCode,
    /// A header is not there.
    HeaderLost,
    /// A header has another value.
    HeaderChanged,
    /// The body is not there, or nothing that can be read.
    BodySpoiled,
    /// The answer of another row of the operation.
    OtherRow,
    /// A thing that is confirmed is not done.
    WithoutEffect,
    /// A thing that is done to one is done to all.
    DoneToAll,
    /// A thing that is refused is done.
    DoneAnyway,
    /// A new thing gets the id of one that was made before.
    IdReused,
    /// Another account's resource is served as one's own.
    ForeignVisible,
    /// Refused credentials are taken for good ones.
    CredentialsUnchecked,
    /// Good credentials are refused.
    CredentialsOverchecked,
}

impl MutantKind {
    /// Every kind, with the words for it.
    pub const ALL: [(Self, &'static str); 23] = [
        (Self::FieldDropped, "field dropped"),
        (Self::FieldRenamed, "field renamed"),
        (Self::FieldNulled, "field nulled"),
        (Self::OtherType, "other type"),
        (Self::ConstantChanged, "constant changed"),
        (Self::EchoChanged, "echo changed"),
        (Self::BoundCrossed, "bound crossed"),
        (Self::FormatSpoiled, "format spoiled"),
        (Self::ItemAdded, "item added"),
        (Self::StatusSibling, "status of the same class"),
        (Self::StatusClass, "status of another class"),
        (Self::ErrorCode, "error code changed"),
        (Self::HeaderLost, "header lost"),
        (Self::HeaderChanged, "header changed"),
        (Self::BodySpoiled, "body spoiled"),
        (Self::OtherRow, "another row's answer"),
        (Self::WithoutEffect, "done without effect"),
        (Self::DoneToAll, "done to all"),
        (Self::DoneAnyway, "refused and done"),
        (Self::IdReused, "id reused"),
        (Self::ForeignVisible, "other account's visible"),
        (Self::CredentialsUnchecked, "credentials unchecked"),
        (Self::CredentialsOverchecked, "credentials over-checked"),
    ];

    /// The words for it.
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, words)| words)
    }
}
