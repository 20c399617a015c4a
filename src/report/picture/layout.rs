//! The places of the states and the transitions of a machine: layers from left to right, by their distance from nothing.

use super::{Machine, MachineEdge, MachineState};
use std::collections::VecDeque;

/// The width of a letter of a row's name, which is of one width.
pub(super) const LETTER: f64 = 6.7;
/// The height of a line of text.
pub(super) const LINE: f64 = 15.0;
/// The room around the texts in a box.
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
/// The room between a box and the first lane beside it.
const LANE_BEND: f64 = 12.0;
/// The room that a lane needs before its end, for the head of its arrow.
const LANE_END: f64 = 6.0;
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

/// The run of a transition; it always ends from the left.
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

/// A state in its layer.
#[derive(Clone, Copy)]
struct Node {
    /// The state's position.
    state: usize,
    width: f64,
    height: f64,
}

/// The states of a layer, from top to bottom.
type Column = Vec<Node>;

/// Finds a place for everything.
pub(super) fn layout(machine: &Machine) -> Layout {
    let columns = order_columns(machine);
    let mut layout = place_boxes(machine, &columns);
    add_routes(machine, &columns, &mut layout);
    layout
}

/// The length of so many letters, or the height of so many lines.
pub(super) fn extent(count: usize, each: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * each
}

/// The layer of each state: its distance from nothing; a state that nothing leads to is before those that it leads to.
fn state_ranks(machine: &Machine) -> Vec<usize> {
    let mut ranks = vec![None; machine.states.len()];
    rank_followers(machine, None, 0, &mut ranks);
    while let Some(root) = ranks.iter().position(Option::is_none) {
        let next = machine.edges.iter().filter(|edge| edge.from == Some(root));
        let nearest = next.filter_map(|edge| ranks.get(edge.to).copied().flatten()).min();
        let rank = nearest.map_or(1, |rank: usize| rank.saturating_sub(1).max(1));
        ranks.iter_mut().skip(root).take(1).for_each(|own| *own = Some(rank));
        rank_followers(machine, Some(root), rank, &mut ranks);
    }
    ranks.into_iter().flatten().collect()
}

/// Ranks the states without a rank that can be reached from a state, by their distance from it.
fn rank_followers(machine: &Machine, from: Option<usize>, rank: usize, ranks: &mut [Option<usize>]) {
    let mut queue = VecDeque::from([(from, rank)]);
    while let Some((from, rank)) = queue.pop_front() {
        for edge in machine.edges.iter().filter(|edge| edge.from == from) {
            if let Some(unranked @ None) = ranks.get_mut(edge.to) {
                *unranked = Some(rank + 1);
                queue.push_back((Some(edge.to), rank + 1));
            }
        }
    }
}

/// The layers, each from top to bottom: states are near to those that lead to them, and those that nothing leads to below.
fn order_columns(machine: &Machine) -> Vec<Column> {
    let ranks = state_ranks(machine);
    let last = ranks.iter().copied().max().unwrap_or(0);
    let mut columns: Vec<Column> = Vec::new();
    for rank in 1..=last {
        let states = machine.states.iter().zip(&ranks).enumerate().filter(|(_, (_, own))| **own == rank);
        let mut column: Column = states.map(|(position, (state, _))| Node::new(position, state)).collect();
        let before = columns.last().map_or(&[][..], Vec::as_slice);
        column.sort_by_key(|node| height_wanted(machine, node.state, before));
        columns.push(column);
    }
    columns
}

/// The wish of a state, how far down to be: as far as what leads to it, on average, in thousandths of a box.
fn height_wanted(machine: &Machine, state: usize, before: &[Node]) -> usize {
    let into = machine.edges.iter().filter(|edge| edge.to == state);
    let places = into.filter_map(|edge| match edge.from {
        Some(from) => before.iter().position(|known| known.state == from),
        None => Some(0),
    });
    let places: Vec<usize> = places.collect();
    if places.is_empty() { usize::MAX } else { places.iter().sum::<usize>() * 1000 / places.len() }
}

impl Node {
    fn new(position: usize, state: &MachineState) -> Self {
        let fixture = state.fixture.as_ref().map(|variable| variable.chars().count() + 1);
        let lines = state.stays.iter().map(|row| row.chars().count() + 3).chain(fixture);
        let text = lines.max().map_or(0.0, |count| extent(count, LETTER));
        let width = text.max(extent(state.name.chars().count(), NAME_LETTER)) + 2.0 * PADDING;
        let count = state.stays.len() + usize::from(state.fixture.is_some());
        Self { state: position, width: width.max(80.0), height: NAME + extent(count, LINE) + 2.0 * PADDING }
    }
}

impl MachineEdge {
    fn label_width(&self) -> f64 {
        self.rows.iter().map(|row| extent(row.chars().count(), LETTER)).fold(0.0, f64::max)
    }

    fn label_height(&self) -> f64 {
        extent(self.rows.len(), LINE)
    }

    /// Returns true if it leads to the next layer.
    fn is_next(&self, columns: &[Column]) -> bool {
        let next = match self.from {
            None => Some(0),
            Some(from) => column_of(from, columns).map(|column| column + 1),
        };
        next == column_of(self.to, columns)
    }
}

fn column_of(state: usize, columns: &[Column]) -> Option<usize> {
    columns.iter().position(|column| contains_state(column, state))
}

fn contains_state(column: &[Node], state: usize) -> bool {
    column.iter().any(|node| node.state == state)
}

/// The boxes, layer by layer; the first ones of all layers are on one line, since most often they are the way of things.
fn place_boxes(machine: &Machine, columns: &[Column]) -> Layout {
    let mut layout = Layout { boxes: vec![Rect::default(); machine.states.len()], ..Layout::default() };
    let first = columns.iter().filter_map(|column| column.first()).map(|node| node.height);
    let middle = first.fold(DOT, f64::max) / 2.0;
    let aside = extent(machine.edges.iter().filter(|edge| !edge.is_next(columns)).count(), 2.0 * LANE);
    let mut columns = columns.iter().peekable();
    let mut x = 0.0;
    if machine.edges.iter().any(|edge| edge.from.is_none()) {
        layout.start = Some(Rect { x, y: middle - DOT / 2.0, width: DOT, height: DOT });
        x = DOT + room_between(machine, &[], columns.peek().copied()) + aside;
    } else if aside > 0.0 {
        // Lanes that end in the first layer come from the left of it.
        x = LANE_BEND + LANE_END + aside;
    }
    while let Some(column) = columns.next() {
        let width = column.iter().map(|node| node.width).fold(0.0, f64::max);
        let mut y = middle - column.first().map_or(0.0, |node| node.height) / 2.0;
        for node in column {
            if let Some(rect) = layout.boxes.get_mut(node.state) {
                *rect = Rect { x, y, width, height: node.height };
                layout.height = layout.height.max(rect.bottom());
            }
            y += node.height + GAP;
        }
        layout.width = x + width;
        x += width + room_between(machine, column, columns.peek().copied()) + aside;
    }
    layout
}

/// The room between two layers: as much as the labels of the transitions between them need.
fn room_between(machine: &Machine, column: &[Node], next: Option<&Column>) -> f64 {
    let Some(next) = next else { return 0.0 };
    let leaving = machine.edges.iter().filter(|edge| match edge.from {
        Some(from) => contains_state(column, from),
        None => column.is_empty(),
    });
    let edges = leaving.filter(|edge| contains_state(next, edge.to));
    edges.map(MachineEdge::label_width).fold(0.0, f64::max) + NARROWEST
}

/// Adds the routes of all edges, with the place of their labels.
fn add_routes(machine: &Machine, columns: &[Column], layout: &mut Layout) {
    let mut lanes = 0_usize;
    for edge in &machine.edges {
        let (begin, end) = layout.ends(machine, edge);
        if edge.is_next(columns) {
            layout.labels.push((f64::midpoint(begin.0, end.0), f64::midpoint(begin.1, end.1) - 6.0));
            layout.routes.push(Route::Curve(begin, end));
            continue;
        }
        lanes += 1;
        let aside = LANE_BEND + extent(lanes, LANE);
        let y = layout.height + GAP.min(16.0) + edge.label_height();
        let (out, into) = (begin.0 + aside, end.0 - aside - LANE_END);
        layout.labels.push((f64::midpoint(out, into), y - 6.0));
        layout.routes.push(Route::Lane(vec![begin, (out, begin.1), (out, y), (into, y), (into, end.1), end]));
        layout.height = y + 8.0;
        layout.width = layout.width.max(out + 8.0);
    }
}

/// A side of a box, at which edges are joined to it.
#[derive(Clone, Copy)]
enum BoxSide {
    Left,
    Right,
}

impl BoxSide {
    /// The end of an edge that is joined to this side of a box.
    fn near_end(self, edge: &MachineEdge) -> Option<usize> {
        match self {
            Self::Left => Some(edge.to),
            Self::Right => edge.from,
        }
    }

    fn far_end(self, edge: &MachineEdge) -> Option<usize> {
        match self {
            Self::Left => edge.from,
            Self::Right => Some(edge.to),
        }
    }
}

impl Layout {
    fn box_of(&self, end: Option<usize>) -> Option<Rect> {
        end.map_or(self.start, |state| self.boxes.get(state).copied())
    }

    /// The points at which an edge begins and ends.
    fn ends(&self, machine: &Machine, edge: &MachineEdge) -> (Point, Point) {
        let from = self.box_of(edge.from).unwrap_or_default();
        let to = self.box_of(Some(edge.to)).unwrap_or_default();
        (
            (from.right(), from.y + from.height * self.share_of_side(machine, edge, BoxSide::Right)),
            (to.x, to.y + to.height * self.share_of_side(machine, edge, BoxSide::Left)),
        )
    }

    /// The share of a side above the point at which an edge is joined to it: those of one side share it, in the order of
    /// their other ends.
    fn share_of_side(&self, machine: &Machine, edge: &MachineEdge, side: BoxSide) -> f64 {
        let joined = machine.edges.iter().filter(|other| side.near_end(other) == side.near_end(edge));
        let mut joined: Vec<(&MachineEdge, f64)> =
            joined.map(|other| (other, self.bottom_of(side.far_end(other)))).collect();
        joined.sort_by(|(_, left), (_, right)| left.total_cmp(right));
        let place = joined.iter().position(|(other, _)| *other == edge).unwrap_or(0);
        extent(place + 1, 1.0) / extent(joined.len() + 1, 1.0)
    }

    /// The bottom of a state's box; nothing is above all boxes.
    fn bottom_of(&self, end: Option<usize>) -> f64 {
        end.and_then(|_| self.box_of(end)).map_or(0.0, |rect| rect.bottom())
    }
}
