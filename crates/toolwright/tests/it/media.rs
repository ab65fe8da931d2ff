//! Bytes become the content that fits them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::ResourceContents;
use serde_json::json;
use toolwright::media::{LIMIT, Qr};
use toolwright::{ErrorKind, Output};
use wiremock::ResponseTemplate;

use crate::fixture::{answering, answering_json, call, context, failure, text};

const BYTES: &[u8] = &[0x89, b'P', b'N', b'G', 0, 255, 254, 10];

async fn download(media_type: Option<&'static str>, body: &[u8]) -> Output {
    let mut answer = ResponseTemplate::new(200).set_body_bytes(body);
    if let Some(media_type) = media_type {
        answer = ResponseTemplate::new(200).set_body_raw(body, media_type);
    }
    let server = answering(answer).await;
    call(&context(&server.uri()), "media_download", json!({ "id": "m" })).await.unwrap()
}

#[tokio::test]
async fn an_image_is_an_image() {
    let output = download(Some("image/png"), BYTES).await;
    let image = output.content[0].as_image().unwrap();
    assert_eq!(image.mime_type, "image/png");
    assert_eq!(STANDARD.decode(&image.data).unwrap(), BYTES);
}

#[tokio::test]
async fn sound_is_sound() {
    let output = download(Some("audio/ogg; codecs=opus"), BYTES).await;
    let audio = output.content[0].as_audio().unwrap();
    assert_eq!(audio.mime_type, "audio/ogg");
    assert_eq!(STANDARD.decode(&audio.data).unwrap(), BYTES);
}

#[tokio::test]
async fn another_file_is_an_embedded_resource_with_a_uri_of_its_own() {
    let mut uris = Vec::new();
    for media_type in [Some("application/pdf"), Some("video/mp4"), None] {
        let output = download(media_type, BYTES).await;
        let ResourceContents::BlobResourceContents { uri, mime_type, blob, .. } =
            &output.content[0].as_resource().unwrap().resource
        else {
            panic!("no blob: {output:?}");
        };
        assert!(uri.starts_with("chat://media/"), "{uri}");
        assert_eq!(mime_type.as_deref(), Some(media_type.unwrap_or("application/octet-stream")));
        assert_eq!(STANDARD.decode(blob).unwrap(), BYTES);
        uris.push(uri.clone());
    }
    uris.dedup();
    assert_eq!(uris.len(), 3);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_with_what_to_do() {
    let server = answering(ResponseTemplate::new(200).set_body_raw(vec![0; LIMIT + 1], "image/png")).await;
    let error = failure(&context(&server.uri()), "media_download", json!({ "id": "m" })).await;
    assert_eq!(error.kind, ErrorKind::ResponseTooLarge);
    insta::assert_snapshot!(error, @"the file has 8388609 bytes, and at most 8388608 can be handed over. Ask for a smaller version of it, or for a link to it, if the API offers one");
}

/// Reads a code as a phone does: from the picture.
fn scan(png: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut rows = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rows).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::One));
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |column, row| {
        let byte = rows[row * info.line_size + column / 8];
        if byte & (0x80 >> (column % 8)) == 0 { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code in the picture");
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn a_qr_text_stays_and_a_code_that_scans_is_added() {
    let code = format!("2@{},{},{}==,1", "Ab3/".repeat(20), "x+Y9".repeat(11), "Zz0=".repeat(10));
    let server = answering_json(json!({ "qr": code, "expires": 20 })).await;
    let output = call(&context(&server.uri()), "pair_qr", json!({})).await.unwrap();
    assert_eq!(text(&output), json!({ "qr": code, "expires": 20 }).to_string());
    let image = output.content[1].as_image().unwrap();
    assert_eq!(image.mime_type, "image/png");
    assert_eq!(scan(&STANDARD.decode(&image.data).unwrap()), code);
}

#[tokio::test]
async fn an_answer_without_a_code_is_an_answer() {
    for body in [json!({}), json!({ "qr": null }), json!({ "qr": "" }), json!([])] {
        let server = answering_json(body).await;
        let output = call(&context(&server.uri()), "pair_qr", json!({})).await.unwrap();
        assert!(output.content.iter().all(|block| block.as_image().is_none()));
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_for_a_code_is_still_delivered() {
    let server = answering_json(json!({ "qr": "x".repeat(5000) })).await;
    let output = call(&context(&server.uri()), "pair_qr", json!({})).await.unwrap();
    assert!(text(&output).contains("xxxx"));
    insta::assert_snapshot!(output.content[1].as_text().unwrap().text, @"Note: `/qr` cannot be shown as a QR code: the text has 5000 bytes, which is more than a QR code holds.");
}

#[test]
fn a_code_can_be_shown_in_a_terminal() {
    insta::assert_snapshot!(Qr::new("toolwright").unwrap().to_text());
}
