//! What is drawn is what the rows say, and nothing lies upon anything else.

use super::layout::{Route, layout};
use super::{Machine, MachineEdge, MachineState, machines, mermaid, page_svg, svg};
use crate::contract;
use std::fs;

/// Two outcomes that decide on the state, a way back, a fixture, and rows that leave everything as it is.
const VENDOR: &str = r#"
version: 1
vendor: acme
targets: { sandbox: { origin: "https://acme.example", mode: test } }
credentials: { key: { env: ACME_KEY, mock: k$alnum9 } }
auth: { bearer: $key }
refused: { missing: {} }
resources:
  unused: { id: { pattern: "^u", new: u$alnum9 } }
  payment: { id: { pattern: "^p", new: p$alnum9 }, fixtures: { disputed: ACME_DISPUTED } }
operations:
  payments.create:
    request: POST /payments
    outcomes: { ok: { status: 200 }, held: { status: 202 } }
    rows:
      new: { when: {}, then: [{ outcome: ok, leads: { payment: live } }, { outcome: held, leads: { payment: held } }] }
  payments.void:
    request: POST /payments/{id}/void
    path: { id: payment }
    outcomes: { ok: { status: 200 }, no: { status: 400 } }
    rows:
      live: { when: { payment: [live, held] }, then: ok, leads: { payment: voided } }
      again: { when: { payment: [voided, disputed] }, then: no }
      unknown: { when: { payment: unknown }, then: no }
      no_key: { when: { credentials: missing }, then: no }
  payments.reopen:
    request: POST /payments/{id}/reopen
    path: { id: payment }
    outcomes: { ok: { status: 200 } }
    rows:
      voided: { when: { payment: voided }, then: ok, leads: { payment: live } }
"#;

fn drawn() -> Vec<Machine> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("acme");
    fs::create_dir(&vendor).unwrap();
    fs::write(vendor.join("vendor.yaml"), VENDOR).unwrap();
    let loaded = contract::load(&[vendor]);
    assert_eq!(loaded.mistakes, []);
    machines(&loaded.contracts.vendors[0])
}

fn payment() -> Machine {
    drawn().into_iter().find(|machine| machine.resource == "payment").unwrap()
}

#[test]
fn a_machine_is_what_the_rows_say() {
    let machine = payment();
    let name = |index: usize| machine.states[index].name.as_str();
    let edge =
        |edge: &MachineEdge| format!("{} {} {}", edge.from.map_or("-", name), name(edge.to), edge.rows.join(","));
    assert_eq!(
        machine.edges.iter().map(edge).collect::<Vec<_>>(),
        [
            "- live payments.create/new (ok)",
            "- held payments.create/new (held)",
            "live voided payments.void/live",
            "held voided payments.void/live",
            "voided live payments.reopen/voided"
        ]
    );
    let disputed = machine.states.iter().find(|state| state.name == "disputed").unwrap();
    assert_eq!(disputed.fixture.as_deref(), Some("ACME_DISPUTED"));
    assert_eq!(disputed.stays, ["payments.void/again"]);
    assert_eq!(machine.anywhere, ["payments.void/no_key"]);
    assert_eq!(machine.strangers, ["payments.void/unknown"]);
}

#[test]
fn no_box_lies_upon_another_and_everything_is_inside() {
    let machine = payment();
    let layout = layout(&machine);
    for (index, one) in layout.boxes.iter().enumerate() {
        assert!(
            one.x >= 0.0 && one.y >= 0.0 && one.x + one.width <= layout.width && one.y + one.height <= layout.height
        );
        for other in &layout.boxes[index + 1..] {
            let apart = one.x + one.width < other.x
                || other.x + other.width < one.x
                || one.y + one.height < other.y
                || other.y + other.height < one.y;
            assert!(apart, "{one:?} {other:?}");
        }
    }
}

#[test]
fn what_leads_back_runs_below_all_boxes() {
    let machine = payment();
    let layout = layout(&machine);
    let lowest = layout.boxes.iter().map(|rect| rect.y + rect.height).fold(0.0, f64::max);
    let back = machine.edges.iter().position(|edge| edge.rows == ["payments.reopen/voided"]).unwrap();
    let Route::Lane(points) = &layout.routes[back] else { panic!("{:?}", layout.routes[back]) };
    assert!(points.iter().any(|(_, y)| *y > lowest));
}

#[test]
fn a_machine_that_nothing_makes_has_room_for_what_leads_back() {
    let state = |name: &str| MachineState { name: name.to_owned(), ..MachineState::default() };
    let edge = |from, to| MachineEdge { from: Some(from), to, rows: vec!["things.move/on".to_owned()] };
    let machine =
        Machine { states: vec![state("a"), state("b")], edges: vec![edge(0, 1), edge(1, 0)], ..Machine::default() };
    let layout = layout(&machine);
    let Route::Lane(points) = &layout.routes[1] else { panic!("{:?}", layout.routes[1]) };
    assert!(points.iter().all(|(x, _)| *x >= 0.0), "{points:?}");
}

#[test]
fn names_cannot_break_out_of_a_page() {
    let machine = Machine { strangers: vec!["a/<script>\"".to_owned()], ..payment() };
    let drawn = page_svg("<b>", &machine).unwrap();
    assert!(drawn.contains("<tspan data-row=\"a/&lt;script&gt;&quot;\">&lt;script&gt;&quot;</tspan>"), "{drawn}");
    assert!(drawn.contains("aria-label=\"&lt;b&gt;\"") && !drawn.contains("<script"), "{drawn}");
    assert_eq!(page_svg("x", &Machine::default()), None);
}

#[test]
fn names_cannot_break_out_of_the_image() {
    let mut machine = payment();
    machine.resource = "</text><script>&\"\u{1b}".to_owned();
    let image = svg("a < b", &[machine]);
    assert!(image.contains(r"&lt;/text&gt;&lt;script&gt;&amp;&quot;\u{1b}<"), "{image}");
    assert!(image.contains("<title>a &lt; b</title>") && !image.contains('\u{1b}'));
}

#[test]
fn a_resource_without_states_is_not_drawn() {
    let (image, diagram) = (svg("acme", &drawn()), mermaid(&drawn()));
    assert!(image.contains(">payment<") && !image.contains(">unused<"), "{image}");
    insta::assert_snapshot!(diagram, @r#"
    stateDiagram-v2
        direction LR
        state "payment" as payment {
            direction LR
            state "live" as payment_live
            state "held" as payment_held
            state "voided" as payment_voided
            state "disputed" as payment_disputed
            [*] --> payment_live : payments.create/new (ok)
            [*] --> payment_held : payments.create/new (held)
            payment_live --> payment_voided : payments.void/live
            payment_held --> payment_voided : payments.void/live
            payment_voided --> payment_live : payments.reopen/voided
            payment_voided --> payment_voided : payments.void/again
            payment_disputed --> payment_disputed : payments.void/again
            note right of payment_disputed : supplied by ACME_DISPUTED
        }
    "#);
}
