//! Addresses of pages that no browser opens as a page.

use super::vendor_scope::VendorScope;
use crate::text::diagnostic::{Code, Diagnostic};

pub(super) fn page_addresses(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for operation in &scope.vendor.operations {
        let Some(page) = operation.page.as_ref().filter(|page| !is_web_address(&page.url)) else { continue };
        found.push(
            Diagnostic::error(Code::BadPageAddress, format!("`{}` is no address of a page", page.url))
                .at(operation.at.child("page").child("url"), "an `https://` or `http://` address is expected")
                .help("write it as a browser shows it, like `https://docs.example.com/links/delete`"),
        );
    }
}

/// Whether an address is on the web: reports make links of it, and a link may be more than a page.
pub fn is_web_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == '[')
            && !rest.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\')
    })
}
