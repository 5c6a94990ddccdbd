//! The server from outside: over a real socket, by raw HTTP, around every client.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it fails"
)]

mod aimms;
mod api_keys;
mod avatar;
mod cloud;
mod http;
mod openapi;
mod organizations;
mod password;
mod portal;
mod process;
mod profile;
mod sign_in;
mod storage;
mod support;
mod tokens;
