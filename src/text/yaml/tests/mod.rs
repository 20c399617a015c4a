//! Claims about reading files and YAML.

mod file;
mod mistakes;
mod places;
mod values;

use super::parse_tree;
use crate::text::diagnostic::{Diagnostic, Style, render_text, sort_by_place};
use crate::text::source::{FileId, Source, Sources};

const FILE: FileId = FileId(0);

/// A text as the only file, with its mistakes in the order of printing.
fn read(yaml: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let (tree, mut mistakes) = parse_tree(FILE, yaml);
    sources.push(Source::new("specs/acme/pay.yaml".into(), yaml.to_owned()).with_tree(tree));
    sort_by_place(&mut mistakes, &sources);
    (sources, mistakes)
}

fn shown(yaml: &str) -> String {
    let (sources, mistakes) = read(yaml);
    render_text(&mistakes, &sources, Style::Plain)
}

fn codes(yaml: &str) -> Vec<&'static str> {
    read(yaml).1.iter().map(|mistake| mistake.code.as_str()).collect()
}
