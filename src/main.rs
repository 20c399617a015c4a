//! The binary.
fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
    let loaded = proviso::contract::load(&paths);
    for case in proviso::case::compile(&loaded.contracts) {
        println!("{} {:?} {} {:?} {:?}", case.id, case.needs, case.changes, case.barred, case.draft.ids);
    }
    for v in &loaded.contracts.vendors {
        for r in v.file.resources.keys() {
            for s in ["live", "deleted"] {
                println!(
                    "{r} {s} {:?}",
                    proviso::case::reads(v, r, s)
                        .iter()
                        .map(|r| (v.operations[r.operation].name.clone(), r.row.clone(), r.others.clone()))
                        .collect::<Vec<_>>()
                );
            }
        }
    }
}
