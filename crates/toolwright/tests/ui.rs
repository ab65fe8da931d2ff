//! Wrong input to `tools!`: each message points at the literal and says what to do.
//!
//! One fixture for each mistake, named by it. `TRYBUILD=overwrite cargo test -p toolwright --test ui` writes the expected
//! messages anew; read them before they are committed.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

#[test]
fn each_mistake_has_its_message() {
    put_catalogs_where_fixtures_are_built();
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/*.rs");
}

/// The macro reads catalogs from the folder of the crate that calls it; trybuild makes that crate in the target folder.
fn put_catalogs_where_fixtures_are_built() {
    let target =
        Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder holds the temporary one");
    let folder = target.join("tests/trybuild/toolwright/catalogs");
    fs::create_dir_all(&folder).expect("the folder can be made");
    for catalog in fs::read_dir("tests/ui/catalogs").expect("the catalogs are there") {
        let catalog = catalog.expect("a catalog can be listed").path();
        let name = catalog.file_name().expect("a catalog has a name");
        fs::copy(&catalog, folder.join(name)).expect("a catalog can be copied");
    }
}
