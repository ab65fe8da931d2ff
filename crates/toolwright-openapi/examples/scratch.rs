#![allow(clippy::all, clippy::pedantic, missing_docs, clippy::restriction)]
use std::collections::BTreeMap;
use toolwright_catalog::Call;
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let source = match toolwright_openapi::Source::read(std::path::Path::new(&folder), "titan") { Ok(s) => s, Err(e) => { println!("{e}"); return } };
    let start = std::time::Instant::now();
    match toolwright_openapi::lower(&source) {
        Err(e) => println!("{e}\n{} errors", e.iter().count()),
        Ok(lowered) => {
            eprintln!("{:?}", start.elapsed());
            for note in lowered.notes() { println!("note {note}"); }
            for (id, r) in lowered.generic() { println!("generic {id}: {r}"); }
            let (mut a, mut b, mut i, mut d) = (0, 0, 0, 0);
            let mut per = vec![];
            for t in lowered.tools() {
                let input = serde_json::to_string(&t.input_schema).unwrap();
                let out = t.output_schema.as_ref().map(|o| serde_json::to_string(o).unwrap()).unwrap_or_default();
                let wire = serde_json::json!({"name": t.name, "title": t.title, "description": t.description, "inputSchema": t.input_schema, "annotations": {"title": t.title, "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": true}, "_meta": {"dev.toolwright/scopes": t.scopes}});
                let w = wire.to_string().len();
                a += w; b += out.len() + 16; i += input.len(); d += t.description.len();
                per.push((input.len(), out.len(), t.description.len(), t.name.clone()));
            }
            per.sort(); per.reverse();
            for p in per.iter().take(12) { println!("{p:?}"); }
            let mut o = per.clone(); o.sort_by_key(|p| std::cmp::Reverse(p.1));
            for p in o.iter().take(12) { println!("out {p:?}"); }
            println!("tools {} without output {a} B, with {} B (inputs {i}, descriptions {d}, outputs {b})", lowered.tools().len(), a + b);
            let calls: BTreeMap<String, Call> = lowered.tools().iter().map(|t| (t.operation.id.clone(), Call::Generic { reason: "x".into() })).collect();
            let catalog = lowered.into_catalog(calls).unwrap();
            std::fs::write("/work/t/titan-catalog.json", catalog.to_json()).unwrap();
            println!("untooled {} resources {} prompts {} scopes {:?}", catalog.untooled.len(), catalog.resources.len(), catalog.prompts.len(), catalog.scopes);
            println!("reread {:?}", toolwright_catalog::Catalog::from_json(&catalog.to_json()).map(|_| ()));
        }
    }
}
