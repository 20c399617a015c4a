//! The cases that are meant, as typed: the options that `run`, `list` and their like share.

use crate::cli::args::option_value::{Shard, parse_shard};
use crate::cli::typed_name::name_of_path;
use proviso::contract::case::Selection;
use proviso::run::typed_word;
use std::path::Path;

/// The cases that are meant.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which cases")]
pub(crate) struct CaseArgs {
    /// Parts of case names, any of which is enough; patterns of whole names, with `*`; or paths of contracts
    #[arg(value_name = "FILTER", help_heading = None)]
    filters: Vec<String>,
    /// Only this vendor's (repeatable)
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<String>,
    /// Only this operation's, as `links.delete` (repeatable)
    #[arg(long, value_name = "OPERATION")]
    operation: Vec<String>,
    /// Only those with this tag; `!TAG` for those without it (repeatable, all are due)
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only the K-th of N parts, as `1/4`
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    pub(crate) shard: Option<Shard>,
}

impl CaseArgs {
    /// The same arguments again, each after a space.
    pub(crate) fn typed(&self) -> Vec<String> {
        let filters = self.filters.iter().map(|filter| format!(" {}", typed_word(filter)));
        let options = [("vendor", &self.vendor), ("operation", &self.operation), ("tag", &self.tag)];
        let options = options.into_iter().flat_map(|(name, words)| words.iter().map(move |word| (name, word)));
        let options = options.map(|(name, word)| format!(" --{name} {}", typed_word(word)));
        filters
            .chain(options)
            .chain(self.shard.map(|Shard { part, parts }| format!(" --shard {part}/{parts}")))
            .collect()
    }

    /// The selection in the words of the library.
    pub(crate) fn selection(&self, specs: &Path) -> Selection {
        Selection {
            filters: self.filters.iter().map(|typed| name_of_path(specs, typed)).collect(),
            vendors: self.vendor.clone(),
            operations: self.operation.clone(),
            tags: self.tag.clone(),
            only: None,
            shard: self.shard.map(|shard| (shard.part, shard.parts)),
        }
    }
}
