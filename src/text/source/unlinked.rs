//! Files that are opened through no link: a tree may come from anyone, and a link in it may point anywhere.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

/// Refuses a path on which a link lies: anywhere in the folder that the user is in, or else below `root`, since a folder
/// elsewhere is as the user named it.
pub fn check(root: &Path, path: &Path) -> io::Result<()> {
    let (mut reached, rest) = match below_here(path) {
        Some(inside) => (PathBuf::new(), inside),
        None => (root.to_owned(), path.strip_prefix(root).unwrap_or(path)),
    };
    for part in rest.components() {
        reached.push(part);
        if fs::symlink_metadata(&reached).is_ok_and(|found| found.is_symlink()) {
            let message = format!("`{}` is a symbolic link, and what it leads to is left alone", reached.display());
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

/// A path as seen from the folder that the user is in, if it is written as one in there.
fn below_here(path: &Path) -> Option<&Path> {
    if path.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    if path.is_relative() {
        return Some(path);
    }
    let here = Path::new(".").canonicalize().ok().filter(|here| here.parent().is_some())?;
    path.strip_prefix(here).ok()
}

/// Opens a file through no link.
pub fn open(root: &Path, path: &Path, options: &OpenOptions) -> io::Result<File> {
    check(root, path)?;
    refusing_links(options).open(path)
}

/// Options by which the system refuses a link as well, since one may have been put there a moment ago.
#[cfg(unix)]
fn refusing_links(options: &OpenOptions) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = options.clone();
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn refusing_links(options: &OpenOptions) -> OpenOptions {
    options.clone()
}

/// Makes a folder with those above it, through no link.
pub fn create_folder(root: &Path, path: &Path) -> io::Result<()> {
    check(root, path)?;
    fs::create_dir_all(path)
}

/// Writes bytes in place of a file, all of them or none; through no link.
pub fn replace(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(root, path)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// A new file beside another one; it goes away again unless it takes the other's place.
///
/// Others may read it, as far as the umask lets them; temporary files are private by default.
pub fn beside(root: &Path, path: &Path) -> io::Result<tempfile::NamedTempFile> {
    check(root, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".proviso-new-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Removes a file, if there is one; through no link in its folders, and of a link the link alone.
pub fn remove(root: &Path, path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| check(root, folder))?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Returns true for a path outside a folder once its links are followed, or outside the folder that the user is in although it is
/// written as one in there; not for one that does not exist.
pub fn leads_out(path: &Path, folder: &Path) -> bool {
    let Ok(real) = path.canonicalize() else { return false };
    is_outside(&real, folder) || below_here(path).is_some() && is_outside(&real, Path::new("."))
}

fn is_outside(real: &Path, folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| !real.starts_with(folder))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A tree with links in it, beside a folder with one file in it.
    fn tree() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (tree, outside) = (folder.path().join("tree"), folder.path().join("outside"));
        fs::create_dir_all(tree.join("plain")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "theirs").unwrap();
        symlink(&outside, tree.join("folder")).unwrap();
        symlink(outside.join("file"), tree.join("file")).unwrap();
        symlink(outside.join("nothing"), tree.join("dangling")).unwrap();
        (folder, tree, outside)
    }

    #[test]
    fn nothing_is_written_or_removed_through_a_link() {
        let (_folder, tree, outside) = tree();
        for path in ["file", "dangling", "folder/file", "folder/new", "folder/deep/new"] {
            let path = tree.join(path);
            let told = replace(&tree, &path, b"ours").unwrap_err().to_string();
            assert!(told.contains("is a symbolic link"), "{told}");
            assert!(open(&tree, &path, OpenOptions::new().append(true).create(true)).is_err(), "{path:?}");
        }
        assert!(create_folder(&tree, &tree.join("folder/deep")).is_err());
        assert!(remove(&tree, &tree.join("folder/file")).is_err());
        remove(&tree, &tree.join("file")).unwrap();
        assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), "theirs");
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_link_is_written_and_the_root_is_as_it_was_named() {
        let (folder, tree, _) = tree();
        let named = folder.path().join("named");
        symlink(&tree, &named).unwrap();
        for root in [&tree, &named] {
            let path = root.join("plain/deep/new");
            create_folder(root, path.parent().unwrap()).unwrap();
            replace(root, &path, b"ours").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
            remove(root, &path).unwrap();
            remove(root, &path).unwrap();
        }
        // The same root is looked at where it is a part of another tree.
        assert!(check(folder.path(), &named.join("plain/new")).is_err());
    }

    #[test]
    fn only_links_that_leave_the_folder_lead_out_of_it() {
        let (_folder, tree, _) = tree();
        symlink("plain", tree.join("within")).unwrap();
        assert!(leads_out(&tree.join("folder"), &tree) && leads_out(&tree.join("file"), &tree));
        assert!(!leads_out(&tree.join("within"), &tree) && !leads_out(&tree.join("dangling"), &tree));
    }
}
