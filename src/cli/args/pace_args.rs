//! The order and the pace of requests, as typed.

use crate::cli::args::option_value::{Shuffle, parse_duration, parse_shuffle};
use proviso::http::pace::Rate;
use std::num::NonZeroUsize;
use std::time::Duration;

/// The order of the cases, and how many run at once.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "How it goes about it")]
pub(crate) struct OrderArgs {
    /// How many cases run at once [default: 64, and 4 with --max-requests]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Run the cases in random order: that of a seed (`--shuffle 7`), or of one that is drawn and shown; `-j 1` repeats it request by request
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "any",
          value_parser = parse_shuffle)]
    pub(crate) shuffle: Option<Shuffle>,
    /// Begin no further case once one has failed
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// The pace of requests.
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    /// A skipped case counts as a failure of the environment
    #[arg(long)]
    pub(crate) require_all: bool,
}

/// The pace of requests, and their time.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "How it goes about it")]
pub(crate) struct PaceArgs {
    /// Send what was lost, 429 and 5xx again, at most so often [default: 4]
    #[arg(long, value_name = "N")]
    pub(crate) retry: Option<u32>,
    /// How fast a vendor is asked: 5/s, 100/m, or `auto`
    #[arg(long, value_name = "RATE")]
    pub(crate) rate_limit: Option<Rate>,
    /// How long a request and its answer may take [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
    /// How long the run may take
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) max_time: Option<Duration>,
    /// Send at most so many requests: what was made is removed within them
    #[arg(long, value_name = "N")]
    pub(crate) max_requests: Option<NonZeroUsize>,
}
