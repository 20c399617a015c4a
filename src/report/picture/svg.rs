//! State machines as one SVG image that needs nothing else, in light and in dark.

use super::layout::{DOT, LETTER, LINE, Layout, NAME, PADDING, Point, Rect, Route, layout};
use super::{Edge, Machine, State};
use crate::text::visible;

/// The room around the image.
const MARGIN: f64 = 24.0;
/// The height of a resource's heading.
const HEADING: f64 = 44.0;
/// The room below a machine.
const BELOW: f64 = 28.0;
/// The room between one machine and the next.
const APART: f64 = 20.0;
/// The length of an arrow's head.
const HEAD: f64 = 9.0;

/// The looks. Every selector names the image's own class, so that it can stand inside another page.
const STYLE: &str = "\
.proviso-machine{--ground:#fff;--box:#f6f8fa;--line:#57606a;--text:#1f2328;--faint:#59636e;--accent:#0969da;\
font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\
@media(prefers-color-scheme:dark){.proviso-machine{--ground:#0d1117;--box:#161b22;--line:#8d96a0;--text:#e6edf3;\
--faint:#9198a1;--accent:#58a6ff}}\
.proviso-machine .ground{fill:var(--ground)}\
.proviso-machine .resource{font-size:17px;font-weight:600;fill:var(--text)}\
.proviso-machine .state rect{fill:var(--box);stroke:var(--line);stroke-width:1.2}\
.proviso-machine .unreached rect{stroke-dasharray:5 4}\
.proviso-machine .name{font-size:14px;font-weight:600;fill:var(--text)}\
.proviso-machine .row,.proviso-machine .note{font-family:ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',monospace;font-size:11px}\
.proviso-machine .row{fill:var(--accent)}\
.proviso-machine .stays .row,.proviso-machine .note{fill:var(--faint)}\
.proviso-machine .edge path{fill:none;stroke:var(--line);stroke-width:1.4}\
.proviso-machine .edge .head,.proviso-machine .start,.proviso-machine .loop .head{fill:var(--line);stroke:none}\
.proviso-machine .loop path{fill:none;stroke:var(--faint);stroke-width:1.1}\
.proviso-machine .edge .row{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}";

/// One image of all machines, one below the other.
pub fn svg(title: &str, machines: &[Machine]) -> String {
    let mut body = Vec::new();
    let mut y = MARGIN;
    let mut width: f64 = 240.0;
    for machine in machines.iter().filter(|machine| !machine.states.is_empty()) {
        let layout = layout(machine);
        let notes = notes(machine);
        body.push(format!("<g transform=\"translate({MARGIN} {y:.1})\">"));
        draw(machine, &layout, &notes, &mut body);
        body.push("</g>".to_owned());
        let noted = notes.iter().map(|note| measure(note)).fold(0.0, f64::max);
        width = width.max(layout.width).max(noted);
        y += HEADING + layout.height + BELOW + lines(notes.len()) + APART;
    }
    let (width, height) = (width + 2.0 * MARGIN, y - APART);
    let open = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"proviso-machine\" role=\"img\" width=\"{width:.0}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">"
    );
    let ground = format!("<rect class=\"ground\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\"/>");
    let head = [open, format!("<title>{}</title>", escape(title)), format!("<style>{STYLE}</style>"), ground];
    head.into_iter().chain(body).chain(["</svg>\n".to_owned()]).collect::<Vec<_>>().join("\n")
}

fn draw(machine: &Machine, layout: &Layout, notes: &[String], body: &mut Vec<String>) {
    let inside = machine.parent.as_ref().map_or_else(String::new, |parent| format!(" in {parent}"));
    body.push(text(("resource", None), (0.0, 16.0), "start", &format!("{}{inside}", machine.resource)));
    body.push(format!("<g transform=\"translate(0 {HEADING})\">"));
    for ((edge, route), label) in machine.edges.iter().zip(&layout.routes).zip(&layout.labels) {
        body.push(draw_edge(edge, route, *label));
    }
    if let Some(start) = layout.start {
        let radius = DOT / 2.0;
        body.push(format!(
            "<circle class=\"start\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\"/>",
            start.x + radius,
            start.y + radius
        ));
    }
    for (index, (state, rect)) in machine.states.iter().zip(&layout.boxes).enumerate() {
        let reached = machine.edges.iter().any(|edge| edge.to == index);
        body.push(draw_state(state, rect, reached));
    }
    for (number, note) in notes.iter().enumerate() {
        body.push(text(("note", None), (0.0, layout.height + BELOW + lines(number)), "start", note));
    }
    body.push("</g>".to_owned());
}

fn draw_state(state: &State, rect: &Rect, reached: bool) -> String {
    let Rect { x, y, width, height } = rect;
    let class = if reached { "state" } else { "state unreached" };
    let mut parts = vec![
        format!("<g class=\"{class}\" data-state=\"{}\">", escape(&state.name)),
        format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\"/>"),
        text(("name", None), (x + PADDING, y + PADDING + 13.0), "start", &state.name),
    ];
    let mut below = y + PADDING + NAME + 10.0;
    if let Some(variable) = &state.fixture {
        parts.push(text(("note", None), (x + PADDING, below), "start", &format!("${variable}")));
        below += LINE;
    }
    if !state.stays.is_empty() {
        parts.push("<g class=\"stays\">".to_owned());
        parts.push(draw_loop((x + PADDING + 5.0, below - 4.0)));
        for (number, row) in state.stays.iter().enumerate() {
            let at = (x + PADDING + 3.0 * LETTER, below + lines(number));
            parts.push(text(("row", Some(row)), at, "start", row));
        }
        parts.push("</g>".to_owned());
    }
    parts.push("</g>".to_owned());
    parts.concat()
}

/// A small arrow that comes back to where it began: what stands beside it leaves the state as it is.
fn draw_loop((x, y): Point) -> String {
    format!(
        "<g class=\"loop\"><title>these rows leave the state as it is</title>\
         <path d=\"M{:.1} {:.1}A4.5 4.5 0 1 0 {:.1} {:.1}\"/>\
         <path class=\"head\" d=\"M{:.1} {:.1}l5 -0.5l-2.6 4.4z\"/></g>",
        x + 1.0,
        y - 4.3,
        x + 4.3,
        y - 1.4,
        x + 1.6,
        y - 3.0
    )
}

fn draw_edge(edge: &Edge, route: &Route, label: Point) -> String {
    let (path, end) = match route {
        Route::Curve(begin, end) => (curve(*begin, *end), *end),
        Route::Lane(points) => (lane(points), points.last().copied().unwrap_or_default()),
    };
    let (x, y) = end;
    let mut parts = vec![
        "<g class=\"edge\">".to_owned(),
        format!("<path d=\"{path}\"/>"),
        format!("<path class=\"head\" d=\"M{x:.1} {y:.1}l-{HEAD} -4.5v9z\"/>"),
    ];
    for (number, row) in edge.rows.iter().rev().enumerate() {
        parts.push(text(("row", Some(row)), (label.0, label.1 - lines(number)), "middle", row));
    }
    parts.push("</g>".to_owned());
    parts.concat()
}

fn curve((x, y): Point, (to_x, to_y): Point) -> String {
    let bend = (to_x - x) / 2.0;
    let stop = to_x - HEAD + 1.0;
    format!("M{x:.1} {y:.1}C{:.1} {y:.1} {:.1} {to_y:.1} {stop:.1} {to_y:.1}", x + bend, to_x - bend)
}

/// Straight stretches with round corners.
fn lane(points: &[Point]) -> String {
    const ROUND: f64 = 8.0;
    let Some(((x, y), _)) = points.split_first() else { return String::new() };
    let mut path = format!("M{x:.1} {y:.1}");
    for window in points.windows(3) {
        let [before, corner, after] = window else { continue };
        let toward = |to: &Point| {
            let (dx, dy) = (to.0 - corner.0, to.1 - corner.1);
            let length = dx.hypot(dy).max(1.0);
            let step = ROUND.min(length / 2.0);
            (corner.0 + dx / length * step, corner.1 + dy / length * step)
        };
        let (enter, leave) = (toward(before), toward(after));
        path = format!(
            "{path}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            enter.0, enter.1, corner.0, corner.1, leave.0, leave.1
        );
    }
    let end = points.last().map_or_else(String::new, |(x, y)| format!("L{:.1} {y:.1}", x - HEAD + 1.0));
    path + &end
}

/// What is true whatever the state, below the picture: a line for each operation.
fn notes(machine: &Machine) -> Vec<String> {
    let absent = format!("on no {} of ours", machine.resource);
    let mut notes = Vec::new();
    for (what, rows) in [("in any state", &machine.anywhere), (absent.as_str(), &machine.strangers)] {
        let mut operations: Vec<(&str, Vec<&str>)> = Vec::new();
        for (operation, row) in rows.iter().filter_map(|name| name.split_once('/')) {
            match operations.iter_mut().find(|(known, _)| *known == operation) {
                Some((_, names)) => names.push(row),
                None => operations.push((operation, vec![row])),
            }
        }
        notes.extend(operations.iter().map(|(operation, names)| format!("{what}, {operation}: {}", names.join(", "))));
    }
    notes
}

/// The width of a text in letters of one width.
fn measure(text: &str) -> f64 {
    f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX)) * LETTER
}

/// The height of so many lines.
fn lines(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * LINE
}

/// A text of a class, with the row that it names.
fn text((class, row): (&str, Option<&str>), (x, y): Point, anchor: &str, content: &str) -> String {
    let row = row.map_or_else(String::new, |row| format!(" data-row=\"{}\"", escape(row)));
    let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    format!(
        "<text class=\"{class}\"{row} x=\"{x:.1}\" y=\"{y:.1}\"{anchor} xml:space=\"preserve\">{}</text>",
        escape(content)
    )
}

/// Text as it may stand between tags and in attributes.
fn escape(text: &str) -> String {
    visible::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
