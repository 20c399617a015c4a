//! The runs: who is right about a lying server, then who is how fast, in turns.

use crate::Failure;
use crate::meter::{Reading, meter};
use crate::server::Server;
use crate::tools::{Bench, Tool};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// What is measured together: so many cases at such a latency, by these tools, so often.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) count: usize,
    /// Milliseconds that the server waits before it answers.
    pub(crate) latency: u64,
    pub(crate) tools: Vec<Tool>,
    pub(crate) rounds: usize,
}

impl Plan {
    /// All that is measured; what takes long only where everything is wanted.
    pub(crate) fn all(full: bool) -> Vec<Self> {
        use Tool::{Empty, Floor, Hurl, Proviso, Pytest};
        let plan = |count, latency, tools: &[Tool], rounds| Self { count, latency, tools: tools.to_vec(), rounds };
        let mut plans = vec![
            plan(1, 0, &[Empty, Floor, Proviso, Hurl], 21),
            plan(100, 0, &[Floor, Proviso, Hurl], 15),
            plan(1000, 0, &[Floor, Proviso, Hurl], 15),
            plan(5000, 0, &[Floor, Proviso], 11),
            plan(5000, 0, &[Hurl], 3),
            plan(50_000, 0, &[Floor, Proviso], 3),
            plan(100, 50, &[Floor, Proviso, Hurl], 3),
            plan(1000, 50, &[Floor, Proviso, Hurl], 3),
            plan(1, 0, &[Pytest], 3),
            plan(1000, 0, &[Pytest], 3),
        ];
        if full {
            plans.extend([
                plan(100, 0, &[Pytest], 3),
                plan(5000, 0, &[Pytest], 3),
                plan(100, 50, &[Pytest], 1),
                plan(5000, 50, &[Floor, Proviso, Hurl], 3),
                plan(50_000, 0, &[Floor, Proviso], 5),
                plan(50_000, 0, &[Hurl], 1),
                plan(50_000, 50, &[Floor, Proviso], 1),
            ]);
        }
        plans
    }
}

/// So many cases at such a latency by a tool.
pub(crate) type Key = (u64, usize, Tool);

/// What was measured so far.
pub(crate) struct Runs<'a> {
    bench: &'a Bench,
    readings: BTreeMap<Key, Vec<Reading>>,
    connections: BTreeMap<Key, usize>,
}

impl<'a> Runs<'a> {
    pub(crate) fn new(bench: &'a Bench) -> Self {
        Self { bench, readings: BTreeMap::new(), connections: BTreeMap::new() }
    }

    fn serve(&self, latency: u64, lies: bool) -> Result<Server, Failure> {
        let mut command = Command::new(&self.bench.answerer);
        command.args(["serve", "--latency-ms", &latency.to_string()]);
        if lies {
            command.arg("--lie");
        }
        Server::start(&mut command)
    }

    /// Has every tool look at a server that lies to ten of a hundred cases. Who does not find all ten is not measured.
    pub(crate) fn prove(&self) -> Result<(), Failure> {
        let server = self.serve(0, true)?;
        for tool in Tool::ALL.into_iter().filter(|tool| *tool != Tool::Empty && self.bench.has(*tool)) {
            self.bench.write(100, &[tool])?;
            let log = self.bench.folder.join("log");
            let reading = meter(&self.bench.call(tool, &server.base), &self.bench.place(tool, 100), &log)?;
            let told = fs::read_to_string(&log)?;
            let failed = Bench::failed(tool, &told);
            let counted = server.counted()?;
            if failed != Some(10) || reading.code == 0 || counted.requests != 100 {
                let name = tool.name();
                return Err(format!(
                    "{name} told {failed:?} of 10 lies, with {counted:?}, and ended with {}:\n{told}",
                    reading.code
                )
                .into());
            }
            eprintln!("{}: 10 of 10 lies found, 100 requests sent", tool.name());
        }
        Ok(())
    }

    /// Lets the tools take turns.
    pub(crate) fn measure(&mut self, plan: &Plan) -> Result<(), Failure> {
        let tools: Vec<Tool> = plan.tools.iter().copied().filter(|tool| self.bench.has(*tool)).collect();
        self.bench.write(plan.count, &tools)?;
        let server = self.serve(plan.latency, false)?;
        for _ in 0..plan.rounds {
            for tool in &tools {
                self.turn(plan, *tool, &server)?;
            }
        }
        eprintln!("{} cases at {} ms: {} rounds", plan.count, plan.latency, plan.rounds);
        Ok(())
    }

    fn turn(&mut self, plan: &Plan, tool: Tool, server: &Server) -> Result<(), Failure> {
        let log = self.bench.folder.join("log");
        let reading = meter(&self.bench.call(tool, &server.base), &self.bench.place(tool, plan.count), &log)?;
        let counted = server.counted()?;
        let due = if tool == Tool::Empty { 0 } else { plan.count };
        if reading.code != 0 || counted.requests != due {
            let told = fs::read_to_string(&log)?;
            let end = &told[told.floor_char_boundary(told.len().saturating_sub(2000))..];
            return Err(format!(
                "{} ended with {}, {due} requests were due: {counted:?}\n{end}",
                tool.name(),
                reading.code
            )
            .into());
        }
        let key = (plan.latency, plan.count, tool);
        self.readings.entry(key).or_default().push(reading);
        self.connections.insert(key, counted.connections);
        Ok(())
    }

    /// The median of what was read of a key.
    pub(crate) fn median(&self, key: Key, of: fn(&Reading) -> f64) -> Option<f64> {
        median(self.readings.get(&key)?.iter().map(of).collect())
    }

    /// The connections that the server saw.
    pub(crate) fn connections(&self, key: Key) -> Option<usize> {
        self.connections.get(&key).copied()
    }

    /// The sizes at which a tool was measured at a latency.
    pub(crate) fn counts(&self, latency: u64, tool: Tool) -> Vec<usize> {
        let own = self.readings.keys().filter(|(known, _, by)| *known == latency && *by == tool);
        own.map(|(_, count, _)| *count).collect()
    }

    /// Everything, as Markdown.
    pub(crate) fn table(&self) -> String {
        let mut text = String::from(
            "| cases at latency | tool | wall ms: median [least, most] | CPU ms | peak MB | wall / floor | CPU / floor | µs CPU a further case | connections | runs |\n\
             |---:|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for ((latency, count, tool), readings) in &self.readings {
            let key = (*latency, *count, *tool);
            let of = |what: fn(&Reading) -> f64| self.median(key, what).unwrap_or_default();
            let walls: Vec<f64> = readings.iter().map(|reading| reading.wall).collect();
            let least = walls.iter().copied().fold(f64::INFINITY, f64::min);
            let most = walls.iter().copied().fold(0.0, f64::max);
            let beside = |what: fn(&Reading) -> f64| {
                let floor = self.median((*latency, *count, Tool::Floor), what);
                floor.map_or_else(String::new, |floor| format!("{:.2}", of(what) / floor))
            };
            let more = self.marginal(key).map_or_else(String::new, |more| format!("{more:.1}"));
            let _ = writeln!(
                text,
                "| {count} at {latency} ms | {} | {:.1} [{least:.1}, {most:.1}] | {:.1} | {:.1} | {} | {} | {more} | {} | {} |",
                tool.name(),
                of(|reading| reading.wall),
                of(|reading| reading.cpu),
                of(|reading| reading.memory),
                beside(|reading| reading.wall),
                beside(|reading| reading.cpu),
                self.connections(key).unwrap_or_default(),
                readings.len()
            );
        }
        text
    }

    /// The microseconds of processor that each further case took, from the next smaller size on.
    pub(crate) fn marginal(&self, (latency, count, tool): Key) -> Option<f64> {
        let smaller = self.counts(latency, tool).into_iter().rfind(|known| *known < count)?;
        let cpu = |count| self.median((latency, count, tool), |reading| reading.cpu);
        Some((cpu(count)? - cpu(smaller)?) * 1e3 / (count - smaller) as f64)
    }
}

/// The middle one of so many; of an even number, the mean of the middle two.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (left, right) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*left, *right))
}
