//! The contract of a small vendor, which many tests begin from and change.

use std::fs;
use std::path::Path;

/// Writes the contract under another name, with the schemas beside it.
pub(crate) fn write_acme(project: &Path, vendor: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut title, capitals) = (vendor.to_owned(), vendor.to_uppercase().replace('-', "_"));
    title[..1].make_ascii_uppercase();
    let folder = project.join("specs").join(vendor);
    fs::create_dir_all(&folder).unwrap();
    for name in ["vendor.yaml", "links.delete.yaml"] {
        let text = fs::read_to_string(root.join("tests/fixtures/acme").join(name)).unwrap();
        let text = text.replace("ACME_", &format!("{capitals}_")).replace("Acme", &title).replace("acme", vendor);
        fs::write(folder.join(name), text).unwrap();
    }
    for name in ["vendor.schema.json", "operation.schema.json", "proviso.schema.json"] {
        let written = project.join("specs").join(name);
        if !written.exists() {
            fs::copy(root.join("specs").join(name), written).unwrap();
        }
    }
}
