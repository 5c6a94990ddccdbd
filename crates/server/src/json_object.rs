//! Bodies that are objects. Left to itself, a struct is read from an array as well, by the
//! order of its entries; no description says so, and nobody means it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// What is read from an object, and from nothing else.
#[derive(Debug)]
pub(crate) struct JsonObject<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for JsonObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = JsonObject<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(JsonObject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Example {
        name: String,
    }

    #[test]
    fn an_object_is_read_and_an_array_is_not() {
        let read = serde_json::from_str::<JsonObject<Example>>;
        assert_eq!(read(r#"{"name":"a","other":1}"#).unwrap().0.name, "a");
        for text in [r#"["a"]"#, "null", r#""a""#, "{}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
