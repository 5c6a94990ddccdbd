//! The providers over real sockets: against the settings server, and against servers that
//! misbehave in every way that can be thought of.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "all of it is test code, helpers included"
)]

mod aimms;
mod cloud;
mod deadlines;
mod fault_server;
mod faults;
mod keys;
mod lossy_way;
mod portal;
mod proxies;
mod redirects;
mod refusals;
mod retries;
mod secrets;
mod self_hosted;
mod servers_page;
mod support;
mod tls;
