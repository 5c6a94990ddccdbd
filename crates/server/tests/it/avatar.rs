//! Avatars: what is taken, what is refused, and how it is answered.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, header};

use crate::support::{Answer, Server};

const PATH: &str = "/api/v1/users/avatar";

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90])
    });
    DynamicImage::ImageRgb8(pixels)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

async fn upload(server: &Server, token: &str, field: &'static str, bytes: Vec<u8>) -> Answer {
    let part = Part::bytes(bytes)
        .file_name("me.png")
        .mime_str("image/png")
        .unwrap();
    let form = Form::new().part(field, part);
    let request = server.request(Method::POST, PATH).bearer_auth(token);
    server.send(request.multipart(form)).await
}

#[tokio::test]
async fn there_is_none_at_first() {
    let server = Server::start().await;
    server
        .get(PATH, &server.ada().await)
        .await
        .refused(404, None);
}

#[tokio::test]
async fn a_picture_comes_back_as_it_went_with_the_type_of_its_content() {
    let server = Server::start().await;
    let token = server.ada().await;
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
    ] {
        let bytes = picture(64, 48, format);
        assert_eq!(
            upload(&server, &token, "file", bytes.clone()).await.status,
            200
        );
        let answer = server.get(PATH, &token).await;
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.bytes, bytes);
    }
    server
        .get(PATH, &server.bob().await)
        .await
        .refused(404, None);
}

#[tokio::test]
async fn a_picture_that_is_known_is_not_sent_again() {
    let server = Server::start().await;
    let token = server.ada().await;
    upload(&server, &token, "file", picture(8, 8, ImageFormat::Png)).await;
    let tag = server.get(PATH, &token).await.header("etag").to_owned();
    let known = |tag: String| {
        let request = server.request(Method::GET, PATH).bearer_auth(&token);
        server.send(request.header(header::IF_NONE_MATCH, tag))
    };
    for tag in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = known(tag).await;
        assert_eq!(answer.status, 304);
        assert!(answer.bytes.is_empty());
    }
    upload(&server, &token, "file", picture(9, 9, ImageFormat::Png)).await;
    assert_eq!(known(tag).await.status, 200);
}

#[tokio::test]
async fn what_is_no_whole_picture_is_refused_and_the_old_one_stays() {
    let server = Server::start().await;
    let token = server.ada().await;
    let old = picture(8, 8, ImageFormat::Png);
    upload(&server, &token, "file", old.clone()).await;
    let png = picture(200, 200, ImageFormat::Png);
    let jpeg = picture(200, 200, ImageFormat::Jpeg);
    let mut bomb = picture(1, 1, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    for bytes in [
        Vec::new(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(),
        b"<!doctype html><script>alert(1)</script>".to_vec(),
        png[..png.len() / 2].to_vec(),
        png[..30].to_vec(),
        jpeg[..jpeg.len() / 2].to_vec(),
        jpeg[..30].to_vec(),
        picture(4097, 1, ImageFormat::Png),
        picture(1, 4097, ImageFormat::Jpeg),
        bomb,
    ] {
        upload(&server, &token, "file", bytes)
            .await
            .refused(400, Some("file"));
    }
    assert_eq!(server.get(PATH, &token).await.bytes, old);
}

#[tokio::test]
async fn a_picture_has_less_than_a_megabyte() {
    let server = Server::start().await;
    let token = server.ada().await;
    // What follows the end of a PNG is ignored by decoders; it only counts as bytes.
    let mut bytes = picture(8, 8, ImageFormat::Png);
    bytes.resize(999_999, 0);
    assert_eq!(
        upload(&server, &token, "file", bytes.clone()).await.status,
        200
    );
    for size in [1_000_000, 1_048_576, 2_000_000] {
        bytes.resize(size, 0);
        upload(&server, &token, "file", bytes.clone())
            .await
            .refused(413, Some("file"));
    }
    bytes.resize(3_000_000, 0);
    upload(&server, &token, "file", bytes)
        .await
        .refused(413, Some("file"));
    assert_eq!(server.get(PATH, &token).await.bytes.len(), 999_999);
}

#[tokio::test]
async fn forms_without_a_picture_are_refused() {
    let server = Server::start().await;
    let token = server.ada().await;
    let bytes = picture(8, 8, ImageFormat::Png);
    upload(&server, &token, "image", bytes.clone())
        .await
        .refused(400, Some("file"));
    let request = server.request(Method::POST, PATH).bearer_auth(&token);
    let bare = request
        .header(header::CONTENT_TYPE, "image/png")
        .body(bytes);
    server.send(bare).await.refused(415, None);
    let request = server.request(Method::POST, PATH).bearer_auth(&token);
    let torn = request
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc");
    server.send(torn).await.refused(400, Some("file"));
}

#[tokio::test]
async fn nobody_uploads_without_a_credential() {
    let server = Server::start().await;
    let answer = upload(&server, "x", "file", picture(8, 8, ImageFormat::Png)).await;
    answer.refused(401, Some("authorization"));
}
