//! Ids in the query of a request: a request is known by its method and path, so that such an id would be read by nobody.

use super::scope::Scope;
use crate::contract::placeholders;
use crate::contract::template::Template;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in scope.pages.iter().map(|page| page.operation) {
        // A URL that the vendor handed out may have anything in it.
        let Some((_, query)) = operation.url.split_once('?').filter(|(path, _)| path.starts_with('/')) else {
            continue;
        };
        let resources = &scope.vendor.file.resources;
        let template = Template::parse(query);
        let referred = template.names().find(|name| {
            name.split_once('.').is_some_and(|(resource, field)| {
                resources.contains_key(resource) && field.split('.').next() == Some("id")
            })
        });
        let placeholder = placeholders(query).next().map(|name| format!("{{{name}}}"));
        let Some(id) = placeholder.or_else(|| referred.map(|name| format!("${name}"))) else { continue };
        found.push(
            Diagnostic::error(Code::IdInQuery, format!("`{id}` stands in the query of the request"))
                .at(operation.at.child("request"), "the mock reads ids from the path alone")
                .help("name the resource in the path; a fixed value of the query stands under `query`"),
        );
    }
}
