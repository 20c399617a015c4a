//! `proviso explain`: the meaning of a case, a clause or a code, and the picture of a vendor's states.

use crate::cli::args::GlobalArgs;
use crate::cli::output::Output;
use crate::cli::problem::{CommandResult, Problem};
use crate::cli::read_contracts::{Proof, read_all_contracts, read_vendors, unknown_vendor};
use clap::ValueEnum;
use proviso::contract::{Vendor, case};
use proviso::report::Exit;
use proviso::report::explain::{self, Explanation, Lost};
use proviso::report::picture;

/// Explain a case, a clause or a code, or draw a vendor's states.
///
/// A name may leave its beginning out where the rest is enough: `links.delete/live`, `400.deleted`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = after_long_help())]
pub(crate) struct ExplainArgs {
    /// A case, a row, a clause, an operation, or a code
    #[arg(value_name = "CASE|CLAUSE|CODE", required_unless_present = "graph")]
    what: Option<String>,
    /// Draw the states of this vendor's resources, with the rows that lead from one to another
    #[arg(long, value_name = "VENDOR", conflicts_with = "what")]
    graph: Option<String>,
    /// How the picture is written
    #[arg(long, value_name = "FORMAT", default_value = "mermaid", requires = "graph")]
    format: PictureFormat,
}

/// The forms in which a picture is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PictureFormat {
    /// Text that many readers of Markdown draw
    Mermaid,
    /// An image that needs nothing else
    Svg,
}

fn after_long_help() -> String {
    let exits =
        [(Exit::Fine, "explained"), (Exit::Wrong, "nothing has this name, several have, or the contracts are wrong")];
    format!(
        "Examples:\n\
        \x20 proviso explain acme/links.delete/live         a case: promised, written, arranged, sent, judged\n\
        \x20 proviso explain acme/links.delete/400.deleted  a clause: what it says, and who cites it\n\
        \x20 proviso explain acme/links.delete              an operation and its table\n\
        \x20 proviso explain duplicate-key                  the code of a mistake or of a departure\n\
        \x20 proviso explain --graph acme --format svg > acme.svg\n\n{}",
        Exit::list(&exits)
    )
}

/// Explains a name, or draws a vendor.
pub(crate) fn explain_name(args: &ExplainArgs, global: &GlobalArgs, output: &mut Output) -> CommandResult {
    if let Some(name) = &args.graph {
        let loaded = read_vendors(&global.specs, std::slice::from_ref(name), Proof::Shape, output)?;
        let vendor = loaded.contracts.vendor(name).ok_or_else(|| unknown_vendor(name, &loaded))?;
        output.print(&draw_states(vendor, args.format));
        return Ok(Exit::Fine);
    }
    // clap asks for one of the two.
    let Some(name) = &args.what else { return Ok(Exit::Fine) };
    if let Some(explanation) = explain::explain_code(name) {
        return Ok(print_explanation(&explanation, output));
    }
    let loaded = read_all_contracts(&global.specs, Proof::Shape, output)?;
    let cases = case::compile(&loaded.contracts);
    match explain::explain(&loaded, &cases, name) {
        Ok(explanation) => Ok(print_explanation(&explanation, output)),
        Err(lost) => Err(unexplained(name, lost).into()),
    }
}

fn draw_states(vendor: &Vendor, format: PictureFormat) -> String {
    let machines = picture::machines(vendor);
    let title = vendor.file.title.as_ref().unwrap_or(&vendor.name);
    match format {
        PictureFormat::Mermaid => picture::mermaid(&machines),
        PictureFormat::Svg => picture::svg(&format!("The states of {title}"), &machines),
    }
}

fn print_explanation(explanation: &Explanation, output: &mut Output) -> Exit {
    let text = explanation.text(|text| output.bold(text));
    output.print(&text);
    Exit::Fine
}

fn unexplained(name: &str, lost: Lost) -> Problem {
    match lost {
        Lost::Unknown(meant) => Problem::new(format_args!("nothing is named `{name}`")).with_help(match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`proviso list` has the names of the cases".to_owned(),
        }),
        Lost::Ambiguous(names) => Problem {
            message: format!("`{name}` may mean several things"),
            help: names.iter().map(|name| format!("`proviso explain {name}`")).collect(),
        },
    }
}
