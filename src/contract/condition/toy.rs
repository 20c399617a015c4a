//! A toy kind of condition, in this file alone: what a new kind takes is an implementation of [`Condition`] and its place in a list.

use super::{Choice, Condition, Dimension, Draft, KINDS, Recogniser, Sight, Space, Standing, World};
use crate::contract::template::{Names, NoNames};
use crate::contract::{Operation, Vendor, load};
use crate::http::exchange::{Headers, Request};
use std::path::Path;
use std::sync::Arc;

/// `when: { weekday: sunday }`: the day on which a request is sent, as a header says it.
#[derive(Debug)]
struct Weekday;

const KEY: &str = "weekday";
const HEADER: &str = "X-Weekday";

impl Condition for Weekday {
    fn dimensions(&self, _: &Vendor, operation: &Operation) -> Vec<Dimension> {
        let named = operation.rows.values().flat_map(|row| row.when.names(KEY));
        let choices: Vec<Choice> = std::iter::once("workday").chain(named).map(Choice::named).collect();
        if choices.len() > 1 { vec![Dimension { key: KEY.to_owned(), kind: &Weekday, choices }] } else { Vec::new() }
    }

    fn arrange(&self, _: &Vendor, _: &Dimension, choice: &Choice, _: Option<&str>, draft: &mut Draft) {
        Arc::make_mut(&mut draft.headers).insert(HEADER.to_owned(), choice.word().to_owned());
    }

    fn recogniser(&self, _: &Vendor, _: &Operation, dimension: &Dimension, _: &dyn Names) -> Recogniser {
        let choices = dimension.choices.clone();
        Box::new(move |sight| match sight.request.headers.get(HEADER) {
            Some(day) => choices.iter().position(|choice| choice.word() == day),
            None => Some(0),
        })
    }
}

struct NoWorld;

impl World for NoWorld {
    fn standing(&self, _: &str, _: &str) -> Option<Standing<'_>> {
        None
    }
}

#[test]
fn a_new_kind_of_condition_is_one_file_and_its_line_in_the_list() {
    let loaded = load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/toy")]);
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    let vendor = loaded.contracts.vendor("toy").unwrap();
    let operation = vendor.operation("shops.open").unwrap();
    let sunday = &operation.rows["sunday"];

    let kinds: Vec<&dyn Condition> = KINDS.iter().copied().chain([&Weekday as &dyn Condition]).collect();
    let space = Space::of_kinds(&kinds, vendor, operation);
    let dimension = space.dimensions.iter().find(|dimension| dimension.key == KEY).unwrap();
    let choice = dimension.choices.iter().find(|choice| choice.word() == "sunday").unwrap();

    // A test brings it about, and the mock recognises what the test has sent.
    let mut draft = Draft::documented(vendor, operation);
    dimension.kind.arrange(vendor, dimension, choice, None, &mut draft);
    let headers = draft.headers.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
    let request = Request { method: "POST".to_owned(), headers: Headers(headers), ..Request::default() };
    let sight = Sight {
        request: &request,
        query: &[],
        json: None,
        ids: &[],
        account: Some(""),
        live: false,
        world: &NoWorld,
        names: &NoNames,
    };
    let recognisers = space.recognisers(vendor, operation, &NoNames);
    let point: Vec<Option<usize>> = recognisers.iter().map(|recognise| recognise(&sight)).collect();
    assert_eq!(space.row_at(operation, &point).map(|row| &row.name), Some(&sunday.name));
    assert_eq!(space.row_at(operation, &space.right_point()).map(|row| row.name.as_str()), Some("workday"));
}
