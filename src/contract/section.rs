//! Sections: what several operations of a vendor take into themselves, and which of them a place is in.

use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Place, unescape_segment};

/// An operation that takes sections of its vendor.
pub(super) struct SectionTaker<'a> {
    /// The vendor's file.
    pub(super) vendor: &'a Place,
    /// The operation's name.
    pub(super) operation: &'a str,
    /// The operation's place.
    pub(super) at: &'a Place,
    /// The sections that it takes.
    pub(super) with: &'a [String],
}

impl SectionTaker<'_> {
    /// The position under `with` of the section that a place is in.
    pub(super) fn section(&self, at: &Place) -> Option<usize> {
        let rest = at.pointer.strip_prefix("/sections/").filter(|_| at.file == self.vendor.file)?;
        let name = unescape_segment(rest.split('/').next()?);
        self.with.iter().position(|taken| *taken == name)
    }

    /// A mistake at a place, with the operation that takes the section if the place is in one.
    pub(super) fn add_to(&self, mistake: Diagnostic, at: &Place) -> Diagnostic {
        match self.section(at) {
            Some(index) => {
                mistake.at(self.at.child("with").index(index), format!("`{}` takes the section", self.operation))
            }
            None => mistake,
        }
    }
}
