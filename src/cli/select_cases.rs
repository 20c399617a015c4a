//! Selects the cases that a command is about, and shows the words that select nothing.

use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem, did_you_mean};
use proviso::contract::case::{Case, Selection, matches};
use proviso::contract::{Loaded, Vendor, VendorFolder};
use proviso::report::Exit;
use std::collections::BTreeSet;

/// The cases that are selected of all, in their order.
pub(crate) fn select_cases(selection: &Selection, loaded: &Loaded, all: Vec<Case>, output: &mut Output) -> Vec<Case> {
    show_unmatched(selection, loaded, &all, output);
    selection.select(&loaded.contracts, all)
}

/// The error that there is nothing to do.
pub(crate) fn no_case_selected() -> CommandError {
    Problem::new("no case is selected").with_help("`proviso list` has their names").exit_with(Exit::NothingTested)
}

/// Shows the words of a selection that match nothing, with the nearest that would.
///
/// Of names in vendors that were not asked for, nothing is known but those of their operations; where no case was read at all, the
/// reason is shown alone.
fn show_unmatched(selection: &Selection, loaded: &Loaded, cases: &[Case], output: &mut Output) {
    let is_known = !cases.is_empty() || loaded.left_out.is_empty();
    for filter in selection.filters.iter().filter(|_| is_known) {
        if !cases.iter().any(|case| matches(filter, &case.id)) {
            let nearest = did_you_mean(filter, name_stretches(cases));
            let help = nearest.into_iter().collect();
            output.error(&Problem { message: format!("no case has `{filter}` in its name"), help });
        }
    }
    let tags = cases.iter().flat_map(|case| &case.tags).map(String::as_str).collect();
    let lists = [
        ("vendor", &selection.vendors, loaded.vendor_names()),
        ("operation", &selection.operations, operation_names(loaded)),
        ("tag", &selection.tags, tags),
    ];
    for (what, words, known) in lists {
        for word in words.iter().filter(|_| is_known || what != "tag").map(|word| word.trim_start_matches('!')) {
            if !known.contains(word) {
                let problem = Problem::new(format_args!("no {what} is named `{word}`"));
                output.error(&problem.with_nearest(word, known.iter().copied()));
            }
        }
    }
}

fn operation_names(loaded: &Loaded) -> BTreeSet<&str> {
    let documented = loaded.contracts.vendors.iter().flat_map(Vendor::documented);
    let left_out = loaded.left_out.iter().flat_map(VendorFolder::operations);
    documented.map(|operation| operation.name.as_str()).chain(left_out).collect()
}

/// The names that a person may have meant by a filter: whole names and every stretch of their parts.
fn name_stretches(cases: &[Case]) -> BTreeSet<&str> {
    cases.iter().flat_map(|case| stretches(&case.id)).collect()
}

/// `a/b/c`, `a/b`, `a`, `b/c`, `b`, `c`.
fn stretches(id: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(id.match_indices('/').map(|(at, _)| at + 1));
    starts.filter_map(|start| id.split_at_checked(start)).flat_map(|(_, tail)| {
        let ends = tail.match_indices('/').map(|(at, _)| at).chain(std::iter::once(tail.len()));
        ends.filter_map(|end| tail.split_at_checked(end)).map(|(stretch, _)| stretch)
    })
}
