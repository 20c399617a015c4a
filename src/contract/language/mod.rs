//! The contract language as a person writes it: the types that decode a file and from which the language's schema is generated.

mod auth;
mod clause;
mod operation;
mod outcome;
mod plural;
mod resource;
mod row;
mod vendor;

pub use auth::{Auth, Basic, Refusal};
pub use clause::Clause;
pub use operation::{Operation, OperationFile, PAGE_KEYS, Page, Raw, Section, Support};
pub use outcome::{BodyPromise, CodePlace, Outcome, Status};
pub use plural::Plural;
pub use resource::{Ids, Resource, Sweep};
pub use row::{Because, Row, Then, When};
pub use vendor::{Credential, Mode, Target, VendorFile, Version};
