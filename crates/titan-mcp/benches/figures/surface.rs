//! How much of a model's context the list of tools takes.

use titan_mcp::Granted;
use toolwright::server::published_tools;

pub(crate) fn print() -> anyhow::Result<()> {
    let tokens = tiktoken_rs::o200k_base()?;
    println!("tools/list of all tools, as JSON; tokens of o200k_base");
    for (what, output_schemas, target) in
        [("with output schemas", true, 70_000), ("without output schemas", false, 48_000)]
    {
        let toolset = titan_mcp::builder().output_schemas(output_schemas).build()?;
        let tools = published_tools(&toolset, &Granted::all());
        let json = serde_json::to_string(&tools)?;
        println!(
            "{what:32} {} tools, {} bytes, {} tokens   target: at most {target} bytes",
            tools.len(),
            json.len(),
            tokens.encode_ordinary(&json).len()
        );
    }
    Ok(())
}
