//! Users, groups and environments, read only: filtered, sorted and cut by the service.

use async_trait::async_trait;
use keydesk_core::Result;
use keydesk_core::administration::{DirectoryKind, DirectoryPage, DirectoryQuery};
use keydesk_core::credential::Credential;
use keydesk_core::provider::Directory;

use super::call::Call;
use super::operations::Name;
use super::provider::AimmsProvider;
use super::wire;
use crate::json::rows;

/// The most rows that the service hands out at a time.
const LIMIT: usize = 100;

#[async_trait]
impl Directory for AimmsProvider {
    async fn look_up(
        &self,
        credential: &Credential,
        query: &DirectoryQuery,
    ) -> Result<DirectoryPage> {
        let (name, field, filter) = match query.kind {
            DirectoryKind::Users => (Name::Users, "user_name", "user_name_contain_ci"),
            DirectoryKind::Groups => (Name::Groups, "group_name", "group_name_contain_ci"),
            DirectoryKind::Environments => (
                Name::Environments,
                "environment_name",
                "environment_name_contain_ci",
            ),
        };
        let descends = if query.descending { "-" } else { "" };
        let mut asked = vec![
            ("sort", format!("{descends}{field}")),
            ("offset", query.offset.to_string()),
            ("limit", LIMIT.to_string()),
        ];
        let search = query.search.trim();
        if !search.is_empty() {
            asked.push((filter, search.to_owned()));
        }
        let call = Call::by(name, credential).query(&asked);
        let reply = self.api.ask(&call).await?;
        let unexpected = |missing| self.api.unexpected(&call, &reply, missing);
        let rows = rows(reply.value()).ok_or_else(|| unexpected("no list"))?;
        let entry =
            |row| wire::entry(row, query.kind).ok_or_else(|| unexpected("a row without a name"));
        Ok(DirectoryPage {
            entries: rows.iter().map(entry).collect::<Result<_>>()?,
            more: rows.len() >= LIMIT,
        })
    }
}
