//! Each class of drift, made at a server.

use crate::servers::world::World;
use crate::snapshot::{Rig, unchanged};

#[test]
fn explore() {
    let rig = Rig::new();
    let told = rig.run(World::default(), unchanged);
    println!("{}", told.trouble());
    rig.accept();
    for path in rig.files(".snap") {
        println!("=== {}\n{}", path.display(), std::fs::read_to_string(&path).unwrap());
    }
    let told = rig.run(World::default(), unchanged);
    println!("{}", told.trouble());
    for result in &told.results {
        if let Some(drift) = &result.drift {
            println!("{} {:?}\n{}", result.id, drift.differences, drift.diff);
        }
    }
}
