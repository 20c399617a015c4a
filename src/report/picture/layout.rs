//! Where the states and the transitions of a machine stand: layers from left to right, by their distance from nothing.

use super::{Edge, Machine, State};
use std::collections::VecDeque;

/// The width of a letter of a row's name, which is of one width.
pub(super) const LETTER: f64 = 6.7;
/// The height of a line of text.
pub(super) const LINE: f64 = 15.0;
/// The room around what stands in a box.
pub(super) const PADDING: f64 = 12.0;
/// The height of a state's name.
pub(super) const NAME: f64 = 20.0;
/// The size of the dot for nothing.
pub(super) const DOT: f64 = 14.0;
/// The width of a letter of a state's name.
const NAME_LETTER: f64 = 8.6;
/// The room between boxes, one below the other, and between lanes.
const GAP: f64 = 30.0;
/// The room between lanes where they run up and down.
const LANE: f64 = 7.0;
/// The least room between two layers.
const NARROWEST: f64 = 64.0;

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    fn right(&self) -> f64 {
        self.x + self.width
    }

    fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// A point.
pub(super) type Point = (f64, f64);

/// How a transition runs; it always ends from the left.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Route {
    /// To the next layer, in one curve.
    Curve(Point, Point),
    /// Anywhere else: around, below all boxes.
    Lane(Vec<Point>),
}

/// A machine with a place for everything in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout {
    /// The dot for nothing, if anything is made.
    pub(super) start: Option<Rect>,
    /// The boxes of the states.
    pub(super) boxes: Vec<Rect>,
    /// The routes of the edges.
    pub(super) routes: Vec<Route>,
    /// The middle of the last line of each edge's label.
    pub(super) labels: Vec<Point>,
    /// The size of it all.
    pub(super) width: f64,
    /// The size of it all.
    pub(super) height: f64,
}

/// Finds a place for everything.
pub(super) fn layout(machine: &Machine) -> Layout {
    let columns = order(machine, &ranks(machine));
    let mut layout = place(machine, &columns);
    route(machine, &columns, &mut layout);
    layout
}

/// The layer of each state: its distance from nothing; what nothing leads to stands before what it leads to.
fn ranks(machine: &Machine) -> Vec<usize> {
    let mut ranks: Vec<Option<usize>> = vec![None; machine.states.len()];
    let mut queue: VecDeque<(Option<usize>, usize)> = VecDeque::from([(None, 0)]);
    loop {
        while let Some((from, rank)) = queue.pop_front() {
            for edge in machine.edges.iter().filter(|edge| edge.from == from) {
                if let Some(unranked @ None) = ranks.get_mut(edge.to) {
                    *unranked = Some(rank + 1);
                    queue.push_back((Some(edge.to), rank + 1));
                }
            }
        }
        let Some(root) = ranks.iter().position(Option::is_none) else { break };
        let next = machine.edges.iter().filter(|edge| edge.from == Some(root));
        let nearest = next.filter_map(|edge| ranks.get(edge.to).copied().flatten()).min();
        let rank = nearest.map_or(1, |rank| rank.saturating_sub(1).max(1));
        if let Some(unranked) = ranks.get_mut(root) {
            *unranked = Some(rank);
        }
        queue.push_back((Some(root), rank));
    }
    ranks.into_iter().map(Option::unwrap_or_default).collect()
}

/// The states of each layer from top to bottom: each near to what leads to it, and what nothing leads to below.
fn order(machine: &Machine, ranks: &[usize]) -> Vec<Vec<usize>> {
    let last = ranks.iter().copied().max().unwrap_or(0);
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for rank in 1..=last {
        let mut column: Vec<usize> = (0..ranks.len()).filter(|state| ranks.get(*state) == Some(&rank)).collect();
        let before = columns.last().map(Vec::as_slice).unwrap_or_default();
        column.sort_by_key(|state| height_wanted(machine, *state, before));
        columns.push(column);
    }
    columns
}

/// How far down a state wants to be: as far as what leads to it, on average, in thousandths of a box.
fn height_wanted(machine: &Machine, state: usize, before: &[usize]) -> usize {
    let into = machine.edges.iter().filter(|edge| edge.to == state);
    let places = into.filter_map(|edge| match edge.from {
        Some(from) => before.iter().position(|known| *known == from),
        None => Some(0),
    });
    let places: Vec<usize> = places.collect();
    if places.is_empty() { usize::MAX } else { places.iter().sum::<usize>() * 1000 / places.len() }
}

/// A length of so many letters.
fn letters(count: usize, width: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * width
}

fn size(state: &State) -> (f64, f64) {
    let fixture = state.fixture.as_ref().map(|variable| variable.chars().count() + 1);
    let lines = state.stays.iter().map(|row| row.chars().count() + 3).chain(fixture);
    let text = lines.max().map_or(0.0, |count| letters(count, LETTER));
    let width = text.max(letters(state.name.chars().count(), NAME_LETTER)) + 2.0 * PADDING;
    let count = state.stays.len() + usize::from(state.fixture.is_some());
    (width.max(80.0), NAME + letters(count, LINE) + 2.0 * PADDING)
}

fn label_width(edge: &Edge) -> f64 {
    edge.rows.iter().map(|row| letters(row.chars().count(), LETTER)).fold(0.0, f64::max)
}

fn label_height(edge: &Edge) -> f64 {
    letters(edge.rows.len(), LINE)
}

/// The boxes, layer by layer; the first ones of all layers are on one line, since most often they are the way of things.
fn place(machine: &Machine, columns: &[Vec<usize>]) -> Layout {
    let mut layout = Layout { boxes: vec![Rect::default(); machine.states.len()], ..Layout::default() };
    let sizes: Vec<(f64, f64)> = machine.states.iter().map(size).collect();
    let of = |state: &usize| sizes.get(*state).copied().unwrap_or_default();
    let first = columns.iter().filter_map(|column| column.first()).map(|state| of(state).1);
    let middle = first.fold(DOT, f64::max) / 2.0;
    let aside = letters(machine.edges.iter().filter(|edge| !is_next(columns, edge)).count(), 2.0 * LANE);
    let mut x = 0.0;
    if machine.edges.iter().any(|edge| edge.from.is_none()) {
        layout.start = Some(Rect { x, y: middle - DOT / 2.0, width: DOT, height: DOT });
        x = DOT + between(machine, &[], columns.first()) + aside;
    }
    for (index, column) in columns.iter().enumerate() {
        let width = column.iter().map(|state| of(state).0).fold(0.0, f64::max);
        let mut y = middle - column.first().map_or(0.0, |state| of(state).1) / 2.0;
        for state in column {
            if let Some(rect) = layout.boxes.get_mut(*state) {
                *rect = Rect { x, y, width, height: of(state).1 };
                layout.height = layout.height.max(rect.bottom());
            }
            y += of(state).1 + GAP;
        }
        layout.width = x + width;
        x += width + between(machine, column, columns.get(index + 1)) + aside;
    }
    layout
}

/// The room between two layers: what the labels of the transitions between them need.
fn between(machine: &Machine, column: &[usize], next: Option<&Vec<usize>>) -> f64 {
    let Some(next) = next else { return 0.0 };
    let leaves = |edge: &&Edge| match edge.from {
        Some(from) => column.contains(&from),
        None => column.is_empty(),
    };
    let edges = machine.edges.iter().filter(leaves).filter(|edge| next.contains(&edge.to));
    edges.map(label_width).fold(0.0, f64::max) + NARROWEST
}

/// The routes of all edges, with the place of their labels.
fn route(machine: &Machine, columns: &[Vec<usize>], layout: &mut Layout) {
    let mut lanes = 0_usize;
    for (index, edge) in machine.edges.iter().enumerate() {
        let from = edge.from.map_or(layout.start, |from| layout.boxes.get(from).copied()).unwrap_or_default();
        let to = layout.boxes.get(edge.to).copied().unwrap_or_default();
        let begin = (from.right(), from.y + from.height * share(machine, index, Side::Right, layout));
        let end = (to.x, to.y + to.height * share(machine, index, Side::Left, layout));
        if is_next(columns, edge) {
            layout.labels.push((f64::midpoint(begin.0, end.0), f64::midpoint(begin.1, end.1) - 6.0));
            layout.routes.push(Route::Curve(begin, end));
            continue;
        }
        lanes += 1;
        let aside = 12.0 + letters(lanes, LANE);
        let y = layout.height + GAP.min(16.0) + label_height(edge);
        let (out, into) = (begin.0 + aside, end.0 - aside - 6.0);
        layout.labels.push((f64::midpoint(out, into), y - 6.0));
        layout.routes.push(Route::Lane(vec![begin, (out, begin.1), (out, y), (into, y), (into, end.1), end]));
        layout.height = y + 8.0;
        layout.width = layout.width.max(out + 8.0);
    }
}

/// Whether an edge leads to the next layer.
fn is_next(columns: &[Vec<usize>], edge: &Edge) -> bool {
    let column = |state: usize| columns.iter().position(|column| column.contains(&state));
    let next = edge.from.map_or(Some(0), |from| column(from).map(|column| column + 1));
    next == column(edge.to)
}

/// A side of a box.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// How far down a side an edge is joined: those of one side share it, in the order of their other ends.
fn share(machine: &Machine, index: usize, side: Side, layout: &Layout) -> f64 {
    let Some(edge) = machine.edges.get(index) else { return 0.5 };
    let same = |other: &Edge| match side {
        Side::Right => other.from == edge.from,
        Side::Left => other.to == edge.to,
    };
    let height = |other: &Edge| {
        let far = match side {
            Side::Right => Some(other.to),
            Side::Left => other.from,
        };
        far.map_or(Some(0.0), |far| layout.boxes.get(far).map(Rect::bottom)).unwrap_or(0.0)
    };
    let mut others: Vec<(usize, f64)> = machine
        .edges
        .iter()
        .enumerate()
        .filter(|(_, other)| same(other))
        .map(|(at, other)| (at, height(other)))
        .collect();
    others.sort_by(|(_, left), (_, right)| left.total_cmp(right));
    let place = others.iter().position(|(at, _)| *at == index).unwrap_or(0);
    letters(place + 1, 1.0) / letters(others.len() + 1, 1.0)
}
