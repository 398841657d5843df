#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
use bonafide_bom::semantics::{Circumstances, examine};
fn main() {
    let circumstances = Circumstances {
        now: "2026-11-22T00:00:00Z".parse().unwrap(),
        artifact_changed: Some("2026-01-20T00:00:00Z".parse().unwrap()),
    };
    let t = std::env::args().any(|a| a == "--time");
    for path in std::env::args().skip(1).filter(|a| a != "--time") {
        let bytes = std::fs::read(&path).unwrap();
        let root = match bonafide_bom::json::admit(&bytes, 1 << 30) {
            Ok(r) => r,
            Err(e) => {
                println!("{path}\tadmission\t{e}");
                continue;
            }
        };
        let start = std::time::Instant::now();
        let (_bom, defects) = examine(root, &circumstances);
        if t {
            println!("{path} {:?} {}", start.elapsed(), defects.len());
        }
        for d in &defects {
            println!(
                "{path}\t{}\t{}\t{}\t{}",
                d.kind.slug(),
                d.kind.severity(),
                d.pointer,
                d.kind
            );
        }
    }
}
