//! The server's side without a socket: a request in this process is answered, late or broken, as over a connection.

use super::{Answerer, Breakage, Fault, Reply, deliver};
use crate::http::exchange::{Failure, FailureKind, Request};
use crate::http::send::{Delivery, Peer};
use std::sync::Arc;

/// An answerer that is asked in this process.
pub struct InProcess(pub Arc<dyn Answerer>);

impl Peer for InProcess {
    fn ask(&self, request: Request) -> Delivery {
        let Reply { response, fault } = self.0.answer(&request);
        let Fault { delay, breakage } = fault.unwrap_or(Fault::NONE);
        let result = match breakage {
            Some(Breakage::Reset | Breakage::Lost) => Err(broken_connection(FailureKind::Closed)),
            Some(Breakage::Torn | Breakage::Cut) => Err(broken_connection(FailureKind::Truncated)),
            Some(breakage) => Ok(deliver(breakage.replace(response), &request.method)),
            None => Ok(deliver(response, &request.method)),
        };
        Delivery { delay, result }
    }
}

fn broken_connection(kind: FailureKind) -> Failure {
    Failure { kind, detail: "a fault on demand".to_owned() }
}
