//! A parsed document: its value, and the bytes of every key and value in one arena.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

/// A node of a [`Tree`], by its position in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(u32);

impl NodeId {
    /// The document.
    pub(super) const ROOT: Self = Self(0);
}

/// A document's value with its places.
///
/// `value` is for reading; everything else answers where a pointer of it is written. Nodes refer to each other by number, so a
/// document costs four allocations however large it is, beside those of its value.
#[derive(Debug, Default)]
pub struct Tree {
    /// The document as JSON; of a key that stands twice, the first.
    pub value: Value,
    nodes: Vec<Node>,
    /// The children of every container, in the order as written, one container after the other.
    written: Vec<u32>,
    /// The same, each mapping's children in the order of their names.
    sorted: Vec<u32>,
    names: String,
}

#[derive(Debug, Clone, Default)]
struct Node {
    value: Bytes,
    key: Option<Bytes>,
    /// The key's text, as a stretch of `names`.
    name: Bytes,
    /// A stretch of `written` and `sorted`.
    children: Bytes,
    is_list: bool,
}

/// A stretch of bytes or of numbers; files are far below 4 GiB.
#[derive(Debug, Clone, Copy, Default)]
struct Bytes {
    start: u32,
    end: u32,
}

impl Bytes {
    fn new(range: &Range<usize>) -> Self {
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self { start: narrow(range.start), end: narrow(range.end) }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Tree {
    /// The bytes of the value at a pointer.
    pub fn span(&self, pointer: &str) -> Option<Range<usize>> {
        self.find(pointer).map(|node| node.value.range())
    }

    /// The bytes of the key under which the value at a pointer stands; none for list elements and the document.
    pub fn key_span(&self, pointer: &str) -> Option<Range<usize>> {
        self.find(pointer)?.key.map(Bytes::range)
    }

    /// The keys of the mapping at a pointer, in the order as written; none where no mapping stands.
    pub fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let children =
            self.find(pointer).filter(|node| !node.is_list).map_or(&[][..], |node| slice(&self.written, node.children));
        children.iter().filter_map(|child| self.nodes.get(*child as usize)).map(|child| self.name(child))
    }

    /// The bytes of the value (or the key) at a pointer, or of the nearest ancestor that is written: then of its key, since the
    /// key of a mapping that lacks something is what a reader looks for.
    pub fn nearest(&self, pointer: &str, key: bool) -> Range<usize> {
        let Some(mut node) = self.nodes.first() else { return 0..0 };
        for segment in segments(pointer) {
            let Some(child) = self.child(node, &segment) else {
                return node.key.unwrap_or(node.value).range();
            };
            node = child;
        }
        if key { node.key.unwrap_or(node.value).range() } else { node.value.range() }
    }

    /// The elements of a list or the values of a mapping, in the order as written.
    pub(super) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let children = self.nodes.get(node.0 as usize).map_or(&[][..], |node| slice(&self.written, node.children));
        children.iter().map(|child| NodeId(*child))
    }

    /// The key under which a value stands.
    pub(super) fn name_at(&self, node: NodeId) -> &str {
        self.name_of(node.0)
    }

    fn find(&self, pointer: &str) -> Option<&Node> {
        segments(pointer).try_fold(self.nodes.first()?, |node, segment| self.child(node, &segment))
    }

    fn child(&self, node: &Node, segment: &str) -> Option<&Node> {
        let sorted = slice(&self.sorted, node.children);
        let child = if node.is_list {
            sorted.get(segment.parse::<usize>().ok()?)?
        } else {
            let at = sorted.binary_search_by(|child| self.name_of(*child).cmp(segment)).ok()?;
            sorted.get(at)?
        };
        self.nodes.get(*child as usize)
    }

    fn name(&self, node: &Node) -> &str {
        self.names.get(node.name.range()).unwrap_or_default()
    }

    fn name_of(&self, node: u32) -> &str {
        self.nodes.get(node as usize).map_or("", |node| self.name(node))
    }
}

/// Building, for a reader that meets the nodes from the outermost inwards.
impl Tree {
    /// Adds a node whose value lies at these bytes; the first one added is the document.
    pub fn open(&mut self, value: &Range<usize>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { value: Bytes::new(value), ..Node::default() });
        id
    }

    /// Tells where a node's value ends, once that is known.
    pub fn end(&mut self, node: NodeId, end: usize) {
        if let Some(node) = self.nodes.get_mut(node.0 as usize) {
            node.value.end = Bytes::new(&(0..end)).end.max(node.value.start);
        }
    }

    /// Tells under which key a node stands, and where that key is written.
    pub fn name_node(&mut self, node: NodeId, name: &str, key: &Range<usize>) {
        let start = self.names.len();
        self.names.push_str(name);
        let name = Bytes::new(&(start..self.names.len()));
        if let Some(node) = self.nodes.get_mut(node.0 as usize) {
            node.name = name;
            node.key = Some(Bytes::new(key));
        }
    }

    /// Gives a list its elements.
    pub fn close_list(&mut self, node: NodeId, elements: &[NodeId]) {
        let children = self.append(elements);
        if let Some(node) = self.nodes.get_mut(node.0 as usize) {
            node.children = children;
            node.is_list = true;
        }
    }

    /// Gives a mapping its entries, and returns those whose key stands there before, each with the bytes of both keys, the
    /// first one first.
    pub fn close_mapping(&mut self, node: NodeId, mut entries: Vec<NodeId>) -> Vec<(Range<usize>, Range<usize>)> {
        let mut sorted: Vec<u32> = entries.iter().map(|entry| entry.0).collect();
        // Stable, so that of equal names the one written first stays first.
        sorted.sort_by(|left, right| self.name_of(*left).cmp(self.name_of(*right)));
        let mut doubled = Vec::new();
        let mut repeats = Vec::new();
        sorted.dedup_by(|later, first| {
            let same = self.name_of(*later) == self.name_of(*first);
            if same {
                doubled.push((self.key_of(*first), self.key_of(*later)));
                repeats.push(*later);
            }
            same
        });
        if !repeats.is_empty() {
            repeats.sort_unstable();
            entries.retain(|entry| repeats.binary_search(&entry.0).is_err());
        }
        let children = self.append(&entries);
        if let Some(place) = self.sorted.get_mut(children.range()) {
            place.copy_from_slice(&sorted);
        }
        if let Some(node) = self.nodes.get_mut(node.0 as usize) {
            node.children = children;
        }
        doubled
    }

    fn key_of(&self, node: u32) -> Range<usize> {
        self.nodes.get(node as usize).and_then(|node| node.key).unwrap_or_default().range()
    }

    fn append(&mut self, children: &[NodeId]) -> Bytes {
        let start = self.written.len();
        self.written.extend(children.iter().map(|child| child.0));
        self.sorted.extend(children.iter().map(|child| child.0));
        Bytes::new(&(start..self.written.len()))
    }
}

fn slice(numbers: &[u32], stretch: Bytes) -> &[u32] {
    numbers.get(stretch.range()).unwrap_or_default()
}

/// The names of a JSON Pointer, unescaped.
fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|segment| {
        if segment.contains('~') {
            Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(segment)
        }
    })
}
