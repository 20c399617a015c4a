//! The contract language: what a person writes, and what it means once every name in it is resolved.

pub mod case;
pub mod condition;
#[expect(clippy::indexing_slicing, reason = "an id is made by the contracts that it indexes")]
mod ids;
mod inferred;
pub mod iso8601;
pub mod json_type;
pub mod language;
pub mod lint;
mod listing;
mod load;
mod model;
pub mod page;
mod program;
mod request_line;
mod resolve;
pub mod same_value;
pub mod schema;
mod schema_mistakes;
mod section;
pub mod shape;
mod shown;
pub mod stake;
mod states;
mod subject;
pub mod template;
mod vendor_folder;

pub use ids::{OperationId, OutcomeId, RowId, VendorId};
pub use load::{Loaded, VENDOR_FILE, load, load_where, read_as};
pub use model::{Body, Branch, Contracts, Operation, Outcome, Placed, Promise, Row, Vendor, variable_prefix};
pub use request_line::placeholders;
pub use states::States;
pub use subject::{ClauseId, Documented, Subject, constrains, names_header};
pub use vendor_folder::VendorFolder;
