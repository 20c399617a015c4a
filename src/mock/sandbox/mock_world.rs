//! The world of one vendor: its resources, found by id and by the URLs that were handed out for them, within bounds.

use super::entity::Entity;
use crate::contract::OperationId;
use crate::contract::condition::{Standing, World};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;

/// The bytes, roughly, that resources may hold together, where few are to be kept.
const HEAVIEST: usize = 192 << 20;
/// The bytes that one of many may hold on average.
const HEAVY: usize = 2 << 10;
/// The number of fingerprints of forgotten things for each that can be kept; a fingerprint is much smaller than a resource.
const FORGOTTEN: usize = 40;

/// A URL that was handed out: the operation that it is for, and the resource that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HandedOut {
    pub(super) operation: OperationId,
    /// The resource's name.
    pub(super) resource: Arc<str>,
    /// Its id.
    pub(super) id: Arc<str>,
}

/// The resources of one kind, by id.
type Entities = HashMap<Arc<str>, Entity>;

/// Everything that there is.
#[derive(Debug, Clone)]
pub(super) struct MockWorld {
    /// The number of resources that are kept; beyond it the oldest are forgotten.
    capacity: usize,
    /// Fingerprints of what was forgotten: no answer may claim that it never was.
    forgotten: HashSet<u64>,
    fingerprints: RandomState,
    /// By resource, of which there are few.
    resources: Vec<(Arc<str>, Entities)>,
    /// Ids in the order in which they were made; what was there from the start is not among them.
    order: VecDeque<(Arc<str>, Arc<str>)>,
    weight: usize,
    urls: HashMap<Arc<str>, HandedOut>,
}

impl MockWorld {
    /// A world without anything, which keeps so many resources, one at least.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            forgotten: HashSet::new(),
            fingerprints: RandomState::new(),
            resources: Vec::new(),
            order: VecDeque::new(),
            weight: 0,
            urls: HashMap::new(),
        }
    }

    /// Returns true where something may be made: not where even what is forgotten can be remembered no longer.
    pub(super) fn has_room(&self) -> bool {
        self.forgotten.len() < self.capacity.saturating_mul(FORGOTTEN)
    }

    /// Returns true once anything was forgotten.
    pub(super) fn forgets(&self) -> bool {
        !self.forgotten.is_empty()
    }

    /// Returns true where there was such a resource, of which nothing is known any more.
    pub(super) fn has_forgotten(&self, resource: &str, id: &str) -> bool {
        self.has_lost((resource, id)) && self.find(resource, id).is_none()
    }

    /// Returns true where a URL was handed out for such a resource.
    pub(super) fn has_forgotten_url(&self, key: &str) -> bool {
        self.has_lost(key)
    }

    fn has_lost(&self, what: impl Hash) -> bool {
        self.forgets() && self.forgotten.contains(&self.fingerprints.hash_one(what))
    }

    /// A resource by its id.
    pub(super) fn find(&self, resource: &str, id: &str) -> Option<&Entity> {
        self.resources.iter().find(|(name, _)| **name == *resource)?.1.get(id)
    }

    /// The same, to be changed.
    pub(super) fn find_mut(&mut self, resource: &str, id: &str) -> Option<&mut Entity> {
        self.resources.iter_mut().find(|(name, _)| **name == *resource)?.1.get_mut(id)
    }

    /// Changes every resource of a kind.
    pub(super) fn change_all(&mut self, resource: &str, change: impl FnMut(&mut Entity)) {
        let known = self.resources.iter_mut().find(|(name, _)| **name == *resource);
        known.into_iter().flat_map(|(_, known)| known.values_mut()).for_each(change);
    }

    /// Puts a resource into the world; the oldest are forgotten where there are too many.
    pub(super) fn add(&mut self, resource: &str, id: &str, entity: Entity) {
        let id: Arc<str> = id.into();
        let name = self.put(resource, &id, entity);
        self.order.push_back((name, Arc::clone(&id)));
        self.reweigh(resource, &id);
    }

    /// Weighs a resource that has changed; the oldest are forgotten where all are too heavy.
    pub(super) fn reweigh(&mut self, resource: &str, id: &str) {
        if let Some(entity) = self.find_mut(resource, id) {
            let (before, now) = entity.reweigh();
            self.weight = (self.weight + now).saturating_sub(before);
        }
        let heaviest = self.capacity.saturating_mul(HEAVY).max(HEAVIEST);
        while self.order.len() > self.capacity || self.weight > heaviest && self.order.len() > 1 {
            self.forget_oldest();
        }
    }

    /// Puts a resource into the world that is never forgotten.
    pub(super) fn supply(&mut self, resource: &str, id: &str, entity: Entity) {
        self.put(resource, &id.into(), entity);
    }

    fn put(&mut self, resource: &str, id: &Arc<str>, entity: Entity) -> Arc<str> {
        let position = self.resources.iter().position(|(name, _)| **name == *resource);
        let position = position.unwrap_or_else(|| {
            self.resources.push((resource.into(), HashMap::new()));
            self.resources.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the position was found or made just before")]
        let (name, known) = &mut self.resources[position];
        let (name, replaced) = (Arc::clone(name), known.insert(Arc::clone(id), entity));
        if let Some(replaced) = replaced {
            self.release(replaced);
        }
        name
    }

    /// Takes the weight and the URLs of what is gone away.
    fn release(&mut self, entity: Entity) {
        self.weight = self.weight.saturating_sub(entity.weight());
        for url in entity.urls {
            self.urls.remove(&url);
        }
    }

    fn forget_oldest(&mut self) {
        let Some((resource, id)) = self.order.pop_front() else { return };
        self.forgotten.insert(self.fingerprints.hash_one((&*resource, &*id)));
        let known = self.resources.iter_mut().find(|(name, _)| *name == resource);
        if let Some(forgotten) = known.and_then(|(_, known)| known.remove(&id)) {
            let urls = forgotten.urls.iter().map(|url| self.fingerprints.hash_one(&**url));
            self.forgotten.extend(urls);
            self.release(forgotten);
        }
    }

    /// Makes a resource found by a URL that was handed out for it.
    pub(super) fn hand_out(&mut self, key: &str, handed_out: HandedOut) {
        let key: Arc<str> = key.into();
        let Some(entity) = self.find_mut(&handed_out.resource, &handed_out.id) else { return };
        if !entity.urls.contains(&key) {
            entity.urls.push(Arc::clone(&key));
        }
        self.urls.insert(key, handed_out);
    }

    /// The resource and the operation that a URL was handed out for.
    pub(super) fn handed_out(&self, key: &str) -> Option<&HandedOut> {
        self.urls.get(key)
    }
}

impl World for MockWorld {
    fn standing(&self, resource: &str, id: &str) -> Option<Standing<'_>> {
        let entity = self.find(resource, id)?;
        Some(Standing {
            state: &entity.state,
            account: &entity.account,
            live: entity.live,
            parent: entity.parent.as_deref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::sandbox::accepted_credentials::MockAccount;
    use crate::mock::sandbox::tests::contracts;
    use serde_json::Value;
    use std::sync::LazyLock;

    const MANY: usize = 1000;
    static OPERATION: LazyLock<OperationId> = LazyLock::new(|| contracts().vendors[0].operations[0].id);

    fn entity(sent: Value) -> Entity {
        Entity::new("live", &MockAccount { name: "ours".into(), live: false }, None, sent)
    }

    fn url(id: &str) -> HandedOut {
        HandedOut { operation: *OPERATION, resource: "link".into(), id: id.into() }
    }

    #[test]
    fn the_oldest_are_forgotten_with_their_urls_and_what_was_supplied_is_not() {
        let mut world = MockWorld::new(MANY);
        world.supply("link", "fixture", entity(Value::Null));
        for number in 0..=MANY {
            let id = number.to_string();
            world.add("link", &id, entity(Value::Null));
            world.hand_out(&format!("/pay/{id}"), url(&id));
        }
        assert!(world.find("link", "0").is_none() && world.handed_out("/pay/0").is_none());
        assert!(world.has_forgotten_url("/pay/0") && !world.has_forgotten_url("/pay/1"));
        assert!(world.has_forgotten("link", "0") && !world.has_forgotten("link", "1"));
        assert!(!world.has_forgotten("link", "never") && !world.has_forgotten("charge", "0"));
        assert!(world.find("link", "1").is_some() && world.handed_out("/pay/1") == Some(&url("1")));
        assert!(world.find("link", "fixture").is_some());
        assert_eq!(world.order.len(), MANY);
    }

    #[test]
    fn what_can_no_longer_be_remembered_to_be_forgotten_is_not_made() {
        let mut world = MockWorld::new(1);
        let made = (0..1000).take_while(|number| {
            let room = world.has_room();
            if room {
                world.add("link", &number.to_string(), entity(Value::Null));
            }
            room
        });
        assert_eq!(made.count(), FORGOTTEN + 1);
    }

    #[test]
    fn few_heavy_resources_are_forgotten_too() {
        let mut world = MockWorld::new(MANY);
        let heavy = Value::String("x".repeat(HEAVIEST / 3));
        (0..4).for_each(|number| world.add("link", &number.to_string(), entity(heavy.clone())));
        let kept: Vec<_> = (0..4).filter(|number| world.find("link", &number.to_string()).is_some()).collect();
        assert_eq!(kept, [2, 3]);
    }

    #[test]
    fn a_resource_that_grows_is_weighed_again() {
        let mut world = MockWorld::new(MANY);
        world.add("link", "a", entity(Value::Null));
        world.add("link", "b", entity(Value::Null));
        let grown = world.find_mut("link", "b").unwrap();
        grown.show("/note".into(), Value::String("x".repeat(HEAVIEST)));
        world.reweigh("link", "b");
        assert!(world.find("link", "a").is_none());
        world.add("link", "c", entity(Value::Null));
        assert!(world.find("link", "b").is_none());
        assert_eq!(world.weight, world.find("link", "c").unwrap().weight());
    }

    #[test]
    fn what_takes_the_place_of_another_takes_its_weight_and_its_urls_too() {
        let mut world = MockWorld::new(MANY);
        world.add("link", "a", entity(Value::Null));
        world.hand_out("/pay/a", url("a"));
        let weight = world.weight;
        world.add("link", "a", entity(Value::Null));
        assert_eq!((world.weight, world.handed_out("/pay/a")), (weight, None));
    }

    #[test]
    fn one_resource_heavier_than_all_may_be_is_kept_until_the_next() {
        let mut world = MockWorld::new(MANY);
        world.add("link", "a", entity(Value::String("x".repeat(2 * HEAVIEST))));
        assert!(world.find("link", "a").is_some());
        world.add("link", "b", entity(Value::Null));
        assert!(world.find("link", "a").is_none() && world.find("link", "b").is_some());
    }
}
