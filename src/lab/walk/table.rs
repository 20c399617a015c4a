//! What a walk can ask of a vendor: the forms of its requests, the ids that nobody made, and the row for every state of everything.

use crate::contract::case::{arrangements, referred};
use crate::contract::condition::{Draft, IdSource, Space, WRONG, carriers};
use crate::contract::{Operation, OperationId, Row, RowId, Vendor};
use std::collections::{BTreeSet, HashMap};

/// A request of an operation but for the ids in it: as documented, or in a way that some row speaks of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    /// The operation.
    pub(crate) operation: OperationId,
    /// The request, without ids.
    pub(crate) draft: Draft,
    /// The choice in every dimension but those of resources.
    choices: Vec<Option<usize>>,
    /// What is not as documented, in words; empty where nothing is.
    pub(crate) words: String,
    /// Whether anybody may send it, so that it is no account's.
    pub(crate) anybody: bool,
}

/// An id that no request has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forged {
    /// The kind of resource.
    pub(crate) resource: String,
    /// What is wrong with it: `unknown`, `malformed`, `other_mode` or `missing`.
    pub(crate) wrong: String,
    /// The text, which may hold references.
    pub(crate) text: String,
}

/// A form, met by its resources in certain states: exactly one row says what is answered then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The form's position.
    pub(crate) form: usize,
    /// How each resource that the URL names stands, in their order.
    pub(crate) stands: Vec<String>,
    /// The row.
    pub(crate) row: RowId,
    /// Whether the row leads somewhere.
    pub(crate) leads: bool,
    /// Whether it may make something.
    pub(crate) makes: bool,
    /// Why it can never be met, if so.
    pub(crate) barred: Option<String>,
}

/// Everything that a walk can ask of a vendor.
#[derive(Debug, Clone)]
pub(crate) struct Table<'v> {
    /// The vendor.
    pub(crate) vendor: &'v Vendor,
    /// The forms.
    pub(crate) forms: Vec<Form>,
    /// The ids that nobody made.
    pub(crate) forged: Vec<Forged>,
    /// The cells.
    pub(crate) cells: Vec<Cell>,
    /// The accounts to act as: ours, then each credential that stands in place of another.
    pub(crate) actors: Vec<Option<String>>,
    by_stands: HashMap<(usize, Vec<String>), usize>,
    exits: HashMap<String, BTreeSet<String>>,
}

impl<'v> Table<'v> {
    /// The table of a vendor of which these variables are set.
    pub(crate) fn of(vendor: &'v Vendor, set: &BTreeSet<String>) -> Self {
        let others = vendor.file.credentials.iter();
        let others = others.filter(|(_, credential)| credential.replaces.is_some() && set.contains(&credential.env));
        let actors = std::iter::once(None).chain(others.map(|(name, _)| Some(name.clone()))).collect();
        let (forms, forged, cells, by_stands) = (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        let mut table = Self { vendor, forms, forged, cells, actors, by_stands, exits: HashMap::new() };
        for operation in &vendor.operations {
            table.add(operation, set);
        }
        table.bar_unreachable(set);
        table.exits = table.exits();
        table
    }

    /// The operation of a form.
    pub(crate) fn operation(&self, form: usize) -> Option<&'v Operation> {
        Some(&self.vendor[self.forms.get(form)?.operation])
    }

    /// The row of a cell.
    pub(crate) fn row(&self, cell: &Cell) -> &'v Row {
        &self.vendor[cell.row]
    }

    /// The cell of a form whose resources stand so.
    pub(crate) fn find(&self, form: usize, stands: Vec<String>) -> Option<usize> {
        self.by_stands.get(&(form, stands)).copied()
    }

    /// Whether some row leads a resource on from a state.
    pub(crate) fn has_exit(&self, resource: &str, state: &str) -> bool {
        self.exits.get(resource).is_some_and(|states| states.contains(state))
    }

    /// The states of each resource from which some row leads on.
    fn exits(&self) -> HashMap<String, BTreeSet<String>> {
        let mut exits: HashMap<String, BTreeSet<String>> = HashMap::new();
        for cell in self.cells.iter().filter(|cell| cell.leads && cell.barred.is_none()) {
            let (operation, row) = (&self.vendor[cell.row.operation], self.row(cell));
            for (resource, stand) in operation.binds.iter().zip(&cell.stands) {
                if row.then.iter().any(|branch| branch.leads.contains_key(resource)) {
                    exits.entry(resource.clone()).or_default().insert(stand.clone());
                }
            }
        }
        exits
    }

    fn add(&mut self, operation: &'v Operation, set: &BTreeSet<String>) {
        let space = self.vendor.space(operation);
        let resource = |dimension: usize| {
            space.dimensions.get(dimension).is_some_and(|dimension| operation.binds.contains(&dimension.key))
        };
        let first = self.forms.len();
        for row in operation.rows.values().filter(|row| row.not_inducible.is_none()) {
            for arranged in arrangements(self.vendor, operation, row) {
                self.forge(&arranged.draft);
                let mut draft = arranged.draft;
                draft.ids.clear();
                let choices: Vec<Option<usize>> =
                    arranged.point.iter().enumerate().map(|(at, choice)| (!resource(at)).then_some(*choice)).collect();
                let plain: Vec<usize> = choices.iter().map(|choice| choice.unwrap_or(0)).collect();
                let words =
                    if plain.iter().all(|choice| *choice == 0) { String::new() } else { space.describe(&plain) };
                let anybody = carriers(operation.auth.as_ref().unwrap_or(&self.vendor.file.auth)).is_empty();
                let form = Form { operation: operation.id, draft, choices, words, anybody };
                if !self.forms.contains(&form) {
                    self.forms.push(form);
                }
            }
        }
        for form in first..self.forms.len() {
            self.cells_of(form, operation, space, set);
        }
    }

    fn forge(&mut self, draft: &Draft) {
        for (resource, source) in &draft.ids {
            let IdSource::Made(text) = source else { continue };
            let ids = self.vendor.file.resources.get(resource).map(|resource| &resource.id);
            let wrong = ids.map_or("unknown", |ids| match text {
                text if text.is_empty() => "missing",
                text if ids.malformed.values().any(|known| known == text) => "malformed",
                text if ids.other_mode.as_ref() == Some(text) => "other_mode",
                _ => "unknown",
            });
            let forged = Forged { resource: resource.clone(), wrong: wrong.to_owned(), text: text.clone() };
            if !self.forged.contains(&forged) {
                self.forged.push(forged);
            }
        }
    }

    /// Every way in which the resources of a form can stand, as far as a row answers it.
    fn cells_of(&mut self, form: usize, operation: &'v Operation, space: &Space, set: &BTreeSet<String>) {
        let Some(known) = self.forms.get(form).cloned() else { return };
        let unset = referred(&known.draft).into_iter().find_map(|name| {
            let credential = self.vendor.file.credentials.get(&name)?;
            (!set.contains(&credential.env)).then(|| format!("set ${}", credential.env))
        });
        let mut points = vec![known.choices.clone()];
        for bound in &operation.binds {
            let Some(at) = space.position(bound) else { continue };
            let count = space.dimensions.get(at).map_or(0, |dimension| dimension.choices.len());
            let with = |point: &Vec<Option<usize>>, choice: usize| {
                let mut point = point.clone();
                point.iter_mut().skip(at).take(1).for_each(|place| *place = Some(choice));
                point
            };
            points = points.iter().flat_map(|point| (0..count).map(move |choice| with(point, choice))).collect();
        }
        for point in points {
            let Some(row) = space.row_at(operation, &point) else { continue };
            let named = space.region(row).named;
            let stand = |bound: &String| {
                let at = space.position(bound)?;
                let word = space.choice(at, point.get(at).copied().flatten()?);
                // What a row leaves open may be anything that we have made; of ids that are wrong, too, it says nothing itself.
                (at < named || !WRONG.contains(&word)).then(|| word.to_owned())
            };
            let Some(stands) = operation.binds.iter().map(stand).collect::<Option<Vec<String>>>() else { continue };
            let led = || row.then.iter().flat_map(|branch| branch.leads.keys());
            let barred = row.not_inducible.as_ref().map(|why| format!("not inducible: {why}"));
            let cell = Cell {
                form,
                stands: stands.clone(),
                row: row.id,
                leads: led().next().is_some(),
                makes: led().any(|resource| !operation.binds.contains(resource)),
                barred: barred.or_else(|| unset.clone()),
            };
            self.by_stands.insert((form, stands), self.cells.len());
            self.cells.push(cell);
        }
    }

    /// Bars the cells whose states nothing leads to.
    fn bar_unreachable(&mut self, set: &BTreeSet<String>) {
        let resources = &self.vendor.file.resources;
        let mut reached: BTreeSet<(String, String)> = BTreeSet::new();
        for (name, resource) in resources {
            let given = resource.fixtures.iter().filter(|(_, variable)| set.contains(*variable));
            reached.extend(given.map(|(state, _)| (name.clone(), state.clone())));
        }
        loop {
            let before = reached.len();
            for cell in self.cells.iter().filter(|cell| cell.barred.is_none() && cell.leads) {
                if self.unmet_stand(cell, &reached).is_none() {
                    let led = self.row(cell).then.iter().flat_map(|branch| &branch.leads);
                    reached.extend(led.map(|(resource, state)| (resource.clone(), state.clone())));
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let why: Vec<Option<String>> = self.cells.iter().map(|cell| self.unmet_stand(cell, &reached)).collect();
        for (cell, why) in self.cells.iter_mut().zip(why) {
            cell.barred = cell.barred.take().or(why);
        }
    }

    /// Why a cell cannot be met while only these states can be reached.
    fn unmet_stand(&self, cell: &Cell, reached: &BTreeSet<(String, String)>) -> Option<String> {
        let operation = self.operation(cell.form)?;
        operation.binds.iter().zip(&cell.stands).find_map(|(resource, stand)| {
            let declared = self.vendor.file.resources.get(resource)?;
            let right = crate::contract::condition::right_state(self.vendor, resource).unwrap_or_default();
            let reaches = |state: &str| reached.contains(&(resource.clone(), state.to_owned()));
            match stand.as_str() {
                "foreign" if self.actors.len() < 2 => {
                    let mut others = self.vendor.file.credentials.values();
                    let other = others.find(|credential| credential.replaces.is_some());
                    Some(other.map_or("there is no second account".to_owned(), |other| format!("set ${}", other.env)))
                }
                "foreign" | "misplaced" if reaches(right) => None,
                "foreign" | "misplaced" => Some(format!("no documented row makes a {resource}")),
                wrong if WRONG.contains(&wrong) => None,
                state if reaches(state) => None,
                state => match declared.fixtures.get(state) {
                    Some(variable) => Some(format!("set ${variable}")),
                    None => Some(format!("no documented row leads a {resource} to `{state}`")),
                },
            }
        })
    }
}

/// The names that a form's URL asks of a resource at hand, such as `payment_uri`.
pub(crate) fn asked_of<'o>(operation: &'o Operation, resource: &str) -> Vec<&'o str> {
    let url: Vec<&str> = operation.url.split('$').skip(1).collect();
    let name = |piece: &'o str| {
        let end = piece.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.');
        piece.get(..end.unwrap_or(piece.len()))?.strip_prefix(resource)?.strip_prefix('.')
    };
    url.into_iter().filter_map(name).filter(|name| *name != "id").collect()
}
