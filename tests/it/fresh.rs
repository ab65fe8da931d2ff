//! Generated files are what the document says now.

use std::path::Path;

use toolwright_generate::{Mode, Target, generate};

#[test]
fn generated_files_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = Target {
        api: "titan",
        document_folder: "openapi/titan",
        client_crate: "crates/titan-client",
        tools_crate: "crates/titan-mcp",
        docs_folder: "docs",
        command: "cargo xtask generate",
    };
    if let Err(error) = generate(root, &target, Mode::Check) {
        panic!("{error}");
    }
}
