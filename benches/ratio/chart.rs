//! The chart: milliseconds of wall time over the number of cases, a line a tool, both axes by powers of ten.

use crate::runs::Runs;
use crate::tools::Tool;
use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 350.0;
/// The powers of ten at the ends of the axes.
const CASES: (f64, f64) = (0.0, 4.7);
const MILLISECONDS: (f64, f64) = (0.0, 4.3);

fn x(count: usize) -> f64 {
    LEFT + ((count as f64).log10() - CASES.0) / (CASES.1 - CASES.0) * (RIGHT - LEFT)
}

fn y(milliseconds: f64) -> f64 {
    BOTTOM - (milliseconds.log10() - MILLISECONDS.0) / (MILLISECONDS.1 - MILLISECONDS.0) * (BOTTOM - TOP)
}

/// The chart as SVG that is read on light and on dark pages.
pub(crate) fn draw(runs: &Runs<'_>) -> String {
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Wall time over the number of cases">
<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff"/>
<text x="{LEFT}" y="28" font-weight="600" fill="#1f2328">Wall time of N cases, one core, 0 ms latency</text>
"##
    );
    for (value, word) in [(1.0, "1 ms"), (10.0, "10 ms"), (100.0, "100 ms"), (1e3, "1 s"), (1e4, "10 s")] {
        let at = y(value);
        let _ = writeln!(
            svg,
            r##"<line x1="{LEFT}" x2="{RIGHT}" y1="{at:.1}" y2="{at:.1}" stroke="#d0d7de"/><text x="{}" y="{:.1}" text-anchor="end" fill="#57606a">{word}</text>"##,
            LEFT - 8.0,
            at + 4.0
        );
    }
    for (count, word) in [(1, "1"), (10, "10"), (100, "100"), (1000, "1,000"), (10_000, "10,000"), (50_000, "50,000")] {
        let _ = writeln!(
            svg,
            r##"<text x="{:.1}" y="{}" text-anchor="middle" fill="#57606a">{word}</text>"##,
            x(count),
            BOTTOM + 22.0
        );
    }
    let _ = writeln!(svg, r##"<text x="{LEFT}" y="{}" fill="#57606a">cases</text>"##, BOTTOM + 42.0);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for tool in [Tool::Pytest, Tool::Hurl, Tool::Proviso, Tool::Floor, Tool::Empty] {
        let wall = |count| runs.median((0, count, tool), |reading| reading.wall);
        let points: Vec<(f64, f64)> =
            runs.counts(0, tool).into_iter().filter_map(|count| Some((x(count), y(wall(count)?)))).collect();
        let Some((end, height)) = points.last().copied() else { continue };
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let colour = tool.colour();
        let _ = writeln!(
            svg,
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>"#,
            line.join(" ")
        );
        for (x, y) in &points {
            let _ = writeln!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" fill="{colour}"/>"#);
        }
        // Names that would lie on each other move apart.
        let mut label = height + 4.0;
        let lies_on = |(x, y): &&(f64, f64), label: f64| (x - end).abs() < 90.0 && (y - label).abs() < 16.0;
        while let Some((_, other)) = taken.iter().find(|other| lies_on(other, label)) {
            label = other + 16.0;
        }
        taken.push((end, label));
        let _ = writeln!(
            svg,
            r#"<text x="{:.1}" y="{label:.1}" fill="{colour}" font-weight="600">{}</text>"#,
            end + 10.0,
            tool.name().split([',', '-']).next().unwrap_or_default().trim_end()
        );
    }
    svg + "</svg>\n"
}
