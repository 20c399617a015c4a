//! Which cases are meant: the arguments that `run` and `list` share.

use crate::cli::output::Output;
use crate::cli::value::{self, Shard};
use proviso::contract::case::{Case, Selection, matches};
use proviso::contract::{Contracts, Vendor};
use proviso::text::diagnostic::suggest;
use std::collections::BTreeSet;

/// Which cases are meant.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Which cases")]
pub(crate) struct Select {
    /// Parts of case names, any of which is enough; one with a `*` is a pattern of whole names
    #[arg(value_name = "FILTER", help_heading = None)]
    pub(crate) filters: Vec<String>,
    /// Only this vendor's (repeatable)
    #[arg(long, value_name = "VENDOR")]
    pub(crate) vendor: Vec<String>,
    /// Only this operation's, as `links.delete` (repeatable)
    #[arg(long, value_name = "OPERATION")]
    pub(crate) operation: Vec<String>,
    /// Only those with this tag; `!TAG` for those without it (repeatable, all are due)
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Only the K-th of N parts, as `1/4`
    #[arg(long, value_name = "K/N", value_parser = value::shard)]
    pub(crate) shard: Option<Shard>,
}

impl Select {
    /// What is asked for, in the words of the library.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            filters: self.filters.clone(),
            vendors: self.vendor.clone(),
            operations: self.operation.clone(),
            tags: self.tag.clone(),
            only: None,
            shard: self.shard.map(|shard| (shard.part, shard.parts)),
        }
    }

    /// Tells which words match nothing, with the nearest that would.
    pub(crate) fn tell_unmatched(&self, contracts: &Contracts, cases: &[Case], output: &mut Output) {
        for filter in &self.filters {
            if !cases.iter().any(|case| matches(filter, &case.id)) {
                tell(output, "case", "has", filter, &names(cases));
            }
        }
        let vendors: BTreeSet<&str> = contracts.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
        let documented = contracts.vendors.iter().flat_map(Vendor::documented);
        let operations: BTreeSet<&str> = documented.map(|operation| operation.name.as_str()).collect();
        let tags: BTreeSet<&str> = cases.iter().flat_map(|case| &case.tags).map(String::as_str).collect();
        let lists =
            [("vendor", &self.vendor, vendors), ("operation", &self.operation, operations), ("tag", &self.tag, tags)];
        for (what, given, known) in lists {
            for word in given.iter().map(|word| word.trim_start_matches('!')) {
                if !known.contains(word) {
                    tell(output, what, "is named", word, &known);
                }
            }
        }
    }
}

/// Everything that a person may have meant by a filter: whole names and every stretch of their parts.
fn names(cases: &[Case]) -> BTreeSet<&str> {
    cases.iter().flat_map(|case| stretches(&case.id)).collect()
}

/// `a/b/c`, `a/b`, `a`, `b/c`, `b`, `c`.
fn stretches(id: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(id.match_indices('/').map(|(at, _)| at + 1));
    let tails = starts.filter_map(|start| id.get(start..));
    tails.flat_map(|tail| {
        let ends = tail.match_indices('/').map(|(at, _)| at).chain(std::iter::once(tail.len()));
        ends.filter_map(|end| tail.get(..end))
    })
}

fn tell(output: &mut Output, what: &str, verb: &str, word: &str, known: &BTreeSet<&str>) {
    let help = suggest(word, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
    let help = help.into_iter().collect::<Vec<_>>();
    match verb {
        "has" => output.error(&format!("no {what} has `{word}` in its name"), &help),
        _ => output.error(&format!("no {what} is named `{word}`"), &help),
    }
}
