//! The state machines that the pages of a run tell of: all that is known of them where there are no contracts.

use super::Machine;
use super::machine::push_once;
use crate::contract::condition::WRONG;
use crate::run::event::{Page, RowInfo};

/// The state machines of the resources that pages name, each with its vendor, by vendor.
pub fn page_machines(pages: &[Page]) -> Vec<(&str, Machine)> {
    let mut vendors: Vec<&str> = pages.iter().map(|page| page.vendor.as_str()).collect();
    vendors.sort_unstable();
    vendors.dedup();
    vendors.into_iter().flat_map(|vendor| vendor_machines(vendor, pages)).collect()
}

fn vendor_machines<'a>(vendor: &'a str, pages: &[Page]) -> Vec<(&'a str, Machine)> {
    let mut machines: Vec<(&str, Machine)> = Vec::new();
    for page in pages.iter().filter(|page| page.vendor == vendor) {
        let led = page.rows.iter().flat_map(|row| row.leads.keys());
        for resource in page.resources.iter().chain(led) {
            if !machines.iter().any(|(_, machine)| machine.resource == *resource) {
                machines.push((vendor, Machine::new(resource)));
            }
        }
    }
    for (_, machine) in &mut machines {
        for page in pages.iter().filter(|page| page.vendor == vendor) {
            page.rows.iter().for_each(|row| add_row(machine, page, row));
        }
    }
    machines
}

fn add_row(machine: &mut Machine, page: &Page, row: &RowInfo) {
    let name = format!("{}/{}", page.operation, row.row);
    let next = row.leads.get(&machine.resource).map(String::as_str);
    match (row.states.get(&machine.resource), next) {
        (None, None) => {}
        (None, Some(next)) => machine.add_creation(next, &name),
        (Some(states), _) => {
            for state in states {
                if WRONG.contains(&state.as_str()) {
                    push_once(&mut machine.strangers, &name);
                } else {
                    machine.add_answer(state, next, &name);
                }
            }
        }
    }
}
