//! How fast proviso is, each figure a ratio to what was measured beside it: `cargo bench --bench ratio`.
//!
//! Every tool runs the same cases against the same server, which stands on a core of its own; the tools take turns on the other.
//! Before time counts, every tool must have found the lies of a lying server, and whenever it counts the server must have seen
//! exactly the requests that were due. `--full` measures the long ones too, `--rounds N` sets how often, `--rest` leaves the
//! cases out, and `--cases N` only writes N cases and tells where. hurl and pytest are measured where they are on PATH.
#![expect(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a benchmark prints its tables, and may stop where its own data are not as it wrote them"
)]

mod case;
mod chart;
mod formats;
mod goals;
mod load;
mod meter;
mod once;
mod runs;
mod server;
mod tools;

use runs::{Plan, Runs};
use std::path::PathBuf;
use tools::{Bench, Tool};

/// Anything that ends the benchmark.
pub(crate) type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|word| word == meter::WORD).is_some() {
        return meter::main(arguments);
    }
    let arguments: Vec<String> = arguments.collect();
    let has = |word: &str| arguments.iter().any(|known| known == word);
    let behind = |word: &str| arguments.iter().skip_while(|known| *known != word).nth(1);
    let number = |word: &str| behind(word).map(|text| text.parse::<usize>()).transpose();

    if cfg!(debug_assertions) {
        println!("built without optimisation: the ratios mean nothing");
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ratio");
    let bench = Bench::find(folder)?;
    if let Some(count) = number("--cases")? {
        bench.write(count, &[Tool::Floor, Tool::Proviso])?;
        println!("{}", bench.home(count).display());
        return Ok(());
    }
    for tool in Tool::ALL.into_iter().filter(|tool| !bench.has(*tool)) {
        println!("{} is not there: not measured", tool.name());
    }
    let mut runs = Runs::new(&bench);
    let rounds = number("--rounds")?;
    let plans = if has("--rest") { Vec::new() } else { Plan::all(has("--full")) };
    if !plans.is_empty() {
        runs.prove()?;
    }
    for plan in plans {
        let rounds = rounds.unwrap_or(plan.rounds);
        runs.measure(&Plan { rounds, ..plan })?;
    }
    let once = once::measure(&bench, rounds.unwrap_or(7))?;
    println!("\n{}", runs.table());
    println!("{}", goals::table(&runs, &once));
    let images = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".github/images");
    if !cfg!(debug_assertions) && !has("--rest") {
        std::fs::create_dir_all(&images)?;
        std::fs::write(images.join("speed.svg"), chart::draw(&runs))?;
        println!("drawn in {}", images.join("speed.svg").display());
    }
    Ok(())
}
