//! Items that a search has found and that cannot be looked at: locked meanwhile, or left by others.
#![cfg(target_os = "linux")]

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use keydesk_vault::keyring::{BoxedStore, KeyringStore};
use keydesk_vault::{Deadlines, SecretStore, Vault, VaultError};
use keyring::{Error, Result};
use keyring_core::Entry;
use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};

const SERVICE: &str = "keydesk-test";

/// What a search has found.
#[derive(Debug, Clone, Copy)]
enum Item {
    /// One of ours.
    Readable,
    /// Another program's under our service: no user is said.
    WithoutUser,
    /// Its keyring was locked after the search.
    Locked,
    /// Somebody has deleted it after the search.
    Gone,
}

impl CredentialApi for Item {
    fn set_secret(&self, _: &[u8]) -> Result<()> {
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        Err(Error::NoEntry)
    }

    fn get_attributes(&self) -> Result<HashMap<String, String>> {
        let service = ("service".to_owned(), SERVICE.to_owned());
        match self {
            Self::Readable => Ok([service, ("username".to_owned(), "user".to_owned())].into()),
            Self::WithoutUser => Ok([service].into()),
            Self::Locked => Err(Error::NoStorageAccess(Box::new(
                secret_service::Error::Locked,
            ))),
            Self::Gone => Err(Error::NoEntry),
        }
    }

    fn delete_credential(&self) -> Result<()> {
        Ok(())
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    /// As the store does it: `None` for whatever is wrong.
    fn get_specifiers(&self) -> Option<(String, String)> {
        let mut attributes = self.get_attributes().unwrap_or_default();
        attributes
            .remove("service")
            .zip(attributes.remove("username"))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Found(Vec<Item>);

impl CredentialStoreApi for Found {
    fn vendor(&self) -> String {
        "found".into()
    }

    fn id(&self) -> String {
        "found".into()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Item::Readable)))
    }

    fn search(&self, _: &HashMap<&str, &str>) -> Result<Vec<Entry>> {
        let entry = |item: &Item| Entry::new_with_credential(Arc::new(*item));
        Ok(self.0.iter().map(entry).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn store(found: &[Item]) -> KeyringStore {
    KeyringStore::new(Arc::new(Found(found.to_vec())))
}

#[test]
fn what_is_not_ours_or_gone_is_passed_over() {
    let found = [Item::WithoutUser, Item::Readable, Item::Gone];
    assert_eq!(store(&found).users(SERVICE).unwrap(), ["user"]);
}

#[tokio::test]
async fn what_cannot_be_looked_at_may_be_a_secret_that_stays() {
    let factory = || -> Result<BoxedStore> { Ok(Box::new(store(&[Item::Readable, Item::Locked]))) };
    let vault = Vault::with_store(SERVICE, Arc::new(factory), Deadlines::default());
    let removed = vault.delete_account("account").await;
    assert_eq!(removed, Err(VaultError::Locked));
}
