//! Ids in the query of a request: a request is known by its method and path, so that such an id would be read by nothing.

use super::vendor_scope::VendorScope;
use crate::contract::template::Template;
use crate::contract::{Vendor, placeholders};
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn query_ids(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.vendor.operations {
        // A URL that the vendor handed out may have anything in it.
        let Some((_, query)) = operation.url.split_once('?').filter(|(path, _)| path.starts_with('/')) else {
            continue;
        };
        let template = Template::parse(query);
        let referred = template.names().find(|name| is_id(scope.vendor, name));
        let placeholder = placeholders(query).next().map(|name| format!("{{{name}}}"));
        let Some(id) = placeholder.or_else(|| referred.map(|name| format!("${name}"))) else { continue };
        found.push(
            Diagnostic::error(Code::IdInQuery, format!("`{id}` stands in the query of the request"))
                .at(operation.at.child("request"), "the mock reads ids from the path alone")
                .help("name the resource in the path; a fixed value of the query stands under `query`"),
        );
    }
}

/// Whether a reference is the id of a resource, whatever text follows it.
fn is_id(vendor: &Vendor, reference: &str) -> bool {
    let mut names = reference.split('.');
    names.next().is_some_and(|resource| vendor.file.resources.contains_key(resource)) && names.next() == Some("id")
}
