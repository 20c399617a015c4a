//! Resources that change and that no call reads, so that no effect on them is ever seen.

use super::vendor_scope::VendorScope;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn unread_resources(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    if scope.vendor.partial {
        return;
    }
    for name in scope.vendor.file.resources.keys().filter(|name| !scope.vendor.is_read(name)) {
        let mut leading = scope.rows().filter(|(_, row)| row.then.iter().any(|branch| branch.leads.contains_key(name)));
        let Some((operation, row)) = leading.next() else { continue };
        found.push(
            Diagnostic::warning(
                Code::UnreadResource,
                format!("no row reads a `{name}`, so no effect on it is ever seen"),
            )
            .at(scope.vendor_at("resources").child(name).key(), "nothing reads it")
            .at(row.at.key(), format!("`{}` acts on it", operation.name))
            .help(format!("add a GET whose path names the `{name}`, with a row for each of its states")),
        );
    }
}
