//! The pending answers that `review`, `accept` and `reject` are about.

use crate::cli::args::PendingArgs;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem};
use proviso::report::{Count, Exit};
use proviso::run::snapshot::{self, BadFile, Pending};
use proviso::text::source::unlinked;
use std::path::Path;

/// The pending answers that are meant, and the exit by what could be read of them.
pub(super) fn find_pending(
    args: &PendingArgs,
    project: &Path,
    output: &mut Output,
) -> Result<(Vec<Pending>, Exit), CommandError> {
    let Some(folder) = args.folder(project) else { return Ok((Vec::new(), Exit::Fine)) };
    unlinked::check(&folder, &folder).map_err(|error| Problem::new(error).with_help("nothing was changed"))?;
    let (mut found, bad) = snapshot::find_pending(&folder);
    let exit = show_bad_files(&bad, output);
    let all = found.len();
    found.retain(|pending| args.is_meant(pending));
    if all == 0 && exit == Exit::Fine {
        output.notice(&format!("nothing waits under {}\n", folder.display()));
    } else if found.is_empty() && exit == Exit::Fine {
        let filters = args.filters.join(" or ");
        let problem = Problem::new(format_args!("none of {} matches {filters}", Count(all, "answer")));
        return Err(problem.with_help("`proviso review` shows what waits").exit_with(Exit::NothingTested));
    }
    Ok((found, exit))
}

/// Shows files that cannot be read or written.
pub(super) fn show_bad_files(bad: &[BadFile], output: &mut Output) -> Exit {
    for file in bad {
        output.error(&Problem::new(file).with_help("nothing of it was changed"));
    }
    if bad.is_empty() { Exit::Fine } else { Exit::Wrong }
}

/// The exit of a command that found answers and changed files: the second where that failed.
pub(super) fn first_failure(found: Exit, changed: Exit) -> Exit {
    if changed == Exit::Fine { found } else { changed }
}
