//! All three vendors at one address, by path, telling the truth or one lie.

use std::sync::{Arc, Mutex, MutexGuard};

use super::draw::Draw;
use super::gafapay::{Gafapay, GafapayTruth};
use super::http::{Answer, Received, Server, locked};
use super::lies::Lie;
use super::mytpe::{Mytpe, MytpeTruth};
use super::omise::Omise;
use super::omise_truth::OmiseTruth;
use super::reply::{Reply, Vendor};
use super::spoil::spoil;

/// The vendors and what they remember.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The first vendor.
    pub(crate) omise: Omise,
    /// The second vendor.
    pub(crate) gafapay: Gafapay,
    /// The third vendor.
    pub(crate) mytpe: Mytpe,
    /// The lie that is told, if any.
    pub(crate) lie: Option<Lie>,
    /// How many answers were spoiled.
    pub(crate) told: usize,
}

impl Default for World {
    /// The usual truth.
    fn default() -> Self {
        Self::of(OmiseTruth::default(), GafapayTruth::default(), MytpeTruth::default(), &Draw::default())
    }
}

impl World {
    /// Three vendors that take those forms of the truth.
    pub(crate) fn of(omise: OmiseTruth, gafapay: GafapayTruth, mytpe: MytpeTruth, draw: &Draw) -> Self {
        Self {
            omise: Omise::new(omise, draw.apart(1)),
            gafapay: Gafapay::new(gafapay, draw.apart(2)),
            mytpe: Mytpe::new(mytpe, draw.apart(3)),
            lie: None,
            told: 0,
        }
    }

    /// Every form of the truth: each open choice of each vendor made otherwise alone, then all of them at once.
    pub(crate) fn variations() -> Vec<(String, Self)> {
        let with = |change: &dyn Fn(&mut Self)| {
            let mut world = Self::default();
            change(&mut world);
            world
        };
        let mut worlds = Vec::new();
        for (name, truth) in OmiseTruth::variations() {
            worlds.push((format!("omise {name}"), with(&|world| world.omise.truth = truth.clone())));
        }
        for (name, truth) in GafapayTruth::variations() {
            worlds.push((format!("gafapay {name}"), with(&|world| world.gafapay.truth = truth.clone())));
        }
        for (name, truth) in MytpeTruth::variations() {
            let mytpe = Mytpe::new(truth, Draw::default());
            worlds.push((format!("mytpe {name}"), with(&|world| world.mytpe = mytpe.clone())));
        }
        let other = Self::of(OmiseTruth::other(), GafapayTruth::other(), MytpeTruth::other(), &Draw::default());
        worlds.push(("all other".to_owned(), other));
        worlds
    }

    /// The same world with a lie.
    pub(crate) fn telling(mut self, lie: Lie) -> Self {
        self.lie = Some(lie);
        self
    }

    /// The answer as it goes out.
    pub(crate) fn answer(&mut self, request: &Received) -> Answer {
        let reply = self.truthful(request);
        match self.lie.clone().filter(|lie| lie.spoils(&reply)) {
            Some(lie) => {
                self.told += 1;
                spoil(&lie, request, reply, self)
            }
            None => reply.answer,
        }
    }

    /// The answer as it should be.
    pub(crate) fn truthful(&mut self, request: &Received) -> Reply {
        if request.path.starts_with("/gafapay/") {
            self.gafapay.answer(request)
        } else if request.path.starts_with("/api/") {
            self.mytpe.answer(request)
        } else {
            self.omise.answer(request)
        }
    }

    /// The request as the owner of its resource would have sent it.
    pub(crate) fn as_owner(&self, request: Received, reply: &Reply) -> Received {
        match reply.vendor {
            Vendor::Omise => {
                let authorization = self.omise.authorization_of(reply.id.as_deref());
                request.with_header("Authorization", &authorization)
            }
            Vendor::Gafapay => {
                let request = request.with_header("authorization", &self.gafapay.authorization());
                request.with_header("companyid", &self.gafapay.company)
            }
            Vendor::Mytpe => {
                let request = request.with_header("X-API-KEY", &self.mytpe.key);
                request.with_header("X-API-SECRET", &self.mytpe.secret)
            }
        }
    }

    /// Makes the resource of a reply deleted, or undoes that.
    pub(crate) fn set_deleted(&mut self, reply: &Reply, deleted: bool) {
        let Some(id) = reply.id.as_deref() else { return };
        match reply.vendor {
            Vendor::Omise => self.omise.set_deleted(id, deleted),
            Vendor::Gafapay => self.gafapay.set_deleted(id, deleted),
            Vendor::Mytpe => self.mytpe.set_deleted(id, deleted),
        }
    }

    /// Opens the page of a reply's resource again.
    pub(crate) fn reopen_page(&mut self, reply: &Reply) {
        if let Some(id) = reply.id.as_deref() {
            self.omise.reopen_page(id);
        }
    }

    /// The id of another resource of the same sort, or a well-formed one that is not the reply's where there is none.
    pub(crate) fn another_id(&self, reply: &Reply) -> String {
        let own = reply.id.clone().unwrap_or_default();
        let sort = own.split('_').next().unwrap_or_default();
        let other = self.omise.left().find(|id| **id != own && id.starts_with(sort));
        other.cloned().unwrap_or_else(|| {
            let end = if own.ends_with('0') { "1" } else { "0" };
            format!("{}{end}", &own[..own.len() - 1])
        })
    }

    /// The ids of what was created and not deleted, of all vendors and accounts.
    pub(crate) fn left(&self) -> Vec<String> {
        self.omise.left().chain(self.gafapay.left()).chain(self.mytpe.left()).cloned().collect()
    }

    /// The environment variables that give a run its credentials and its fixtures.
    pub(crate) fn environment(&self) -> [(&'static str, String); 12] {
        let [successful, pending, failed] = self.mytpe.paid.each_ref().map(|(id, _)| id.clone());
        let [ours, others] = [&self.omise.accounts[0], &self.omise.accounts[1]];
        [
            ("OMISE_SECRET_KEY", ours.secret.clone()),
            ("OMISE_PUBLIC_KEY", ours.public.clone()),
            ("OMISE_FOREIGN_SECRET_KEY", others.secret.clone()),
            ("GAFAPAY_TOKEN", self.gafapay.token.clone()),
            ("GAFAPAY_COMPANY_ID", self.gafapay.company.clone()),
            ("MYTPE_API_KEY", self.mytpe.key.clone()),
            ("MYTPE_API_SECRET", self.mytpe.secret.clone()),
            ("MYTPE_LINK_WITH_TRANSACTIONS", self.mytpe.used.clone()),
            ("MYTPE_LINK_WITH_SUCCESSFUL_TRANSACTION", successful),
            ("MYTPE_LINK_WITH_PENDING_TRANSACTION", pending),
            ("MYTPE_LINK_WITH_FAILED_TRANSACTION", failed),
            ("OMISE_LIVE_LINK", "link_5xuy4w91xqz7d1w9live".to_owned()),
        ]
    }

    /// Puts the world behind a socket.
    pub(crate) fn serve(self) -> Stand {
        let world = Arc::new(Mutex::new(self));
        let behind = Arc::clone(&world);
        Stand { server: Server::start(move |request| locked(&behind).answer(request)), world }
    }
}

/// A world behind a socket, for as long as this is held.
pub(crate) struct Stand {
    /// The socket, with what arrived at it.
    pub(crate) server: Server,
    world: Arc<Mutex<World>>,
}

impl Stand {
    /// The world as it stands now, to look at or to change.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        locked(&self.world)
    }
}
