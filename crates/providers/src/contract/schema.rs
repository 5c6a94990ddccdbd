//! Schemas of a description, followed through references and compositions for so many steps and
//! no further: a description may be made to have no end.
//!
//! Not here: what the fields mean (`fields`).

use std::cell::Cell;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::fields::{Fields, Kind, only};

/// How many references and compositions one after the other are followed.
const DEPTH: usize = 12;
/// How many schemas are looked at for a whole description.
const STEPS: usize = 200_000;
/// How many fields of an object are looked at.
const FIELDS: usize = 500;
/// How much of what is said of a field is looked at, in characters.
const SAID: usize = 500;
/// What a number counts that is no point in time in milliseconds.
const UNITS: [&str; 6] = ["second", "minute", "hour", "day", "week", "month"];
/// Milliseconds of a point in time in March 1973; as seconds, one in the year 5138.
const EARLIEST: i64 = 100_000_000_000;

/// The schemas of one description.
#[derive(Debug)]
pub(super) struct Schemas<'d> {
    root: &'d Value,
    steps_left: Cell<usize>,
}

impl<'d> Schemas<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        Self {
            root,
            steps_left: Cell::new(STEPS),
        }
    }

    /// What a reference within the document points to; anything else stays what it is. `None`
    /// where that leads nowhere, out of the document, or round in a circle.
    pub(super) fn resolved(&self, mut value: &'d Value) -> Option<&'d Value> {
        for _ in 0..DEPTH {
            self.steps_left.set(self.steps_left.get().checked_sub(1)?);
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Some(value);
            };
            let pointer = reference.strip_prefix('#')?;
            let pointer = percent_decode_str(pointer).decode_utf8().ok()?;
            value = self.root.pointer(&pointer)?;
        }
        None
    }

    /// The fields of an object; `None` where the schema does not tell them.
    pub(super) fn fields(&self, schema: &'d Value) -> Option<Fields> {
        let mut fields = Fields::default();
        self.collect(schema, true, &mut fields, DEPTH)?;
        (!fields.kinds.is_empty()).then_some(fields)
    }

    /// The schema of a field.
    pub(super) fn field(&self, schema: &'d Value, name: &str) -> Option<&'d Value> {
        self.find(schema, name, DEPTH)
    }

    /// What stands in a list.
    pub(super) fn items(&self, schema: &'d Value) -> Option<&'d Value> {
        let schema = self.plain(schema, DEPTH)?;
        let items = schema.get("items")?;
        self.resolved(items)
    }

    /// What a schema allows.
    pub(super) fn kind(&self, schema: &'d Value) -> Kind {
        let Some(schema) = self.plain(schema, DEPTH) else {
            return Kind::Any;
        };
        let format = schema.get("format").and_then(Value::as_str);
        match word(schema) {
            Some("string") => match format {
                Some("date-time") => Kind::DateTime,
                Some("date") => Kind::Date,
                Some("binary") => Kind::Binary,
                _ => Kind::Text,
            },
            Some("integer" | "number") if is_no_milliseconds(schema) => Kind::Quantity,
            Some("integer" | "number") => Kind::Number,
            Some("boolean") => Kind::Flag,
            Some("array") => Kind::List,
            Some("object") => Kind::Object,
            Some("file") => Kind::Binary,
            _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => {
                Kind::Object
            }
            _ if schema.get("items").is_some() => Kind::List,
            _ => Kind::Any,
        }
    }

    /// Whether a schema is certainly that of a list.
    pub(super) fn is_list(&self, schema: &'d Value) -> bool {
        self.kind(schema) == Kind::List
    }

    /// The schema behind references and behind a choice between it and nothing.
    fn plain(&self, schema: &'d Value, depth: usize) -> Option<&'d Value> {
        let depth = depth.checked_sub(1)?;
        let schema = self.resolved(schema)?;
        for composition in ["oneOf", "anyOf", "allOf"] {
            let Some(parts) = schema.get(composition).and_then(Value::as_array) else {
                continue;
            };
            let something = parts
                .iter()
                .take(FIELDS)
                .filter(|part| part.get("type").and_then(Value::as_str) != Some("null"));
            // What is beside it counts: `allOf: [x], required: [a]`.
            let beside = ["properties", "required"];
            let bare = beside.iter().all(|name| schema.get(name).is_none());
            if bare && let Some(part) = only(something) {
                return self.plain(part, depth);
            }
        }
        Some(schema)
    }

    fn collect(
        &self,
        schema: &'d Value,
        certain: bool,
        fields: &mut Fields,
        depth: usize,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let schema = self.plain(schema, DEPTH)?;
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties.iter().take(FIELDS) {
                fields.kinds.insert(name.clone(), self.kind(property));
                // What only the server writes is no part of a body.
                if property.get("readOnly") == Some(&Value::Bool(true)) {
                    fields.read_only.insert(name.clone());
                }
            }
        }
        if certain && let Some(required) = schema.get("required").and_then(Value::as_array) {
            let names = required.iter().filter_map(Value::as_str).take(FIELDS);
            fields.required.extend(names.map(str::to_owned));
        }
        for part in parts(schema, "allOf") {
            self.collect(part, certain, fields, depth)?;
        }
        for part in parts(schema, "oneOf").chain(parts(schema, "anyOf")) {
            // One of several: any of its fields may be there, none must.
            self.collect(part, false, fields, depth)?;
        }
        Some(())
    }

    fn find(&self, schema: &'d Value, name: &str, depth: usize) -> Option<&'d Value> {
        let depth = depth.checked_sub(1)?;
        let schema = self.plain(schema, DEPTH)?;
        if let Some(property) = schema.get("properties").and_then(|all| all.get(name)) {
            return Some(property);
        }
        ["allOf", "oneOf", "anyOf"]
            .iter()
            .flat_map(|composition| parts(schema, composition))
            .find_map(|part| self.find(part, name, depth))
    }
}

fn parts<'d>(schema: &'d Value, composition: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    let parts = schema.get(composition).and_then(Value::as_array);
    parts.into_iter().flatten().take(FIELDS)
}

/// Whether a number is certainly no point in time in milliseconds: it is said to be something
/// else, or its example or its greatest value lies before the year 1973.
fn is_no_milliseconds(schema: &Value) -> bool {
    let said = schema.get("description").and_then(Value::as_str);
    let said: String = said.unwrap_or_default().chars().take(SAID).collect();
    let said = said.to_lowercase();
    let mut words = said.split(|character: char| !character.is_alphanumeric());
    if said.contains("milli") || words.clone().any(|word| word == "ms") {
        return false;
    }
    if words.any(|word| UNITS.contains(&word.trim_end_matches('s'))) {
        return true;
    }
    ["maximum", "example", "default"]
        .iter()
        .filter_map(|name| schema.get(*name)?.as_i64())
        .any(|number| (1..EARLIEST).contains(&number))
}

/// The one type of a schema; `null` beside it does not count.
fn word(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(word) => Some(word),
        Value::Array(words) => {
            let words = words.iter().take(FIELDS).filter_map(Value::as_str);
            only(words.filter(|word| *word != "null"))
        }
        _ => None,
    }
}
