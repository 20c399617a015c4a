//! The goals, each with what was measured and whether it is met.

use crate::meter::Reading;
use crate::once::{FILES, Once};
use crate::runs::Runs;
use crate::tools::{IN_FLIGHT, Tool};

struct Goal {
    what: String,
    bound: f64,
    measured: Option<f64>,
    /// Whether more is better.
    at_least: bool,
}

/// The table of all goals, as Markdown.
pub(crate) fn table(runs: &Runs<'_>, once: &Once) -> String {
    let wall: fn(&Reading) -> f64 = |reading| reading.wall;
    let cpu: fn(&Reading) -> f64 = |reading| reading.cpu;
    let memory: fn(&Reading) -> f64 = |reading| reading.memory;
    let ratio = |latency, count, tool: Tool, other: Tool, of| {
        Some(runs.median((latency, count, tool), of)? / runs.median((latency, count, other), of)?)
    };
    let mut goals = Vec::new();
    let mut most =
        |what: String, bound: f64, measured: Option<f64>| goals.push(Goal { what, bound, measured, at_least: false });
    for count in [1000, 5000] {
        most(format!("{count} cases, wall over the floor's"), 1.5, ratio(0, count, Tool::Proviso, Tool::Floor, wall));
        most(format!("{count} cases, CPU over the floor's"), 1.5, ratio(0, count, Tool::Proviso, Tool::Floor, cpu));
    }
    most("1000 cases, wall over hurl's".into(), 1.0 / 3.5, ratio(0, 1000, Tool::Proviso, Tool::Hurl, wall));
    most("1000 cases, CPU over hurl's".into(), 1.0 / 6.0, ratio(0, 1000, Tool::Proviso, Tool::Hurl, cpu));
    let waits = (1000.0 / IN_FLIGHT as f64).ceil() * 50.0;
    let waited = runs.median((50, 1000, Tool::Proviso), wall).map(|wall| wall / waits);
    most(format!("1000 cases at 50 ms, wall over the waits' {waits}"), 1.08, waited);
    let default = once.in_flight.iter().find(|(jobs, _)| *jobs == IN_FLIGHT).map(|(_, wall)| *wall);
    let best = once.in_flight.iter().copied().min_by(|left, right| left.1.total_cmp(&right.1));
    if let (Some(default), Some((jobs, wall))) = (default, best) {
        most(format!("1000 cases at 50 ms, {IN_FLIGHT} in flight over the best, {jobs}"), 1.1, Some(default / wall));
    }
    most("one case, wall over an empty binary's".into(), 5.0, ratio(0, 1, Tool::Proviso, Tool::Empty, wall));
    most("5000 cases, peak memory over the floor's".into(), 2.0, ratio(0, 5000, Tool::Proviso, Tool::Floor, memory));
    let growth = || {
        let of = |count| runs.median((0, count, Tool::Proviso), memory);
        Some((of(50_000)? - of(1000)?) * 1024.0 / 49_000.0)
    };
    most("kB that a further case takes, from 1000 to 50000".into(), 2.0, growth());
    let slope = || {
        let of = |count| runs.median((0, count, Tool::Proviso), cpu);
        let late = (of(50_000)? - of(5000)?) / 45_000.0;
        Some(late / ((of(5000)? - of(1)?) / 4999.0))
    };
    most("CPU a further case: from 5000 to 50000 over from 1 to 5000".into(), 1.15, slope());
    most(format!("`lint` of {FILES} operation files, CPU over parsing them"), 3.0, Some(once.lint.ratio()));
    most("`proviso list`, wall over an empty binary's".into(), 5.0, Some(once.list.ratio()));
    most("`proviso`, all on the mock, wall over an empty binary's".into(), 40.0, Some(once.whole.ratio()));
    most("one trial of a process, wall over one by hand".into(), 1.3, Some(once.trial.ratio()));
    goals.push(Goal {
        what: "the mock, requests a second of processor over bare hyper's".into(),
        bound: 0.7,
        measured: Some(once.mock.ratio()),
        at_least: true,
    });
    let mut text = String::from("| goal | bound | measured | |\n|---|---:|---:|---|\n");
    for Goal { what, bound, measured, at_least } in goals {
        let (sign, met) =
            if at_least { (">=", measured.map(|it| it >= bound)) } else { ("<=", measured.map(|it| it <= bound)) };
        let measured = measured.map_or_else(|| "-".into(), |measured| format!("{measured:.2}"));
        let met = match met {
            Some(true) => "met",
            Some(false) => "**not met**",
            None => "not measured",
        };
        text.push_str(&format!("| {what} | {sign} {bound:.2} | {measured} | {met} |\n"));
    }
    text
}
