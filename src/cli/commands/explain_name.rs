//! `proviso explain`: the meaning of a case, a clause or a code, and the picture of a vendor's states.

use crate::cli::commands::explain_why::explain_saved;
use crate::cli::context::Context;
use crate::cli::output::Output;
use crate::cli::problem::{CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_all_contracts, read_vendors, unknown_vendor};
use crate::cli::typed_name::{name_of_path, vendor_of};
use clap::ValueEnum;
use proviso::contract::{Vendor, case};
use proviso::report::Exit;
use proviso::report::explain::{self, Explanation, TopicError};
use proviso::report::picture;
use std::path::PathBuf;

/// Explain a case, a clause, an operation, a vendor or a code, or draw a vendor's states.
///
/// A name may leave its beginning out where the rest is enough: `links.delete/live`, `400.deleted`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n\
        \x20 proviso explain acme/links.delete/live         a case: promised, written, arranged, sent, judged\n\
        \x20 proviso explain acme/links.delete/400.deleted  a clause: what it says, and who cites it\n\
        \x20 proviso explain acme/links.delete              an operation and its table\n\
        \x20 proviso explain acme                           a vendor and its operations\n\
        \x20 proviso explain duplicate-key                  the code of a mistake or of a departure\n\
        \x20 proviso explain --why run.json links.delete/live\n\
        \x20                                                a saved case: what was sent and compared, and why this verdict\n\
        \x20 proviso explain --graph acme --format svg > acme.svg",
    &[
        (Exit::Fine, "explained"),
        (Exit::Wrong, "nothing has this name, several have, or the contracts are wrong"),
    ],
))]
pub(crate) struct ExplainArgs {
    /// A case, a row, a clause, an operation, a vendor, a file of contracts, or a code
    #[arg(value_name = "NAME", required_unless_present = "graph")]
    what: Option<String>,
    /// Draw the states of this vendor's resources, with the rows that lead from one to another
    #[arg(long, value_name = "VENDOR", conflicts_with = "what")]
    graph: Option<String>,
    /// Print the steps by which a run judged the case NAME: RUN is a file that --report-json wrote
    #[arg(long, value_name = "RUN", requires = "what")]
    why: Option<PathBuf>,
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

/// Explains a name, or draws a vendor.
pub(crate) fn explain_name(args: &ExplainArgs, context: &mut Context) -> CommandResult {
    let Context { specs, output, .. } = context;
    if let Some(name) = &args.graph {
        let name = &vendor_of(specs, name);
        let loaded = read_vendors(specs, std::slice::from_ref(name), CheckLevel::Shape, output)?;
        let vendor = loaded.contracts.vendor(name).ok_or_else(|| unknown_vendor(name, &loaded))?;
        output.print(&draw_states(vendor, args.format));
        return Ok(Exit::Fine);
    }
    // clap asks for one of the two.
    let Some(name) = &args.what else { return Ok(Exit::Fine) };
    if let Some(run) = &args.why {
        let story = explain_saved(run, name, context)?;
        return Ok(print_explanation(&story, &mut context.output));
    }
    let name = &name_of_path(specs, name);
    if let Some(explanation) = explain::explain_code(name) {
        return Ok(print_explanation(&explanation, output));
    }
    let loaded = read_all_contracts(specs, CheckLevel::Shape, output)?;
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

fn unexplained(name: &str, lost: TopicError) -> Problem {
    match lost {
        TopicError::Unknown(meant) => {
            let problem = Problem::new(format_args!("nothing is named `{name}`"));
            match meant {
                Some(meant) => problem.with_help(format!("did you mean `{meant}`?")),
                None => problem.with_help("`proviso list` has the names of the cases"),
            }
        }
        TopicError::Ambiguous(names) => Problem {
            message: format!("`{name}` may mean several things"),
            help: names.iter().map(|name| format!("`proviso explain {name}`")).collect(),
        },
    }
}
