//! The reasons for which a case begins anew with fresh things, and how often it may.

use crate::http::retry::Retry;

/// A reason for which a case begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FreshStart {
    /// The answer to a change was lost: whether the vendor has done it, no answer shows.
    LostChange,
    /// A change was answered 5xx, which leaves that open as well.
    FailedChange,
    /// Every try of a request that changes nothing was answered 5xx.
    ServerFault,
}

impl FreshStart {
    /// The most fresh starts of a case.
    const MOST: u32 = 2;

    /// The reason that a lost answer is.
    pub(super) fn after_loss(changes: bool) -> Option<Self> {
        changes.then_some(Self::LostChange)
    }

    /// The reason that a status is, where it is one of a fault of the server.
    pub(super) fn after_status(status: u16, changes: bool) -> Option<Self> {
        let reason = if changes { Self::FailedChange } else { Self::ServerFault };
        (status >= 500).then_some(reason)
    }

    /// Returns whether it shows only once the vendor has given a sign of life afterwards.
    pub(super) fn needs_sign(self) -> bool {
        self != Self::LostChange
    }

    /// Returns whether a case that has begun anew so often may do so again. A 5xx counts only once it came between two signs of
    /// life, so that after one there is always a fresh start.
    pub(super) fn may_follow(self, begun: u32, retry: &Retry) -> bool {
        let most = match self {
            Self::LostChange => retry.further.min(Self::MOST),
            Self::FailedChange => retry.further.clamp(1, Self::MOST),
            Self::ServerFault => 1,
        };
        begun < most
    }
}

#[cfg(test)]
mod tests {
    use super::FreshStart::{FailedChange, LostChange, ServerFault};
    use super::*;

    fn most(reason: FreshStart, further: u32) -> usize {
        let retry = Retry { further, ..Retry::default() };
        (0..9).take_while(|begun| reason.may_follow(*begun, &retry)).count()
    }

    #[test]
    fn a_case_begins_anew_twice_at_most() {
        assert_eq!([LostChange, FailedChange, ServerFault].map(|reason| most(reason, 4)), [2, 2, 1]);
    }

    #[test]
    fn where_nothing_lost_is_sent_again_a_fault_of_the_server_is_still_confirmed() {
        assert_eq!([LostChange, FailedChange, ServerFault].map(|reason| most(reason, 0)), [0, 1, 1]);
    }

    #[test]
    fn a_vendor_that_is_too_busy_gives_no_reason() {
        assert_eq!(FreshStart::after_status(429, true), None);
        assert_eq!(FreshStart::after_status(503, true), Some(FailedChange));
        assert_eq!(FreshStart::after_status(500, false), Some(ServerFault));
        assert_eq!((FreshStart::after_loss(true), FreshStart::after_loss(false)), (Some(LostChange), None));
    }
}
