//! Addresses of pages that no browser opens as a page.

use super::scope::Scope;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in scope.pages.iter().map(|page| page.operation) {
        let Some(page) = operation.page.as_ref().filter(|page| !is_web(&page.url)) else { continue };
        found.push(
            Diagnostic::error(Code::BadPageAddress, format!("`{}` is no address of a page", page.url))
                .at(operation.at.child("page").child("url"), "an `https://` or `http://` address is expected")
                .help("write it as a browser shows it, like `https://docs.example.com/links/delete`"),
        );
    }
}

/// Whether an address is on the web: reports make links of it, and a link may be more than a page.
fn is_web(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or_default();
    let begins = rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == '[');
    begins && !rest.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\')
}
