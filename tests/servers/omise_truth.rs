//! Where the first vendor's pages allow more than one form, the form that the stand-in takes.

/// The answer to a second deletion: the page names 400, 404 and a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecondDelete {
    /// 400 with `already_deleted`.
    AlreadyDeleted400,
    /// 404 with `already_deleted`: the table of codes gives no status.
    AlreadyDeleted404,
    /// 404 with `not_found`.
    NotFound404,
}

/// The answer to an id that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// 404 with `not_found`.
    NotFound404,
    /// 404 with `invalid_link_id`.
    InvalidLinkId404,
    /// 400 with `invalid_link_id`.
    InvalidLinkId400,
    /// 400 with `bad_request`.
    BadRequest400,
}

/// What a retrieval says of a deleted resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeletedGet {
    /// 404 with `not_found`.
    NotFound,
    /// 200 with the few fields of a deletion.
    Tombstone,
    /// 200 with the whole object, marked deleted.
    FullWithDeletedTrue,
}

/// What a deletion answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeleteBody {
    /// The documented fields alone.
    DocumentedFields,
    /// The whole object, marked deleted.
    Full,
}

/// Every choice that the documents leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OmiseTruth {
    /// 200 or 201.
    pub(crate) create_status: u16,
    /// Of a link.
    pub(crate) second_delete: SecondDelete,
    /// Of a link that is to be deleted.
    pub(crate) malformed: Malformed,
    /// Of a link that is to be read: its page documents no 400.
    pub(crate) malformed_get: Malformed,
    /// Of a linked account: 400 with `bad_request`, which is all that its page has.
    pub(crate) malformed_account: Malformed,
    /// Of a link.
    pub(crate) deleted_get: DeletedGet,
    /// Of a linked account.
    pub(crate) deleted_account_get: DeletedGet,
    /// Of links and linked accounts.
    pub(crate) delete_body: DeleteBody,
    /// The status of a deleted link's payment page: 404 or 410.
    pub(crate) closed_page: u16,
    /// Whether lists go on showing what was deleted, as tombstones.
    pub(crate) lists_deleted: bool,
    /// `lacct` as the page says, or the vendor's own `lnac`.
    pub(crate) account_prefix: &'static str,
    /// Whether currencies are answered in capitals.
    pub(crate) capital_currency: bool,
    /// Where an error's `location` points before its code.
    pub(crate) error_location: &'static str,
    /// The media type of every JSON answer.
    pub(crate) media: &'static str,
    /// Whether objects have a field that no page names.
    pub(crate) undocumented_field: bool,
}

impl Default for OmiseTruth {
    fn default() -> Self {
        Self {
            create_status: 200,
            second_delete: SecondDelete::NotFound404,
            malformed: Malformed::NotFound404,
            malformed_get: Malformed::NotFound404,
            malformed_account: Malformed::BadRequest400,
            deleted_get: DeletedGet::Tombstone,
            deleted_account_get: DeletedGet::NotFound,
            delete_body: DeleteBody::DocumentedFields,
            closed_page: 404,
            lists_deleted: false,
            account_prefix: "lacct",
            capital_currency: false,
            error_location: "https://www.omise.co/api-errors#",
            media: "application/json; charset=utf-8",
            undocumented_field: false,
        }
    }
}

impl OmiseTruth {
    /// The other side of every choice at once.
    pub(crate) fn other() -> Self {
        Self {
            create_status: 201,
            second_delete: SecondDelete::AlreadyDeleted400,
            malformed: Malformed::InvalidLinkId400,
            malformed_get: Malformed::InvalidLinkId404,
            malformed_account: Malformed::BadRequest400,
            deleted_get: DeletedGet::NotFound,
            deleted_account_get: DeletedGet::FullWithDeletedTrue,
            delete_body: DeleteBody::Full,
            closed_page: 410,
            lists_deleted: true,
            account_prefix: "lnac",
            capital_currency: true,
            error_location: "https://docs.omise.co/api/errors#",
            media: "application/json",
            undocumented_field: true,
        }
    }

    /// The usual truth, each choice made otherwise alone, and all made otherwise together, by name. A link's page has no
    /// `bad_request` in its table of codes, so that this form stands for linked accounts alone.
    pub(crate) fn variations() -> Vec<(&'static str, Self)> {
        let usual = Self::default;
        vec![
            ("usual", usual()),
            ("create-201", Self { create_status: 201, ..usual() }),
            ("second-delete-400", Self { second_delete: SecondDelete::AlreadyDeleted400, ..usual() }),
            ("second-delete-404-with-its-code", Self { second_delete: SecondDelete::AlreadyDeleted404, ..usual() }),
            ("malformed-404-with-its-code", Self { malformed: Malformed::InvalidLinkId404, ..usual() }),
            ("malformed-400-with-its-code", Self { malformed: Malformed::InvalidLinkId400, ..usual() }),
            ("malformed-get-with-its-code", Self { malformed_get: Malformed::InvalidLinkId404, ..usual() }),
            ("deleted-get-404", Self { deleted_get: DeletedGet::NotFound, ..usual() }),
            ("deleted-get-full", Self { deleted_get: DeletedGet::FullWithDeletedTrue, ..usual() }),
            ("deleted-account-get-tombstone", Self { deleted_account_get: DeletedGet::Tombstone, ..usual() }),
            ("deleted-account-get-full", Self { deleted_account_get: DeletedGet::FullWithDeletedTrue, ..usual() }),
            ("delete-full", Self { delete_body: DeleteBody::Full, ..usual() }),
            ("closed-page-410", Self { closed_page: 410, ..usual() }),
            ("lists-tombstones", Self { lists_deleted: true, ..usual() }),
            ("account-prefix-lnac", Self { account_prefix: "lnac", ..usual() }),
            ("capital-currency", Self { capital_currency: true, ..usual() }),
            ("other-error-location", Self { error_location: "https://docs.omise.co/api/errors#", ..usual() }),
            ("plain-media-type", Self { media: "application/json", ..usual() }),
            ("undocumented-field", Self { undocumented_field: true, ..usual() }),
            ("all-other", Self::other()),
        ]
    }
}
