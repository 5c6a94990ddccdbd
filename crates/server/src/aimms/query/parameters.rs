//! What a description says of the queries of lists.

use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{Fields, Listing, MAX_LIMIT, OPERATORS};

impl<T: Fields> IntoParams for Listing<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: String, description: String, object: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(object.build()))
                .build()
        };
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let whole = || ObjectBuilder::new().schema_type(Type::Integer);
        let mut parameters = Vec::new();
        for field in T::FIELDS {
            for (suffix, _, meaning) in OPERATORS {
                let description = format!("Only where `{field}` {meaning}.");
                parameters.push(parameter(format!("{field}{suffix}"), description, text()));
            }
        }
        let choices = T::FIELDS.join("|");
        let pattern = format!("^(-?({choices})(,-?({choices}))*)?$");
        parameters.push(parameter(
            "sort".to_owned(),
            "Fields in the order in which they count, separated by commas; with - in front a \
             field descends."
                .to_owned(),
            text().pattern(Some(pattern)),
        ));
        parameters.push(parameter(
            "offset".to_owned(),
            "How many rows are left out in front.".to_owned(),
            whole().minimum(Some(0)),
        ));
        parameters.push(parameter(
            "limit".to_owned(),
            format!("The most rows; {MAX_LIMIT} where it is not said."),
            whole().minimum(Some(1)).maximum(Some(MAX_LIMIT)),
        ));
        parameters
    }
}
