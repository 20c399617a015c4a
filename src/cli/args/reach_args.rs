//! The targets of requests and the way there, as typed.

use crate::cli::args::option_value::{hide_value, parse_permit};
use crate::cli::environment::Environment;
use crate::cli::problem::Problem;
use proviso::http::send::{self, ConnectTo};
use proviso::mock::OutcomeChoice;
use proviso::run::guard::Terms;
use proviso::run::{Pin, Way};
use proviso::text::secret::Secret;
use std::path::PathBuf;

/// The place where a run goes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct TargetArgs {
    /// `mock`, `sandbox`, a name from `proviso.yaml`, a URL, or VENDOR=URL (repeatable)
    #[arg(long, short, value_name = "TARGET")]
    pub(crate) target: Vec<String>,
    /// The way there.
    #[command(flatten)]
    pub(crate) reach: ReachArgs,
}

/// The way to a target.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct ReachArgs {
    /// The words for the guard.
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
    /// Which documented outcome the embedded mock gives, as `links.delete/deleted=not_found` (repeatable)
    #[arg(long, value_name = "OPERATION/ROW=OUTCOME")]
    pub(crate) choose: Vec<OutcomeChoice>,
    /// The connections.
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

/// The way of connections.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct ConnectionArgs {
    /// Send requests through this proxy
    #[arg(long, value_name = "URL", value_parser = hide_value)]
    proxy: Option<Secret>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Connect to another host and port than the URL's (repeatable)
    #[arg(long, value_name = "HOST:PORT:TO_HOST:TO_PORT")]
    connect_to: Vec<ConnectTo>,
}

impl ConnectionArgs {
    /// The settings of the client socket.
    pub(crate) fn send_settings(&self) -> send::Settings {
        send::Settings {
            proxy: self.proxy.as_ref().map(|proxy| proxy.expose().to_owned()),
            cacert: self.cacert.clone(),
            connect_to: self.connect_to.clone(),
            ..send::Settings::default()
        }
    }

    /// The way as the guard looks at it.
    fn way(&self) -> Way {
        Way { proxy: self.proxy.clone(), connect_to: self.connect_to.clone() }
    }
}

/// The words for the safety guard; no file of the tree can give them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where it goes")]
pub(crate) struct ConsentArgs {
    /// Permit what the safety guard refuses, by the words that it names: `live-key`, `host`, `changes` or `plain-http` for a
    /// vendor, `env=VENDOR:NAME`, or `fork` (repeatable)
    #[arg(long, value_name = "WHAT=VENDOR", value_parser = parse_permit)]
    allow: Vec<String>,
    /// Send a vendor's variables to this origin alone, and those of a vendor without a pin nowhere (repeatable; also
    /// `PROVISO_PINS`, separated by spaces)
    #[arg(long, value_name = "VENDOR=ORIGIN")]
    pin: Vec<Pin>,
}

impl ConsentArgs {
    /// The terms that the guard goes by, with the pins of the environment.
    pub(crate) fn terms(&self, environment: &Environment, connection: &ConnectionArgs) -> Result<Terms, Problem> {
        let mut pins = self.pin.clone();
        for text in environment.value("PROVISO_PINS").into_iter().flat_map(str::split_whitespace) {
            let pin = text.parse();
            pins.push(pin.map_err(|error| Problem::new(format_args!("PROVISO_PINS: `{text}` is not a pin: {error}")))?);
        }
        Ok(Terms { allowed: self.allow.clone(), pins, fork: environment.fork, way: connection.way() })
    }
}
