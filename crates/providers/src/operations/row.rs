//! A row of the table of operations as it is built in.
//!
//! Not here: what an instance's configuration makes of it (`super::Operation`).

use keydesk_core::provider::RestsOn;
use reqwest::Method;

use crate::http::Effect;

/// The operations of one kind of server: an enum whose variants stand in the order of its table.
pub(crate) trait Name: Copy + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// Every operation, in the order of the variants.
    fn table() -> &'static [Row<Self>];

    /// The place in the table: `self as usize`.
    fn place(self) -> usize;
}

/// One row: how the operation is asked for, what that rests on, and how it is recognised where a
/// server's description lists it under another path.
#[derive(Debug)]
pub(crate) struct Row<N> {
    pub(crate) name: N,
    /// The stable name, by which configuration and findings speak of it.
    pub(crate) label: &'static str,
    pub(crate) method: Method,
    /// Behind the server's base path; begins with `/`. Names in braces stand for values.
    pub(crate) path: &'static str,
    pub(crate) rests_on: RestsOn,
    pub(crate) effect: Effect,
    /// What it is about, in the words that servers use: "api key", "access token".
    pub(crate) about: &'static [&'static str],
    /// What is done with it: "list", "delete".
    pub(crate) acts: &'static [&'static str],
    /// The fields of its body.
    pub(crate) sends: &'static [&'static str],
    /// The fields of its answer, or of a row of it, that are read.
    pub(crate) answers: &'static [&'static str],
}

impl<N> Row<N> {
    pub(crate) const fn new(
        name: N,
        label: &'static str,
        method: Method,
        path: &'static str,
        rests_on: RestsOn,
        effect: Effect,
    ) -> Self {
        Self {
            name,
            label,
            method,
            path,
            rests_on,
            effect,
            about: &[],
            acts: &[],
            sends: &[],
            answers: &[],
        }
    }

    /// How it is recognised elsewhere. Without this an operation is only ever confirmed.
    pub(crate) const fn known_by(
        mut self,
        about: &'static [&'static str],
        acts: &'static [&'static str],
    ) -> Self {
        self.about = about;
        self.acts = acts;
        self
    }

    pub(crate) const fn sends(mut self, fields: &'static [&'static str]) -> Self {
        self.sends = fields;
        self
    }

    pub(crate) const fn answers(mut self, fields: &'static [&'static str]) -> Self {
        self.answers = fields;
        self
    }
}

/// What every kind's table is held to: each operation stands in its place under a name of its own.
#[cfg(test)]
pub(crate) fn assert_in_order<N: Name>() {
    let mut labels = std::collections::HashSet::new();
    for (place, row) in N::table().iter().enumerate() {
        assert_eq!(row.name.place(), place, "{}", row.label);
        assert!(labels.insert(row.label), "{} twice", row.label);
        let request = format!("{} {}", row.method, row.path);
        let parameters = super::parameters(row.path);
        assert!(super::parse(&request, &parameters).is_some(), "{request}");
        assert_eq!(
            row.effect == crate::http::Effect::Reads,
            row.method == Method::GET,
            "{request}: only what reads is repeated"
        );
    }
}
