//! The cases: a third is answered 200, a third 404, a third 401; each with a name and an id of its own.

/// One case: a DELETE, then the status, the schema of the body and the error code.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The vendor that it is of.
    pub(crate) vendor: usize,
    pub(crate) collection: &'static str,
    pub(crate) id: String,
    pub(crate) status: u16,
    pub(crate) code: Option<&'static str>,
}

/// How many cases are one vendor's: a contract's file has at most a megabyte.
pub(crate) const A_VENDOR: usize = 5000;

/// So many cases.
pub(crate) fn cases(count: usize) -> Vec<Case> {
    let case = |number: usize| {
        let name = format!("c{number:05}");
        let (collection, id, status, code) = match number % 3 {
            1 => ("links", format!("link_test_{number:05}"), 200, None),
            2 => ("gone", format!("link_test_unknown_{number:05}"), 404, Some("not_found")),
            _ => ("locked", format!("link_test_{number:05}"), 401, Some("authentication_failure")),
        };
        Case { name, vendor: (number - 1) / A_VENDOR, collection, id, status, code }
    };
    (1..=count).map(case).collect()
}

impl Case {
    /// The path of its request.
    pub(crate) fn path(&self) -> String {
        format!("/v{:02}/{}/{}", self.vendor, self.collection, self.id)
    }

    /// Whether its request carries credentials.
    pub(crate) fn is_signed(&self) -> bool {
        self.status != 401
    }
}
