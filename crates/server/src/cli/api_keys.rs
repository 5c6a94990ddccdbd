//! The first API key of the AIMMS dialect.

use clap::{Args, Subcommand};

use super::{Failure, Whose, print};

#[derive(Subcommand)]
pub(super) enum ApiKey {
    /// Make a key for the AIMMS dialect, which is spoken by key alone, and print it: it is
    /// shown this once
    Add(Add),
}

#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    whose: Whose,
    /// The key's name
    #[arg(long)]
    name: String,
    // In an attribute, because these are no names of Rust.
    #[arg(
        long = "scope",
        value_name = "SCOPE",
        required = true,
        help = "What the key may do: Authentication, PublishApp, Tasks, APIKey or Session; may \
            be repeated"
    )]
    scopes: Vec<String>,
    /// After how many days it ends
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
}

pub(super) async fn run(command: ApiKey) -> Result<(), Failure> {
    let ApiKey::Add(add) = command;
    let administration = add.whose.administration()?;
    let key = administration
        .add_aimms_key(&add.whose.email, &add.name, &add.scopes, add.days)
        .await?;
    print(&key)?;
    Ok(())
}
