//! What is measured beside the runs of cases: commands on contracts, the mock, and one trial in a process of its own.

use crate::Failure;
use crate::load::rate;
use crate::meter::{Invocation, Reading, meter};
use crate::runs::median;
use crate::server::Server;
use crate::tools::{Bench, IN_FLIGHT, Tool};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Two things measured in turns: what is ours, and what it is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
}

impl Pair {
    pub(crate) fn ratio(self) -> f64 {
        self.ours / self.theirs
    }
}

/// What was measured.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    /// Requests a second of processor: the mock, a bare hyper answerer.
    pub(crate) mock: Pair,
    /// Processor milliseconds: `proviso lint`, merely parsing the same files.
    pub(crate) lint: Pair,
    /// Wall milliseconds: `proviso list`, an empty binary.
    pub(crate) list: Pair,
    /// Wall milliseconds: `proviso`, an empty binary.
    pub(crate) whole: Pair,
    /// Wall milliseconds: one trial of the contracts' tests, one of a test written by hand.
    pub(crate) trial: Pair,
    /// Wall milliseconds of 1000 cases at 50 ms by how many are in flight; the default stands among them.
    pub(crate) in_flight: Vec<(usize, f64)>,
}

/// How many operation files are linted.
pub(crate) const FILES: usize = 10_000;

/// The key by which the mock knows whoever asks.
const KEY: &str = "skey_test_0123456789abcdefghi";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Measures all of it.
pub(crate) fn measure(bench: &Bench, rounds: usize) -> Result<Once, Failure> {
    let log = bench.folder.join("log");
    let wall = |reading: &Reading| reading.wall;
    let turns = |ours: &Invocation, theirs: &Invocation, rounds: usize, of: fn(&Reading) -> f64| {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            for (command, readings) in [(ours, &mut left), (theirs, &mut right)] {
                let reading = meter(command, root(), &log)?;
                if reading.code != 0 {
                    return Err(format!("{} ended with {}", command.words.join(" "), reading.code).into());
                }
                readings.push(of(&reading));
            }
        }
        Ok::<_, Failure>(Pair { ours: median(left).unwrap_or(f64::NAN), theirs: median(right).unwrap_or(f64::NAN) })
    };
    let in_flight = in_flight(bench, &log)?;
    let proviso = bench.proviso.display().to_string();
    let empty = Invocation::new([bench.empty.display()]);
    let state = bench.folder.join("state").display().to_string();

    let list = turns(&Invocation::new([&proviso, "list"]), &empty, rounds * 3, wall)?;
    let whole = turns(&Invocation::new([&proviso, "--state", &state]).with("CI", "true"), &empty, rounds * 3, wall)?;
    eprintln!("list and the default run: {} rounds", rounds * 3);

    let many = many_files(&bench.folder)?.display().to_string();
    let lint = Invocation::new([&proviso, "--specs", &many, "lint"]);
    let parse = Invocation::new([&bench.floor.display().to_string(), "parse", &many]);
    let lint = turns(&lint, &parse, rounds.div_ceil(3), |reading| reading.cpu)?;
    eprintln!("lint of {FILES} files: {} rounds", rounds.div_ceil(3));

    let mut served = Command::new(&bench.proviso);
    served.args(["serve", "--quiet", "--print-env", "--vendor", "omise"]).current_dir(root());
    let mock = Server::start(served.env("OMISE_SECRET_KEY", KEY))?;
    let bare = Server::start(Command::new(&bench.answerer).arg("serve"))?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(rate(&mock, 200)?);
        theirs.push(rate(&bare, 200)?);
    }
    let rates = Pair { ours: median(ours).unwrap_or(f64::NAN), theirs: median(theirs).unwrap_or(f64::NAN) };
    eprintln!("the mock: {rounds} rounds");

    let trial = |binary: &Path| {
        let words =
            [binary.display().to_string(), "--exact".into(), "omise/links.delete/unknown".into(), "--nocapture".into()];
        Invocation::new(words).with("PROVISO_TARGET", &mock.base).with("OMISE_SECRET_KEY", KEY)
    };
    let trial = turns(&trial(&bench.specs), &trial(&bench.byhand), rounds * 3, wall)?;
    eprintln!("one trial: {} rounds", rounds * 3);
    Ok(Once { mock: rates, lint, list, whole, trial, in_flight })
}

/// The same cases with more and with fewer in flight than by default, at a server that has as many hands as it is asked for.
fn in_flight(bench: &Bench, log: &Path) -> Result<Vec<(usize, f64)>, Failure> {
    const CASES: usize = 1000;
    bench.write(CASES, &[Tool::Proviso])?;
    let server = Server::start(Command::new(&bench.answerer).args(["serve", "--latency-ms", "50"]))?;
    let mut walls = Vec::new();
    for jobs in [16, 32, IN_FLIGHT, 128, 256] {
        let mut call = bench.call(Tool::Proviso, &server.base);
        if jobs != IN_FLIGHT {
            call.words.extend(["--jobs".to_owned(), jobs.to_string()]);
        }
        let reading = meter(&call, &bench.place(Tool::Proviso, CASES), log)?;
        let most = server.counted()?.most_in_flight;
        if reading.code != 0 || most != jobs {
            return Err(format!("{jobs} in flight ended with {}, {most} were seen", reading.code).into());
        }
        walls.push((jobs, reading.wall));
    }
    eprintln!("the number in flight: once each");
    Ok(walls)
}

/// Twenty vendors with operation files of the usual size.
fn many_files(folder: &Path) -> Result<PathBuf, Failure> {
    const VENDORS: usize = 20;
    let specs = folder.join(format!("files{FILES}"));
    if specs.exists() {
        return Ok(specs);
    }
    for vendor in 0..VENDORS {
        let name = format!("vendor{vendor:02}");
        let folder = specs.join(&name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("vendor.yaml"), crate::formats::vendor(&name))?;
        for number in 0..FILES / VENDORS {
            let mut file = String::new();
            let _ = write!(file, "{}", crate::formats::page(&name, number));
            fs::write(folder.join(format!("things{number:04}.delete.yaml")), file)?;
        }
    }
    Ok(specs)
}
