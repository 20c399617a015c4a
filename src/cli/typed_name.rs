//! Paths of contracts in place of names: what a shell completes is as good as what is read aloud.

use std::path::{Component, Path};

/// The part of case names that a path of the contracts means: `acme/` for a vendor's folder, `acme/links.delete/` for a file
/// in it, nothing for the folder of all; any other text as it is.
pub(crate) fn name_of_path(specs: &Path, typed: &str) -> String {
    let path = Path::new(typed);
    let is_path = typed.contains(['/', '\\']) || path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    let is_path = is_path || path == specs;
    let inside = || path.canonicalize().ok()?.strip_prefix(specs.canonicalize().ok()?).ok().map(Path::to_owned);
    let Some(inside) = is_path.then(inside).flatten() else { return typed.to_owned() };
    let names: Vec<_> = inside.components().filter_map(|part| part_name(&part)).collect();
    match names.as_slice() {
        [] => String::new(),
        [vendor] => format!("{vendor}/"),
        [vendor, file, ..] => match file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")) {
            Some("vendor") => format!("{vendor}/"),
            Some(operation) => format!("{vendor}/{operation}/"),
            None => typed.to_owned(),
        },
    }
}

fn part_name<'p>(part: &Component<'p>) -> Option<&'p str> {
    part.as_os_str().to_str()
}

/// The vendor that a name or a path begins with: `acme` for `acme/`, `acme/links.delete` and `specs/acme/vendor.yaml`.
pub(crate) fn vendor_of(specs: &Path, typed: &str) -> String {
    let name = name_of_path(specs, typed);
    name.split_once('/').map_or(name.as_str(), |(vendor, _)| vendor).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_contract_is_the_name_of_its_cases() {
        let specs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"));
        let mut folders = std::fs::read_dir(specs).unwrap().map(|entry| entry.unwrap().path());
        let folder = folders.find(|path| path.join("vendor.yaml").exists()).unwrap();
        let vendor = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let at = |path: &str| name_of_path(specs, &format!("{}/{path}", specs.display()));
        assert_eq!(at(""), "");
        assert_eq!(at(&vendor), format!("{vendor}/"));
        assert_eq!(at(&format!("{vendor}/vendor.yaml")), format!("{vendor}/"));
        for name in ["acme/", "links.delete", "acme/links.delete/live", "*/live", "nothing.yaml"] {
            assert_eq!(name_of_path(specs, name), name);
        }
    }
}
