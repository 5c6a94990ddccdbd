//! Organizations and their members.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use keydesk_server::{Administration, OrganizationRole};

use super::{Failure, Whose, print};

#[derive(Subcommand)]
pub(super) enum Organization {
    /// Make an organization; prints its id
    Add(Add),
    /// Manage who belongs to an organization
    #[command(subcommand)]
    Member(Member),
}

#[derive(Args)]
pub(super) struct Add {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Its name
    #[arg(long)]
    name: String,
}

#[derive(Subcommand)]
pub(super) enum Member {
    /// Make an account a member, or give a member another role
    Add(AddMember),
    /// End a membership, and the API keys that were made under it
    Remove(RemoveMember),
}

#[derive(Args)]
pub(super) struct AddMember {
    #[command(flatten)]
    whose: Whose,
    /// The organization's id
    #[arg(long, value_name = "ID")]
    organization: String,
    /// owner, admin, member or viewer
    #[arg(long)]
    role: OrganizationRole,
}

#[derive(Args)]
pub(super) struct RemoveMember {
    #[command(flatten)]
    whose: Whose,
    /// The organization's id
    #[arg(long, value_name = "ID")]
    organization: String,
}

pub(super) async fn run(command: Organization) -> Result<(), Failure> {
    match command {
        Organization::Add(add) => {
            let id = Administration::open(&add.data)?
                .add_organization(&add.name)
                .await?;
            print(&id)?;
        }
        Organization::Member(Member::Add(add)) => {
            let administration = add.whose.administration()?;
            administration
                .put_member(&add.organization, &add.whose.email, add.role)
                .await?;
        }
        Organization::Member(Member::Remove(remove)) => {
            let administration = remove.whose.administration()?;
            administration
                .remove_member(&remove.organization, &remove.whose.email)
                .await?;
        }
    }
    Ok(())
}
