//! The contract language as a person writes it: the types that decode a file and from which the language's schema is generated.

mod auth;
mod clause;
mod plural;
mod vendor_file;
mod written_operation;
mod written_outcome;
mod written_resource;
mod written_row;

pub use auth::{Auth, Basic, Refusal};
pub use clause::{Clause, RequiredPart};
pub use plural::Plural;
pub use vendor_file::{Credential, Mode, Target, Variable, VendorFile, Version};
pub use written_operation::{OperationFile, PAGE_KEYS, Page, Raw, Section, Support, WrittenOperation};
pub use written_outcome::{BodyPromise, CodePlace, Status, WrittenOutcome};
pub use written_resource::{Ids, Sweep, WrittenResource};
pub use written_row::{Because, When, WrittenBranch, WrittenRow};
