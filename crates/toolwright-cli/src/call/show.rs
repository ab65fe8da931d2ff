//! A result on the screen and in files.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use toolwright::Output;
use toolwright::catalog::Tool;
use toolwright::media::Qr;

use crate::{App, terminal};

/// Prints texts, and writes images, sounds and files into a folder.
pub(super) fn output(app: &App, tool: &str, output: &Output, folder: &Path) -> anyhow::Result<ExitCode> {
    for block in &output.content {
        // The blocks as a client gets them: their wire form is the stable one.
        show(tool, &serde_json::to_value(block)?, folder)?;
    }
    for note in &output.notes {
        terminal::note(&format!("note: {note}"));
    }
    if terminal::shows_output()
        && let Some(code) = qr(app, tool, output)
    {
        terminal::print(&code.to_text())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(tool: &str, block: &Value, folder: &Path) -> anyhow::Result<()> {
    let member = |name: &str| block.get(name).and_then(Value::as_str);
    match member("type") {
        Some("text") => terminal::print(&pretty(member("text").unwrap_or_default()))?,
        Some("image" | "audio") => save(tool, block, "data", folder)?,
        Some("resource_link") => {
            terminal::print(member("uri").unwrap_or_default())?;
        }
        Some("resource") => {
            let resource = &block["resource"];
            match resource.get("text").and_then(Value::as_str) {
                Some(text) => terminal::print(text)?,
                None => save(tool, resource, "blob", folder)?,
            }
        }
        _ => terminal::print(&block.to_string())?,
    }
    Ok(())
}

/// JSON in lines for people; programs get it as it came.
fn pretty(text: &str) -> String {
    if !terminal::shows_output() {
        return text.to_owned();
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_else(|_| text.to_owned()),
        Err(_) => text.to_owned(),
    }
}

fn save(tool: &str, block: &Value, member: &str, folder: &Path) -> anyhow::Result<()> {
    let data = block.get(member).and_then(Value::as_str).unwrap_or_default();
    let bytes = STANDARD.decode(data).context("the tool's media is not base64")?;
    let media_type = block.get("mimeType").and_then(Value::as_str).unwrap_or_default();
    let path = write_fresh(folder, tool, extension(media_type), &bytes)?;
    terminal::note(&format!("wrote {} ({media_type}, {} bytes)", path.display(), bytes.len()));
    Ok(())
}

/// Writes a file under a name that was not there before.
pub(super) fn write_fresh(
    folder: &Path,
    stem: &str,
    extension: &str,
    bytes: &[u8],
) -> anyhow::Result<PathBuf> {
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    for number in 1_u32.. {
        let name =
            if number == 1 { format!("{stem}.{extension}") } else { format!("{stem}-{number}.{extension}") };
        let path = folder.join(name);
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => {
                let written = created.and_then(|mut file| file.write_all(bytes));
                written.with_context(|| format!("cannot write {}", path.display()))?;
                return Ok(path);
            }
        }
    }
    anyhow::bail!("there is no free name for {stem}.{extension}")
}

fn extension(media_type: &str) -> &'static str {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "video/mp4" => "mp4",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        _ => "bin",
    }
}

/// The part of the result that the tool shows as a QR code.
fn qr(app: &App, tool: &str, output: &Output) -> Option<Qr> {
    let entry = app.api.tools.iter().find(|entry| entry.name == tool)?;
    let definition: Tool = serde_json::from_str(entry.definition).ok()?;
    let text = output.raw.as_ref()?.pointer(&definition.media?.qr)?.as_str()?;
    Qr::new(text).ok()
}
