//! The pictures of the states of a run's resources, as templates that the page's script colours.

use crate::report::picture::{escape_markup, page_machines, page_svg};
use crate::run::event::Page;

/// A template for every resource that the pages name; it is empty where no row names a state.
pub(super) fn machine_templates(pages: &[Page]) -> String {
    let mut templates = String::new();
    for (vendor, machine) in page_machines(pages) {
        let (name, resource) = (escape_markup(vendor), escape_markup(&machine.resource));
        templates += &format!("<template class=\"picture\" data-vendor=\"{name}\" data-resource=\"{resource}\">");
        templates.extend(page_svg(&format!("States of {vendor} {}", machine.resource), &machine));
        templates += "</template>\n";
    }
    templates
}
