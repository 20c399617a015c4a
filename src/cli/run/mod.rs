//! `proviso run`: cases against the mock, a sandbox or a URL.

pub(super) mod destinations;
pub(super) mod go;
mod mock;
pub(super) mod remembered;
pub(super) mod reports;
pub(super) mod stage;
pub(super) mod supplies;

use crate::cli::args::Global;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::select::Select;
use crate::cli::value::{self, Shuffle};
use crate::cli::{contracts, list};
use proviso::http::pace::Rate;
use proviso::http::send::{self, ConnectTo};
use proviso::mock::sandbox::Choice;
use proviso::report::Exit;
use proviso::run::guard::Terms;
use proviso::run::{Pin, Way};
use proviso::text::secret::Secret;
pub(crate) use reports::look;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Run cases against the mock, a sandbox or a URL.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag as it was typed")]
#[command(after_long_help = after_long_help())]
pub(crate) struct Args {
    /// Which cases.
    #[command(flatten)]
    pub(crate) select: Select,
    /// Only those that failed in the run before
    #[arg(long, help_heading = "Which cases")]
    pub(crate) failed: bool,
    /// List the cases and run none
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) list: bool,
    /// Tell what would be sent and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where the run goes.
    #[command(flatten)]
    pub(crate) destination: Destination,
    /// How it goes about it.
    #[command(flatten)]
    pub(crate) manner: Manner,
    /// Which accepted answers it is compared with.
    #[command(flatten)]
    pub(crate) baseline: crate::cli::baseline::Wanted,
    /// What an engineer supplies.
    #[command(flatten)]
    pub(crate) supplies: Supplies,
    /// Write GitHub's annotations, and the job's summary; on by itself in a workflow
    #[arg(long, help_heading = "What it writes")]
    pub(crate) report_github: bool,
    /// Which files it writes.
    #[command(flatten)]
    pub(crate) reports: reports::Wanted,
}

/// Where a run goes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct Destination {
    /// `mock`, `sandbox`, a name from `proviso.yaml`, a URL, or VENDOR=URL (repeatable)
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Vec<String>,
    /// How it is reached.
    #[command(flatten)]
    pub(crate) reach: Reach,
}

/// How a target is reached.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct Reach {
    /// What the guard is told.
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Which documented outcome the embedded mock gives, as `links.delete/deleted=not_found` (repeatable)
    #[arg(long, value_name = "OPERATION/ROW=OUTCOME")]
    pub(crate) choose: Vec<Choice>,
    /// By what way.
    #[command(flatten)]
    pub(crate) connecting: Connecting,
}

/// The way of connections.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct Connecting {
    /// Send requests through this proxy
    #[arg(long, value_name = "URL", value_parser = value::hidden)]
    proxy: Option<Secret>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Connect to another host and port than the URL's (repeatable)
    #[arg(long, value_name = "HOST:PORT:TO_HOST:TO_PORT")]
    connect_to: Vec<ConnectTo>,
}

impl Connecting {
    /// What the guard looks at.
    pub(crate) fn way(&self) -> Way {
        Way { proxy: self.proxy.clone(), connect_to: self.connect_to.clone() }
    }

    /// What requests are sent by.
    pub(crate) fn settings(&self) -> send::Settings {
        let Way { proxy, connect_to } = self.way();
        let proxy = proxy.map(|proxy| proxy.expose().to_owned());
        send::Settings { proxy, cacert: self.cacert.clone(), connect_to, ..send::Settings::default() }
    }
}

/// What the safety guard is told; no file of the tree can say it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct Consent {
    /// Permit what the safety guard refuses, by the words that it names: `live-key`, `host`, `changes` or `plain-http` for a
    /// vendor, `env=VENDOR:NAME`, or `fork` (repeatable)
    #[arg(long, value_name = "WHAT=VENDOR", value_parser = value::permit)]
    pub(crate) allow: Vec<String>,
    /// Send a vendor's variables to this origin alone, and those of a vendor without a pin nowhere (repeatable; also
    /// `PROVISO_PINS`, separated by spaces)
    #[arg(long, value_name = "VENDOR=ORIGIN")]
    pub(crate) pin: Vec<Pin>,
}

impl Consent {
    /// What the guard goes by; an error in words where the environment's pins are not understood.
    pub(crate) fn terms(&self, environment: &Environment, way: Way) -> Result<Terms, String> {
        let mut pins = self.pin.clone();
        for text in environment.get("PROVISO_PINS").unwrap_or_default().split_whitespace() {
            pins.push(text.parse().map_err(|error| format!("PROVISO_PINS: `{text}` is not a pin: {error}"))?);
        }
        Ok(Terms { allowed: self.allow.clone(), pins, fork: environment.fork, way })
    }
}

/// How a run goes about it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "How it goes about it")]
pub(crate) struct Manner {
    /// How many cases run at once
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Run the cases in random order; the seed repeats one
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "any",
          value_parser = value::shuffle)]
    pub(crate) shuffle: Option<Shuffle>,
    /// Begin no further case once one has failed
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// How fast and how long it goes.
    #[command(flatten)]
    pub(crate) pacing: Pacing,
    /// A skipped case counts as a failure of the environment
    #[arg(long)]
    pub(crate) require_all: bool,
}

/// How fast and how long requests are sent.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "How it goes about it")]
pub(crate) struct Pacing {
    /// Send what was lost, 429 and 5xx again, at most so often [default: 4]
    #[arg(long, value_name = "N")]
    pub(crate) retry: Option<u32>,
    /// How fast a vendor is asked: 5/s, 100/m, or `auto`
    #[arg(long, value_name = "RATE")]
    pub(crate) rate_limit: Option<Rate>,
    /// How long a request and its answer may take [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) timeout: Option<Duration>,
    /// How long the run may take
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) max_time: Option<Duration>,
}

/// What an engineer supplies.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "What it is given")]
pub(crate) struct Supplies {
    /// A variable in place of the environment's (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = value::hidden)]
    pub(crate) variable: Vec<Secret>,
    /// The same, and never shown; other users see command lines, so a file is better (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = value::hidden)]
    pub(crate) secret: Vec<Secret>,
    /// A file of NAME=VALUE lines that are never shown
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_file: Option<PathBuf>,
}

fn after_long_help() -> String {
    format!(
        "Examples:\n\
         \x20 proviso run                                    every case against the embedded mock\n\
         \x20 proviso run links.delete --target sandbox      one operation against the vendor's sandbox\n\
         \x20 proviso run --target http://127.0.0.1:8080     every vendor at one address, by path\n\
         \x20 proviso run --target acme=https://staging.acme.example\n\
         \x20 proviso run --failed -v                        what failed before, with every exchange\n\
         \x20 proviso run --shard 1/4 --shuffle=7            a fourth of the cases, in one random order\n\n{}",
        Exit::table()
    )
}

/// Runs.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    let read = if args.list { contracts::read_for_listing } else { contracts::read };
    let mut loaded = match read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let supplied = match supplies::gather(&args.supplies, environment) {
        Ok(supplied) => supplied,
        Err(why) => {
            output.error(&why, &[]);
            return Exit::Wrong;
        }
    };
    if args.list {
        return list::print(&loaded, &args.select, false, output);
    }
    let settings = match contracts::settings(&mut loaded, output) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let exit = go::run(go::Asked { args, global, environment, settings: &settings, loaded: &loaded }, supplied, output);
    // The process is about to end: what is left goes at once, and not value by value.
    std::mem::forget(loaded);
    exit
}
