//! The number of files and sockets that the process may have open: as many as it may ask for, since every vendor of a mock has a port
//! of its own, and systems begin with as few as 256.

/// Asks for as many as there may be; where they are not given, the usual number has to do.
#[cfg(unix)]
pub(crate) fn raise_open_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
}

/// There is no such bound.
#[cfg(not(unix))]
pub(crate) fn raise_open_file_limit() {}
