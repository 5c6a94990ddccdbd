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
    /// The fields of its body without which it would not do what it is for.
    pub(crate) sends: &'static [Sent],
    /// Fields of its body that a server may lack.
    pub(crate) may_send: &'static [Sent],
    /// The names of its query.
    pub(crate) asks: &'static [&'static str],
    /// The fields without which its answer, or a row of it, is of no use: for each the names that
    /// are understood in any style, our own first.
    pub(crate) answers: &'static [&'static [&'static str]],
    /// Fields of its answer that a server may lack, likewise.
    pub(crate) may_answer: &'static [&'static [&'static str]],
}

/// A field of a body, and what is sent in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
}

/// What is sent in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    /// A point in time in Unix milliseconds.
    Milliseconds,
    /// A point in time as text, RFC 3339.
    DateTime,
    /// A list of texts.
    Texts,
    /// A file in a form.
    File,
    /// A file that is the body as a whole.
    Whole,
}

/// A field with text.
pub(crate) const fn text(name: &'static str) -> Sent {
    Sent {
        name,
        shape: Shape::Text,
    }
}

/// A field with something else than text.
pub(crate) const fn sent(name: &'static str, shape: Shape) -> Sent {
    Sent { name, shape }
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
            may_send: &[],
            asks: &[],
            answers: &[],
            may_answer: &[],
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

    pub(crate) const fn sends(mut self, fields: &'static [Sent]) -> Self {
        self.sends = fields;
        self
    }

    pub(crate) const fn may_send(mut self, fields: &'static [Sent]) -> Self {
        self.may_send = fields;
        self
    }

    pub(crate) const fn asks(mut self, names: &'static [&'static str]) -> Self {
        self.asks = names;
        self
    }

    pub(crate) const fn answers(mut self, fields: &'static [&'static [&'static str]]) -> Self {
        self.answers = fields;
        self
    }

    pub(crate) const fn may_answer(mut self, fields: &'static [&'static [&'static str]]) -> Self {
        self.may_answer = fields;
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
