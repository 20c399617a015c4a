//! State machines as SVG: an image that needs nothing else, in light and in dark, or a part of a page with its own colours.

use super::layout::{DOT, LETTER, LINE, Layout, NAME, PADDING, Point, Rect, Route, extent, layout};
use super::{Machine, MachineEdge, MachineState};
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
/// The least width of an image without its margins.
const NARROWEST: f64 = 240.0;

/// The colours of an image; a page has its own.
const PALETTE: &str = "\
.proviso-machine{--ground:#fff;--box:#f6f8fa;--line:#57606a;--text:#1f2328;--faint:#59636e;--accent:#0969da;\
font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\
@media(prefers-color-scheme:dark){.proviso-machine{--ground:#0d1117;--box:#161b22;--line:#8d96a0;--text:#e6edf3;\
--faint:#9198a1;--accent:#58a6ff}}";

/// The looks in the colours of an image or of a page. Every selector names the drawing's own class, so that it changes nothing
/// else of a page.
pub const LOOKS: &str = "\
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
    let mut body = String::new();
    let mut y = MARGIN;
    let mut width = NARROWEST;
    for machine in machines.iter().filter(|machine| !machine.states.is_empty()) {
        let drawing = Drawing::new(machine);
        let inside = machine.parent.as_ref().map_or_else(String::new, |parent| format!(" in {parent}"));
        let heading = text_element("resource", (0.0, 16.0), &format!("{}{inside}", machine.resource));
        body += &format!("<g transform=\"translate({MARGIN} {y:.1})\">\n{heading}\n");
        body += &format!("<g transform=\"translate(0 {HEADING})\">\n{}", drawing.elements());
        for (number, note) in drawing.notes.iter().enumerate() {
            body += &text_element("note", drawing.note_place(number), &note.words());
            body.push('\n');
        }
        body += "</g>\n</g>\n";
        width = width.max(drawing.width());
        y += HEADING + drawing.height() + APART;
    }
    let (title, width, height) = (escape_markup(title), width + 2.0 * MARGIN, y - APART);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"proviso-machine\" role=\"img\" width=\"{width:.0}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n<title>{title}</title>\n\
         <style>{PALETTE}{LOOKS}</style>\n\
         <rect class=\"ground\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\"/>\n{body}</svg>\n"
    )
}

/// A machine as a part of a page, which has [`LOOKS`] and colours of its own: every name of a row is an element with
/// `data-row`. A machine without states is not drawn.
pub fn page_svg(label: &str, machine: &Machine) -> Option<String> {
    if machine.states.is_empty() {
        return None;
    }
    let drawing = Drawing::new(machine);
    let top = MARGIN - drawing.layout.top_of_labels(machine);
    let (width, height) = (drawing.width() + 2.0 * MARGIN, drawing.height() + top);
    let notes = drawing.notes.iter().enumerate();
    let notes: String = notes.map(|(number, note)| note.marked(drawing.note_place(number))).collect();
    let (label, elements) = (escape_markup(label), drawing.elements());
    Some(format!(
        "<svg class=\"proviso-machine machine\" role=\"group\" aria-label=\"{label}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\
         <g transform=\"translate({MARGIN} {top:.1})\">{elements}{notes}</g></svg>"
    ))
}

/// A machine with a place for everything, and the notes below it.
struct Drawing<'a> {
    machine: &'a Machine,
    layout: Layout,
    notes: Vec<Note<'a>>,
}

impl<'a> Drawing<'a> {
    fn new(machine: &'a Machine) -> Self {
        let mut notes = Vec::new();
        add_notes("in any state", &machine.anywhere, &mut notes);
        add_notes(&format!("on no {} of ours", machine.resource), &machine.strangers, &mut notes);
        Self { machine, layout: layout(machine), notes }
    }

    fn width(&self) -> f64 {
        self.notes.iter().map(|note| extent(note.words().chars().count(), LETTER)).fold(self.layout.width, f64::max)
    }

    /// The height with that of the notes.
    fn height(&self) -> f64 {
        self.layout.height + BELOW + extent(self.notes.len(), LINE)
    }

    fn note_place(&self, number: usize) -> Point {
        (0.0, self.layout.height + BELOW + extent(number, LINE))
    }

    /// The elements of the machine, without its notes; one on each line.
    fn elements(&self) -> String {
        let Self { machine, layout, .. } = self;
        let edges = machine.edges.iter().zip(&layout.routes).zip(&layout.labels);
        let edges = edges.map(|((edge, route), label)| edge_element(edge, route, *label));
        let states = machine.states.iter().zip(&layout.boxes).enumerate().map(|(position, (state, rect))| {
            let reached = machine.edges.iter().any(|edge| edge.to == position);
            state_element(state, rect, reached)
        });
        let elements = edges.chain(layout.start.map(start_element)).chain(states);
        elements.map(|element| element + "\n").collect()
    }
}

impl Layout {
    /// The top of the highest label of an edge, where it is above everything else.
    fn top_of_labels(&self, machine: &Machine) -> f64 {
        let labels = machine.edges.iter().zip(&self.labels);
        labels.map(|(edge, label)| label.1 - extent(edge.rows.len(), LINE)).fold(0.0, f64::min)
    }
}

/// The rows of one operation that answer in any state or about strangers: a line below the picture.
struct Note<'a> {
    about: String,
    /// The rows of the operation: `operation/row`, and the row alone.
    rows: Vec<(&'a str, &'a str)>,
}

fn add_notes<'a>(about: &str, rows: &'a [String], notes: &mut Vec<Note<'a>>) {
    for name in rows {
        let Some((operation, row)) = name.split_once('/') else { continue };
        let about = format!("{about}, {operation}: ");
        match notes.iter_mut().find(|note| note.about == about) {
            Some(note) => note.rows.push((name, row)),
            None => notes.push(Note { about, rows: vec![(name, row)] }),
        }
    }
}

impl Note<'_> {
    fn words(&self) -> String {
        let rows: Vec<&str> = self.rows.iter().map(|(_, row)| *row).collect();
        format!("{}{}", self.about, rows.join(", "))
    }

    /// The note with an element for every row.
    fn marked(&self, (x, y): Point) -> String {
        let rows = self.rows.iter();
        let rows = rows
            .map(|(name, row)| format!("<tspan data-row=\"{}\">{}</tspan>", escape_markup(name), escape_markup(row)));
        let rows: Vec<String> = rows.collect();
        let (about, rows) = (escape_markup(&self.about), rows.join(", "));
        format!("<text class=\"note\" x=\"{x:.1}\" y=\"{y:.1}\" xml:space=\"preserve\">{about}{rows}</text>")
    }
}

fn start_element(dot: Rect) -> String {
    let radius = DOT / 2.0;
    let (x, y) = (dot.x + radius, dot.y + radius);
    format!("<circle class=\"start\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>")
}

fn state_element(state: &MachineState, rect: &Rect, reached: bool) -> String {
    let Rect { x, y, width, height } = rect;
    let class = if reached { "state" } else { "state unreached" };
    let mut group = format!(
        "<g class=\"{class}\" data-state=\"{}\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
         height=\"{height:.1}\" rx=\"8\"/>",
        escape_markup(&state.name)
    );
    group += &text_element("name", (x + PADDING, y + PADDING + 13.0), &state.name);
    let mut below = y + PADDING + NAME + 10.0;
    if let Some(variable) = &state.fixture {
        group += &text_element("note", (x + PADDING, below), &format!("${variable}"));
        below += LINE;
    }
    if !state.stays.is_empty() {
        let rows = state.stays.iter().enumerate();
        let rows =
            rows.map(|(number, row)| row_element((x + PADDING + 3.0 * LETTER, below + extent(number, LINE)), "", row));
        let arrow = loop_element((x + PADDING + 5.0, below - 4.0));
        group += &format!("<g class=\"stays\">{arrow}{}</g>", rows.collect::<String>());
    }
    group + "</g>"
}

/// A small arrow that comes back to where it began: the rows beside it leave the state as it is.
fn loop_element((x, y): Point) -> String {
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

fn edge_element(edge: &MachineEdge, route: &Route, label: Point) -> String {
    let (path, (x, y)) = match route {
        Route::Curve(begin, end) => (curve_path(*begin, *end), *end),
        Route::Lane(points) => (lane_path(points), points.last().copied().unwrap_or_default()),
    };
    let rows = edge.rows.iter().rev().enumerate();
    let rows = rows
        .map(|(number, row)| row_element((label.0, label.1 - extent(number, LINE)), " text-anchor=\"middle\"", row));
    let head = format!("<path class=\"head\" d=\"M{x:.1} {y:.1}l-{HEAD} -4.5v9z\"/>");
    format!("<g class=\"edge\"><path d=\"{path}\"/>{head}{}</g>", rows.collect::<String>())
}

fn curve_path((x, y): Point, (to_x, to_y): Point) -> String {
    let bend = (to_x - x) / 2.0;
    let stop = to_x - HEAD + 1.0;
    format!("M{x:.1} {y:.1}C{:.1} {y:.1} {:.1} {to_y:.1} {stop:.1} {to_y:.1}", x + bend, to_x - bend)
}

/// Straight stretches with round corners.
fn lane_path(points: &[Point]) -> String {
    let [(x, y), .., (end_x, end_y)] = points else { return String::new() };
    let mut path = format!("M{x:.1} {y:.1}");
    for window in points.windows(3) {
        let [before, corner, after] = window else { continue };
        let (enter, leave) = (point_before(*corner, *before), point_before(*corner, *after));
        path += &format!("L{:.1} {:.1}", enter.0, enter.1);
        path += &format!("Q{:.1} {:.1} {:.1} {:.1}", corner.0, corner.1, leave.0, leave.1);
    }
    path + &format!("L{:.1} {end_y:.1}", end_x - HEAD + 1.0)
}

/// The point on the way from a corner to another point at which the round of the corner ends.
fn point_before(corner: Point, to: Point) -> Point {
    const ROUND: f64 = 8.0;
    let (dx, dy) = (to.0 - corner.0, to.1 - corner.1);
    let length = dx.hypot(dy).max(1.0);
    let step = ROUND.min(length / 2.0);
    (corner.0 + dx / length * step, corner.1 + dy / length * step)
}

/// A text of a class.
fn text_element(class: &str, (x, y): Point, content: &str) -> String {
    let content = escape_markup(content);
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" xml:space=\"preserve\">{content}</text>")
}

/// The name of a row.
fn row_element((x, y): Point, anchor: &str, row: &str) -> String {
    let row = escape_markup(row);
    format!(
        "<text class=\"row\" data-row=\"{row}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor} xml:space=\"preserve\">{row}</text>"
    )
}

/// Text as it may be between tags and in attributes.
pub fn escape_markup(text: &str) -> String {
    visible::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
