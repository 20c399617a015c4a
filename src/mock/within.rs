//! The server's side without a socket: what is asked in this process is answered, late or broken, as over a connection.

use super::{Answer, Breakage, Fault, Reply, delivered};
use crate::http::exchange::{Failure, FailureKind, Request};
use crate::http::send::{Delivery, Peer};
use std::sync::Arc;

/// An answerer that is asked in this process.
pub struct Within(pub Arc<dyn Answer>);

impl Peer for Within {
    fn ask(&self, request: Request) -> Delivery {
        let Reply { response, fault } = self.0.answer(&request);
        let Fault { delay, breakage } = fault.unwrap_or_default();
        let result = match breakage {
            Some(Breakage::Reset | Breakage::Lost) => Err(broken(FailureKind::Closed)),
            Some(Breakage::Torn | Breakage::Cut) => Err(broken(FailureKind::Truncated)),
            Some(breakage) => Ok(delivered(breakage.replace(response), &request.method)),
            None => Ok(delivered(response, &request.method)),
        };
        Delivery { delay, result }
    }
}

fn broken(kind: FailureKind) -> Failure {
    Failure { kind, detail: "a fault on demand".to_owned() }
}
