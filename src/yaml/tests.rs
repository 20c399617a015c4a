//! Claims about reading YAML.

use super::parse;
use crate::diagnostic::{Style, text};
use crate::source::{FileId, Place, Source, Sources};

fn sources(yaml: &str) -> (Sources, Vec<crate::diagnostic::Diagnostic>) {
    let mut sources = Sources::default();
    let (tree, mistakes) = parse(FileId(0), yaml);
    sources.push(Source::new("specs/acme/a.yaml".into(), yaml.to_owned()).with_tree(tree));
    (sources, mistakes)
}

fn shown(yaml: &str) -> String {
    let (sources, mut mistakes) = sources(yaml);
    crate::diagnostic::sort(&mut mistakes, &sources);
    text(&mistakes, &sources, Style::Plain)
}

#[test]
fn smoke() {
    for text in [
        "a: 1\nb: 2\na: 3\n",
        "é: { 200.deleted: deleted, is true }\n404: x\nk: &a 1\nl: *a\n<<: {}\n",
        "a:\n\t- b",
        "a: [1\nb: 2",
        "",
        "a: 1\n---\nb: 2",
        "? [a]\n: b\nn: .inf\n",
        "a: \"x\nb: 1\n",
    ] {
        println!("{}", shown(text));
    }
    let (s, _) = sources("a:\n  b: [x, y]\n");
    println!("{:?} {:?}", s.resolve(&Place::at(FileId(0), "/a/b/1")), s.resolve(&Place::at(FileId(0), "/a/c/1")));
}
