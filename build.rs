//! Lists the contracts under `specs/` for `proviso demo`, so that the source names no vendor.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=specs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut list = "&[\n".to_owned();
    for folder in sorted(&root.join("specs"))?.iter().filter(|path| path.is_dir()) {
        for file in sorted(folder)?.iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        {
            let name = file.strip_prefix(root.join("specs")).unwrap_or(file).display().to_string().replace('\\', "/");
            println!("cargo::rerun-if-changed={}", file.display());
            writeln!(list, "({name:?}, include_str!({:?})),", file.display().to_string()).map_err(io::Error::other)?;
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("embedded_contracts.rs"), list + "]\n")
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
