//! The finite space of an operation's conditions: rows are regions of it, requests are points.

use super::resource::ABSENT;
use super::{Choice, Condition, Dimension, KINDS, Recogniser};
use crate::contract::template::Names;
use crate::contract::{Operation, Row, Vendor};

/// The dimensions of an operation, in their order, with what its rows say of them.
#[derive(Debug, Clone, Default)]
pub struct Space {
    /// The dimensions.
    pub dimensions: Vec<Dimension>,
    /// The point where everything is right.
    right: Point,
    /// The region of each row.
    regions: Vec<Region>,
}

/// One choice in every dimension.
pub type Point = Vec<usize>;

/// The points that a row speaks of: in every dimension the choices it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// In every dimension, whether each choice is allowed.
    pub allowed: Vec<Vec<bool>>,
    /// How many dimensions there are up to the last one that the row names; those after it may be anything.
    pub named: usize,
}

impl Space {
    /// The space of an operation.
    pub fn of(vendor: &Vendor, operation: &Operation) -> Self {
        Self::of_kinds(&KINDS, vendor, operation)
    }

    /// The space that these kinds of conditions span.
    pub(super) fn of_kinds(kinds: &[&dyn Condition], vendor: &Vendor, operation: &Operation) -> Self {
        let dimensions: Vec<Dimension> = kinds.iter().flat_map(|kind| kind.dimensions(vendor, operation)).collect();
        let right = dimensions.iter().map(|dimension| right_choice(vendor, &dimensions, dimension)).collect();
        let mut space = Self { dimensions, right, regions: Vec::new() };
        space.regions = operation.rows.values().map(|row| Region::of(vendor, &space, row)).collect();
        space
    }

    /// Whether any of its choices refers to anything.
    pub fn refers(&self) -> bool {
        self.dimensions.iter().flat_map(|dimension| &dimension.choices).any(Choice::refers)
    }

    /// The region of a row.
    #[expect(clippy::indexing_slicing, reason = "an id is made by the operation that the space is of")]
    pub fn region(&self, row: &Row) -> &Region {
        &self.regions[row.id.position()]
    }

    /// The row that answers at a point.
    pub fn row_at<'o>(&self, operation: &'o Operation, point: &[Option<usize>]) -> Option<&'o Row> {
        operation.rows.values().find(|row| self.region(row).holds(point))
    }

    /// The point where everything is right but one dimension.
    pub fn right_but(&self, dimension: usize, choice: usize) -> Vec<Option<usize>> {
        let mut point = self.right_point();
        point.iter_mut().skip(dimension).take(1).for_each(|place| *place = Some(choice));
        point
    }

    /// The point where everything is right, as one in which every dimension is described.
    pub fn right_point(&self) -> Vec<Option<usize>> {
        self.right.iter().copied().map(Some).collect()
    }

    /// What tells the point that a request is, one for every dimension, for an operation of this space.
    pub fn recognisers(&self, vendor: &Vendor, operation: &Operation, accepted: &dyn Names) -> Vec<Recogniser> {
        let dimensions = self.dimensions.iter();
        dimensions.map(|dimension| dimension.kind.recogniser(vendor, operation, dimension, accepted)).collect()
    }

    /// The point where everything is right.
    pub fn right(&self) -> &[usize] {
        &self.right
    }

    /// The position of a dimension by its key.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.dimensions.iter().position(|dimension| dimension.key == key)
    }

    /// A point told in words: what is not right in it.
    pub fn describe(&self, point: &[usize]) -> String {
        let wrong = self.dimensions.iter().zip(point).zip(&self.right).filter(|((_, choice), right)| choice != right);
        let words = wrong.filter_map(|((dimension, choice), _)| {
            Some(format!("{}: {}", dimension.key, dimension.choices.get(*choice)?.word()))
        });
        let words: Vec<_> = words.collect();
        if words.is_empty() { "everything right".to_owned() } else { words.join(", ") }
    }

    /// The choice of a dimension in words.
    pub fn choice(&self, dimension: usize, choice: usize) -> &str {
        self.dimensions.get(dimension).and_then(|dimension| dimension.choices.get(choice)).map_or("", Choice::word)
    }
}

impl Region {
    /// The region of a row: what it names, what is right where it names nothing, and anything after the last name.
    fn of(vendor: &Vendor, space: &Space, row: &Row) -> Self {
        let dimensions = &space.dimensions;
        let last = dimensions.iter().rposition(|dimension| row.when.0.contains_key(&dimension.key));
        let named = last.map_or(dimensions.len(), |last| last + 1);
        let allowed = dimensions.iter().zip(&space.right).enumerate().map(|(index, (dimension, right))| {
            let choices = &dimension.choices;
            match row.when.0.get(&dimension.key) {
                Some(value) => choices.iter().map(|choice| choice.is_in(value)).collect(),
                None if index < named => {
                    let right = if holds_nothing(vendor, dimension, row) { 0 } else { *right };
                    (0..choices.len()).map(|choice| choice == right).collect()
                }
                None => vec![true; choices.len()],
            }
        });
        Self { allowed: allowed.collect(), named }
    }

    /// Whether a point lies in it. A dimension that no choice describes lies in no region that looks at it.
    pub fn holds(&self, point: &[Option<usize>]) -> bool {
        self.allowed.iter().zip(point).all(|(allowed, choice)| match choice {
            Some(choice) => allowed.get(*choice).is_some_and(|allowed| *allowed),
            None => allowed.iter().all(|allowed| *allowed),
        })
    }

    /// A point that lies in both regions, if there is one.
    pub fn meets(&self, other: &Self) -> Option<Point> {
        let dimensions = self.allowed.iter().zip(&other.allowed);
        dimensions.map(|(ours, theirs)| ours.iter().zip(theirs).position(|(ours, theirs)| *ours && *theirs)).collect()
    }

    /// The choices that it allows in a dimension.
    pub fn choices(&self, dimension: usize) -> impl Iterator<Item = usize> {
        let allowed = self.allowed.iter().skip(dimension).take(1).flatten().enumerate();
        allowed.filter(|(_, allowed)| **allowed).map(|(choice, _)| choice)
    }
}

/// What is right in a dimension: the first choice, but of a parent the state in which the child beside it is made.
fn right_choice(vendor: &Vendor, dimensions: &[Dimension], dimension: &Dimension) -> usize {
    let children = dimensions.iter().filter(|child| is_parent(vendor, dimension, &child.key));
    let mut made_in = children.filter_map(|child| vendor.states.get(&child.key)?.made_in.as_ref());
    let state = made_in.next();
    state.and_then(|state| dimension.choices.iter().position(|choice| choice.word() == state)).unwrap_or(0)
}

/// Whether a row names the children of a resource, and none that there is: then it does not matter where they are made.
fn holds_nothing(vendor: &Vendor, parent: &Dimension, row: &Row) -> bool {
    let named = row.when.0.keys().filter(|key| is_parent(vendor, parent, key));
    let mut words = named.flat_map(|key| row.when.names(key)).peekable();
    words.peek().is_some() && words.all(|word| ABSENT.contains(&word))
}

fn is_parent(vendor: &Vendor, parent: &Dimension, child: &str) -> bool {
    vendor.file.resources.get(child).is_some_and(|child| child.parent.as_deref() == Some(parent.key.as_str()))
}
