//! What a walk can ask of a vendor: the forms of its requests, the ids that no request has made, and the row for every state of everything.

use crate::contract::case::{arrangements, referred};
use crate::contract::condition::{Draft, IdSource, Space, WRONG, carriers, right_state};
use crate::contract::{Operation, OperationId, Row, RowId, Vendor};
use crate::lab::walk::walk_tally::TransitionBy;
use std::collections::{BTreeSet, HashMap};
use std::ops::Index;

/// A form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FormId(usize);

/// A forged id of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ForgedId(usize);

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CellId(usize);

/// A request of an operation but for the ids in it: as documented, or in a way that some row speaks of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    /// The operation.
    pub(crate) operation: OperationId,
    /// The request, without ids.
    pub(crate) draft: Draft,
    /// The choice in every dimension but those of resources.
    choices: Vec<Option<usize>>,
    /// The parts that are not as documented, in words; empty where there are none.
    pub(crate) words: String,
    /// Whether no credentials belong in it, so that it is no account's.
    pub(crate) is_public: bool,
}

/// An id that no request has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forged<'v> {
    /// The kind of resource.
    pub(crate) resource: &'v str,
    /// The way in which it is wrong: `unknown`, `malformed`, `other_mode` or `missing`.
    pub(crate) wrong: &'static str,
    /// The text, which may hold references.
    pub(crate) text: String,
}

/// A form, met by its resources in certain states: exactly one row answers then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell<'v> {
    /// The form.
    pub(crate) form: FormId,
    /// The state of each resource that the URL names, in their order.
    pub(crate) states: Vec<&'v str>,
    /// The number that all cells of this operation and these states have.
    pub(crate) pair: usize,
    /// The row.
    pub(crate) row: RowId,
    /// Whether the row leads somewhere.
    pub(crate) leads: bool,
    /// Whether it may make something.
    pub(crate) makes: bool,
    /// The reason for which it can never be met, if there is one.
    pub(crate) barred: Option<String>,
}

/// Everything that a walk can ask of a vendor.
#[derive(Debug, Clone)]
pub(crate) struct RequestTable<'v> {
    /// The vendor.
    pub(crate) vendor: &'v Vendor,
    forms: Vec<Form>,
    forged: Vec<Forged<'v>>,
    /// The cells.
    pub(crate) cells: Vec<Cell<'v>>,
    /// The accounts to act as: ours, then each credential that replaces another.
    pub(crate) actors: Vec<Option<&'v str>>,
    by_states: HashMap<(FormId, Vec<&'v str>), CellId>,
    /// The kinds of resources with the states from which some row leads on.
    exits: BTreeSet<(&'v str, &'v str)>,
}

/// Each finds its own by position: an id is made by the table that it indexes.
macro_rules! index {
    ($($id:ty => $field:ident: $output:ty;)+) => { $(
        impl<'v> Index<$id> for RequestTable<'v> {
            type Output = $output;

            #[expect(clippy::indexing_slicing, reason = "an id is made by the table that it indexes")]
            fn index(&self, id: $id) -> &Self::Output {
                &self.$field[id.0]
            }
        }
    )+ };
}

index! {
    FormId => forms: Form;
    ForgedId => forged: Forged<'v>;
    CellId => cells: Cell<'v>;
}

impl<'v> RequestTable<'v> {
    /// The table of a vendor of which these variables are set.
    pub(crate) fn of(vendor: &'v Vendor, set: &BTreeSet<&str>) -> Self {
        let others = vendor.file.credentials.iter();
        let others =
            others.filter(|(_, credential)| credential.replaces.is_some() && set.contains(credential.env.as_str()));
        let actors = std::iter::once(None).chain(others.map(|(name, _)| Some(name.as_str()))).collect();
        let (forms, forged, cells, by_states) = (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        let mut table = Self { vendor, forms, forged, cells, actors, by_states, exits: BTreeSet::new() };
        let mut pairs = HashMap::new();
        for operation in &vendor.operations {
            for form in table.forms_of(operation) {
                table.add(form, set, &mut pairs);
            }
        }
        table.bar_unreachable(set);
        table.exits = table.exits();
        table
    }

    /// The operation of a form.
    pub(crate) fn operation(&self, form: FormId) -> &'v Operation {
        &self.vendor[self[form].operation]
    }

    /// The row of a cell.
    pub(crate) fn row(&self, cell: &Cell<'v>) -> &'v Row {
        &self.vendor[cell.row]
    }

    /// The name of a row: `operation/row`.
    pub(crate) fn row_name(&self, row: RowId) -> String {
        format!("{}/{}", self.vendor[row.operation].name, self.vendor[row].name)
    }

    /// The cell of a form and the states of its resources.
    pub(crate) fn cell(&self, form: FormId, states: Vec<&'v str>) -> Option<CellId> {
        self.by_states.get(&(form, states)).copied()
    }

    /// The cells, each with its id.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (CellId, &Cell<'v>)> {
        self.cells.iter().enumerate().map(|(at, cell)| (CellId(at), cell))
    }

    /// The forged ids of a kind of resource that are wrong in some way.
    pub(crate) fn forged_of(&self, resource: &str, wrong: &str) -> impl Iterator<Item = ForgedId> {
        let forged = self.forged.iter().enumerate();
        forged
            .filter(move |(_, forged)| forged.resource == resource && forged.wrong == wrong)
            .map(|(at, _)| ForgedId(at))
    }

    /// Whether some row leads a resource on from a state.
    pub(crate) fn has_exit(&self, resource: &str, state: &str) -> bool {
        self.exits.contains(&(resource, state))
    }

    /// The transitions that the outcomes of a cell's row document.
    pub(crate) fn transitions(&self, cell: &Cell<'v>) -> impl Iterator<Item = TransitionBy<'v>> {
        let (operation, row) = (&self.vendor[cell.row.operation], &self.vendor[cell.row]);
        row.then.iter().flat_map(|branch| &branch.leads).map(move |(resource, to)| {
            let bound = operation.binds.iter().position(|bound| bound == resource);
            let from = bound.and_then(|at| cell.states.get(at)).copied();
            TransitionBy { resource, from, to, row: row.id }
        })
    }

    fn exits(&self) -> BTreeSet<(&'v str, &'v str)> {
        let open = self.cells.iter().filter(|cell| cell.leads && cell.barred.is_none());
        open.flat_map(|cell| self.transitions(cell)).filter_map(|by| Some((by.resource, by.from?))).collect()
    }

    /// The forms of an operation's requests; their ids are kept apart.
    fn forms_of(&mut self, operation: &'v Operation) -> Vec<Form> {
        let space = self.vendor.space(operation);
        let is_public = carriers(operation.auth.as_ref().unwrap_or(&self.vendor.file.auth)).is_empty();
        let mut forms = Vec::new();
        for row in operation.rows.values().filter(|row| row.not_inducible.is_none()) {
            for arranged in arrangements(self.vendor, operation, row) {
                let mut draft = arranged.draft;
                self.forge(operation, &draft);
                draft.ids.clear();
                let choices = arranged.point.iter().zip(&space.dimensions);
                let choices: Vec<Option<usize>> = choices
                    .map(|(choice, dimension)| Some(*choice).filter(|_| !operation.binds.contains(&dimension.key)))
                    .collect();
                let plain: Vec<usize> = choices.iter().map(|choice| choice.unwrap_or(0)).collect();
                let is_plain = plain.iter().all(|choice| *choice == 0);
                let words = if is_plain { String::new() } else { space.describe(&plain) };
                let form = Form { operation: operation.id, draft, choices, words, is_public };
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
        }
        forms
    }

    /// Keeps the ids of a request that no request makes.
    fn forge(&mut self, operation: &'v Operation, draft: &Draft) {
        for resource in &operation.binds {
            let ids = self.vendor.file.resources.get(resource).map(|resource| &resource.id);
            let text = match draft.ids.get(resource) {
                Some(IdSource::Made(text)) => text,
                // A walk does without the engineer's: an id of the same form is as wrong.
                Some(IdSource::Supplied(_)) if let Some(text) = ids.and_then(|ids| ids.other_mode.as_ref()) => text,
                _ => continue,
            };
            let wrong = ids.map_or("unknown", |ids| match text {
                text if text.is_empty() => "missing",
                text if ids.malformed.values().any(|known| known == text) => "malformed",
                text if ids.other_mode.as_ref() == Some(text) => "other_mode",
                _ => "unknown",
            });
            let forged = Forged { resource, wrong, text: text.clone() };
            if !self.forged.contains(&forged) {
                self.forged.push(forged);
            }
        }
    }

    /// Adds a form with its cells: every combination of states of its resources, as far as a row answers it.
    fn add(&mut self, form: Form, set: &BTreeSet<&str>, pairs: &mut HashMap<(OperationId, Vec<&'v str>), usize>) {
        let id = FormId(self.forms.len());
        let operation = &self.vendor[form.operation];
        let space = self.vendor.space(operation);
        let unset = referred(&form.draft).into_iter().find_map(|name| {
            let credential = self.vendor.file.credentials.get(&name)?;
            (!set.contains(credential.env.as_str())).then(|| format!("set ${}", credential.env))
        });
        for point in points(operation, space, &form) {
            let Some(row) = space.row_at(operation, &point) else { continue };
            let Some(states) = states_at(operation, space, row, &point) else { continue };
            let led = || row.then.iter().flat_map(|branch| branch.leads.keys());
            let barred = row.not_inducible.as_ref().map(|why| format!("not inducible: {why}"));
            let next = pairs.len();
            self.by_states.insert((id, states.clone()), CellId(self.cells.len()));
            self.cells.push(Cell {
                form: id,
                pair: *pairs.entry((operation.id, states.clone())).or_insert(next),
                states,
                row: row.id,
                leads: led().next().is_some(),
                makes: led().any(|resource| !operation.binds.contains(resource)),
                barred: barred.or_else(|| unset.clone()),
            });
        }
        self.forms.push(form);
    }

    /// Bars the cells whose states nothing leads to.
    fn bar_unreachable(&mut self, set: &BTreeSet<&str>) {
        let mut reached: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (name, resource) in &self.vendor.file.resources {
            let given = resource.fixtures.iter().filter(|(_, variable)| set.contains(variable.as_str()));
            reached.extend(given.map(|(state, _)| (name.as_str(), state.as_str())));
        }
        loop {
            let before = reached.len();
            for cell in self.cells.iter().filter(|cell| cell.barred.is_none() && cell.leads) {
                if self.unmet_state(cell, &reached).is_none() {
                    reached.extend(self.transitions(cell).map(|by| (by.resource, by.to)));
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let unmet: Vec<Option<String>> = self.cells.iter().map(|cell| self.unmet_state(cell, &reached)).collect();
        for (cell, why) in self.cells.iter_mut().zip(unmet) {
            cell.barred = cell.barred.take().or(why);
        }
    }

    /// The reason for which a cell cannot be met while only these states can be reached.
    fn unmet_state(&self, cell: &Cell<'v>, reached: &BTreeSet<(&str, &str)>) -> Option<String> {
        let resources = self.operation(cell.form).binds.iter().map(String::as_str);
        resources.zip(&cell.states).find_map(|(resource, state)| match *state {
            "foreign" if self.actors.len() < 2 => {
                let mut others = self.vendor.file.credentials.values();
                let other = others.find(|credential| credential.replaces.is_some());
                Some(other.map_or("there is no second account".to_owned(), |other| format!("set ${}", other.env)))
            }
            "foreign" | "misplaced" => {
                let right = right_state(self.vendor, resource);
                let is_reached = right.is_some_and(|right| reached.contains(&(resource, right)));
                (!is_reached).then(|| format!("no documented row makes a {resource}"))
            }
            state if WRONG.contains(&state) || reached.contains(&(resource, state)) => None,
            state => {
                let fixture = self.vendor.file.resources.get(resource)?.fixtures.get(state);
                Some(fixture.map_or_else(
                    || format!("no documented row leads a {resource} to `{state}`"),
                    |variable| format!("set ${variable}"),
                ))
            }
        })
    }
}

/// The points of a form's resources in every combination of their choices.
fn points(operation: &Operation, space: &Space, form: &Form) -> Vec<Vec<Option<usize>>> {
    let mut points = vec![form.choices.clone()];
    for at in operation.binds.iter().filter_map(|bound| space.position(bound)) {
        let count = space.dimensions.get(at).map_or(0, |dimension| dimension.choices.len());
        let mut more = Vec::with_capacity(points.len() * count);
        for point in points {
            for choice in 0..count {
                let choices = point.iter().enumerate();
                more.push(choices.map(|(other, known)| if other == at { Some(choice) } else { *known }).collect());
            }
        }
        points = more;
    }
    points
}

/// The states of an operation's resources at a point; none where the row does not speak of them.
fn states_at<'v>(operation: &Operation, space: &'v Space, row: &Row, point: &[Option<usize>]) -> Option<Vec<&'v str>> {
    let named = space.region(row).named;
    let states = operation.binds.iter().map(|bound| {
        let at = space.position(bound)?;
        let word = space.choice(at, point.get(at).copied().flatten()?);
        // Any that we have made may be in a place that a row leaves open; of ids that are wrong, too, it says nothing itself.
        (at < named || !WRONG.contains(&word)).then_some(word)
    });
    states.collect()
}
