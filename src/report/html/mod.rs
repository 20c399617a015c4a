//! One file that opens in any browser, offline: nothing in it is fetched, and nothing that a vendor says is markup.
//!
//! The run is in it as JSON, of which the page's script makes elements with text alone, never with markup; the pictures of
//! states, in which there are only names of the contracts, are drawn beforehand. A policy in the page's
//! head makes the browser run that one script and fetch nothing, so that a mistake in either would still do no harm.

mod machine_templates;
mod page_data;

use super::picture::{LOOKS, escape_markup};
use super::{Rendered, SavedRun};
use crate::text::source::sha256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use machine_templates::machine_templates;
use page_data::data_elements;

/// The style of the page, without that of the pictures.
const STYLE: [&str; 3] = [include_str!("page/base.css"), LOOKS, include_str!("page/views.css")];

/// The script of the page, in the order in which its parts need each other.
const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("page/dom.js"),
    include_str!("page/store.js"),
    include_str!("page/detail.js"),
    include_str!("page/list.js"),
    include_str!("page/failures.js"),
    include_str!("page/issue.js"),
    include_str!("page/matrix.js"),
    include_str!("page/machine.js"),
    include_str!("page/coverage.js"),
    include_str!("page/main.js"),
    "})();\n",
);

/// Everything of the page that is the same in every report.
const FRAME: &str = include_str!("page/frame.html");

/// The run as a page to look through.
pub(super) fn html(saved: &SavedRun) -> Rendered {
    let mut page = String::new();
    let mut rest = FRAME;
    // Each part is put in once, from the front: what was put in is not looked at again.
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        match name {
            "policy" => page += &security_policy(),
            "title" => page += &escape_markup(&format!("Proviso on {}", saved.target)),
            "summary" => page += &escape_markup(&summary_sentence(saved)),
            "style" => page.extend(STYLE),
            "script" => page += SCRIPT,
            "machines" => page += &machine_templates(&saved.pages),
            "data" => page += &data_elements(saved)?,
            _ => {}
        }
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// The policy of the page: run this script, use this style, and nothing else.
fn security_policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        STANDARD.encode(sha256(SCRIPT.as_bytes())),
        STANDARD.encode(sha256(STYLE.concat().as_bytes()))
    )
}

/// The counts in a sentence, for readers without scripts.
fn summary_sentence(saved: &SavedRun) -> String {
    let shown = saved.summary.shown_counts();
    let counts: Vec<String> = shown.map(|(verdict, number)| format!("{number} {verdict}")).collect();
    let known = match saved.summary.known {
        0 => String::new(),
        known => format!(" {known} of those that violate are known."),
    };
    let before = match saved.summary.seen_before {
        0 => String::new(),
        before => format!(" {before} of those that violate were seen before."),
    };
    let order = match saved.shuffle {
        Some(seed) => format!(" They ran in the order of --shuffle={seed}."),
        None => String::new(),
    };
    format!("{} cases on {}: {}.{known}{before}{order}", saved.cases.len(), saved.target, counts.join(", "))
}
