//! One file that opens in any browser, offline: nothing in it is fetched, and nothing that a vendor says is markup.
//!
//! The run stands in it as JSON, of which the page's script makes elements with text alone, never with markup. The browser
//! is told by a policy in the page's head to run that one script and to fetch nothing, so that a mistake in either would
//! still harm nobody.

mod data;

use super::{Rendered, Saved};
use crate::judge::verdict::Verdict;
use crate::text::source::sha256;
use crate::text::visible;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// The style of the page.
const STYLE: &str = concat!(include_str!("page/base.css"), include_str!("page/views.css"));

/// The script of the page, in the order in which its parts need each other.
const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("page/dom.js"),
    include_str!("page/store.js"),
    include_str!("page/detail.js"),
    include_str!("page/list.js"),
    include_str!("page/matrix.js"),
    include_str!("page/machine.js"),
    include_str!("page/coverage.js"),
    include_str!("page/main.js"),
    "})();\n",
);

/// Everything of the page that is the same in every report.
const FRAME: &str = include_str!("page/frame.html");

pub(super) fn render(saved: &Saved) -> Rendered {
    let mut page = String::new();
    let mut rest = FRAME;
    // Each part is put in once, from the front: what was put in is not looked at again, whatever stands in it.
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        page.push_str(&part(name, saved)?);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

fn part(name: &str, saved: &Saved) -> Rendered {
    Ok(match name {
        "policy" => policy(),
        "title" => escaped(&format!("Proviso on {}", saved.target)),
        "summary" => escaped(&summary(saved)),
        "style" => STYLE.to_owned(),
        "script" => SCRIPT.to_owned(),
        "data" => data::scripts(saved)?,
        _ => String::new(),
    })
}

/// What the browser may do with the page: run this script, use this style, and nothing else.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(sha256(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// The counts in a sentence, for readers without scripts.
fn summary(saved: &Saved) -> String {
    let told = Verdict::ALL.map(|verdict| format!("{} {verdict}", saved.summary.count(verdict)));
    let known = match saved.summary.known {
        0 => String::new(),
        known => format!(" {known} of those that violate are known."),
    };
    format!("{} cases on {}: {}.{known}", saved.cases.len(), saved.target, told.join(", "))
}

/// A text inside of an element or an attribute.
fn escaped(text: &str) -> String {
    visible::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A value inside of a script element, which ends at `</script` and turns odd at `<!--`.
fn script(id: &str, value: &impl Serialize) -> Rendered {
    let json = visible::json(&serde_json::to_string(value)?).replace('<', "\\u003c");
    Ok(format!("<script type=\"application/json\" id=\"{id}\">{json}</script>\n"))
}
