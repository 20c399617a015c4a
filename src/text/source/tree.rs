//! A parsed document: its value, and the bytes of every key and value in one arena.

use super::pointer_segments::pointer_segments;
use serde_json::Value;
use std::ops::Range;

/// A node of a [`Tree`] that is being built, by its position in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A document's value with its places.
///
/// `value` is for reading; everything else answers where a pointer of it is written. Nodes refer to each other by number, so a
/// document costs four allocations however large it is, beside those of its value.
#[derive(Debug, Default)]
pub struct Tree {
    /// The document as JSON; of a key that is there twice, the first.
    pub value: Value,
    nodes: Vec<Node>,
    /// The children of every container, in the order as written, one container after the other.
    written: Vec<NodeId>,
    /// The same, each mapping's children in the order of their names.
    sorted: Vec<NodeId>,
    names: String,
}

/// The places of one value.
#[derive(Debug, Default)]
pub(super) struct Node {
    value: Stretch,
    key: Option<Stretch>,
    /// The key's text, as a stretch of `names`.
    name: Stretch,
    /// A stretch of `written` and `sorted`.
    children: Stretch,
    is_list: bool,
}

/// The node of a tree without a document.
static NOWHERE: Node =
    Node { value: Stretch::EMPTY, key: None, name: Stretch::EMPTY, children: Stretch::EMPTY, is_list: false };

/// A stretch of bytes or of numbers; files are far below 4 GiB.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    start: u32,
    end: u32,
}

impl Stretch {
    const EMPTY: Self = Self { start: 0, end: 0 };

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Range<usize>> for Stretch {
    fn from(range: Range<usize>) -> Self {
        let [start, end] = [range.start, range.end].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        Self { start, end }
    }
}

impl Node {
    /// The bytes of the key, or of the value where there is no key.
    fn key_or_value(&self) -> Range<usize> {
        self.key.unwrap_or(self.value).range()
    }
}

impl Tree {
    /// The bytes of the value at a pointer.
    pub fn span(&self, pointer: &str) -> Option<Range<usize>> {
        self.find_node(pointer).map(|node| node.value.range())
    }

    /// The bytes of the key of the value at a pointer; `None` for list elements and the document.
    pub fn key_span(&self, pointer: &str) -> Option<Range<usize>> {
        self.find_node(pointer)?.key.map(Stretch::range)
    }

    /// The keys of the mapping at a pointer, in the order as written; empty where there is no mapping.
    pub fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let mapping = self.find_node(pointer).filter(|node| !node.is_list);
        mapping.into_iter().flat_map(|node| self.children(node)).map(|child| self.name(child))
    }

    /// The bytes of the value (or the key) at a pointer, or of the nearest ancestor that is written: then of its key, since the
    /// key of a mapping that lacks something is what a reader looks for.
    pub fn nearest(&self, pointer: &str, key: bool) -> Range<usize> {
        let mut node = self.root();
        for segment in pointer_segments(pointer) {
            let Some(child) = self.child(node, &segment) else { return node.key_or_value() };
            node = child;
        }
        if key { node.key_or_value() } else { node.value.range() }
    }

    /// The document.
    pub(super) fn root(&self) -> &Node {
        self.nodes.first().unwrap_or(&NOWHERE)
    }

    /// The elements of a list or the values of a mapping, in the order as written.
    pub(super) fn children(&self, node: &Node) -> impl Iterator<Item = &Node> {
        part_of(&self.written, node.children).iter().map(|child| self.node(*child))
    }

    /// The text of a node's key.
    pub(super) fn name(&self, node: &Node) -> &str {
        self.names.get(node.name.range()).unwrap_or("")
    }

    fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&NOWHERE)
    }

    fn name_of(&self, id: NodeId) -> &str {
        self.name(self.node(id))
    }

    fn find_node(&self, pointer: &str) -> Option<&Node> {
        pointer_segments(pointer).try_fold(self.nodes.first()?, |node, segment| self.child(node, &segment))
    }

    fn child(&self, node: &Node, segment: &str) -> Option<&Node> {
        if node.is_list {
            return self.children(node).nth(segment.parse().ok()?);
        }
        let sorted = part_of(&self.sorted, node.children);
        let (_, rest) = sorted.split_at(sorted.partition_point(|child| self.name_of(*child) < segment));
        rest.first().map(|child| self.node(*child)).filter(|found| self.name(found) == segment)
    }
}

/// Building, for a reader that meets the nodes from the outermost inwards.
impl Tree {
    /// Adds a node whose value lies at these bytes; the first one added is the document.
    pub fn open(&mut self, value: Range<usize>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { value: value.into(), ..Node::default() });
        id
    }

    /// Sets where a node's value ends, once that is known.
    pub fn end(&mut self, node: NodeId, end: usize) {
        if let Some(node) = self.node_mut(node) {
            node.value.end = Stretch::from(0..end).end.max(node.value.start);
        }
    }

    /// Sets a node's key, and the bytes at which that key is written.
    pub fn name_node(&mut self, node: NodeId, name: &str, key: Range<usize>) {
        let start = self.names.len();
        self.names.push_str(name);
        let name = Stretch::from(start..self.names.len());
        if let Some(node) = self.node_mut(node) {
            node.name = name;
            node.key = Some(key.into());
        }
    }

    /// Gives a list its elements.
    pub fn close_list(&mut self, node: NodeId, elements: &[NodeId]) {
        let children = self.append(elements, elements);
        if let Some(node) = self.node_mut(node) {
            node.children = children;
            node.is_list = true;
        }
    }

    /// Gives a mapping its entries, and returns those whose key is there before, each with the bytes of both keys, the first one
    /// first.
    pub fn close_mapping(&mut self, node: NodeId, mut entries: Vec<NodeId>) -> Vec<(Range<usize>, Range<usize>)> {
        let mut sorted = entries.clone();
        // Stable, so that of equal names the one written first stays first.
        sorted.sort_by(|left, right| self.name_of(*left).cmp(self.name_of(*right)));
        let mut doubled = Vec::new();
        let mut repeats = Vec::new();
        sorted.dedup_by(|later, first| {
            let is_repeat = self.name_of(*later) == self.name_of(*first);
            if is_repeat {
                doubled.push((self.node(*first).key_or_value(), self.node(*later).key_or_value()));
                repeats.push(*later);
            }
            is_repeat
        });
        if !repeats.is_empty() {
            repeats.sort_unstable();
            entries.retain(|entry| repeats.binary_search(entry).is_err());
        }
        let children = self.append(&entries, &sorted);
        if let Some(node) = self.node_mut(node) {
            node.children = children;
        }
        doubled
    }

    /// Moves the bytes of all keys and values.
    pub fn move_places(&mut self, moved: impl Fn(Range<usize>) -> Range<usize>) {
        for node in &mut self.nodes {
            node.value = moved(node.value.range()).into();
            node.key = node.key.map(|key| moved(key.range()).into());
        }
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    fn append(&mut self, written: &[NodeId], sorted: &[NodeId]) -> Stretch {
        let start = self.written.len();
        self.written.extend_from_slice(written);
        self.sorted.extend_from_slice(sorted);
        Stretch::from(start..self.written.len())
    }
}

fn part_of(ids: &[NodeId], stretch: Stretch) -> &[NodeId] {
    ids.get(stretch.range()).unwrap_or(&[])
}
