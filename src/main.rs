//! The binary.
fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
    let loaded = proviso::contract::load(&paths);
    print!("{}", proviso::diagnostic::text(&loaded.mistakes, &loaded.sources, proviso::diagnostic::Style::Plain));
    for v in &loaded.contracts.vendors {
        for o in &v.operations {
            let space = proviso::condition::Space::of(v, o);
            println!("{} {} {}", v.name, o.name, o.rows.len());
            for d in &space.dimensions {
                println!("   {} {:?}", d.key, d.choices);
            }
            for (i, a) in o.rows.values().enumerate() {
                for b in o.rows.values().skip(i + 1) {
                    if let Some(p) = space.region(a).meets(&space.region(b)) {
                        println!("OVERLAP {} {} at {}", a.name, b.name, space.describe(&p));
                    }
                }
            }
            if let Some(proviso::contract::Promise::Json(s)) = o.outcomes.values().next().map(|o| &o.body) {
                println!("{}", s.schema);
            }
        }
    }
}
