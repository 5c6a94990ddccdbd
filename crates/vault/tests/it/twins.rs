//! Two items of one name, as other tools or a restored backup leave them.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use keydesk_vault::SecretStore;
use keydesk_vault::keyring::KeyringStore;
use keyring::{Error, Result};
use keyring_core::Entry;
use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};

/// All items of the one name that this store knows; `None` is an item that was deleted.
type Items = Arc<Mutex<Vec<Option<Vec<u8>>>>>;

/// The name, or with a number one of its items.
struct Named(Items, Option<usize>);

impl Named {
    /// The one item that is meant.
    fn item(&self) -> Result<usize> {
        if let Some(index) = self.1 {
            return Ok(index);
        }
        let items = self.0.lock().unwrap();
        let present: Vec<usize> = (0..items.len()).filter(|at| items[*at].is_some()).collect();
        match present[..] {
            [] => Err(Error::NoEntry),
            [index] => Ok(index),
            _ => Err(Error::Ambiguous(
                present
                    .into_iter()
                    .map(|at| Entry::new_with_credential(Arc::new(Self(self.0.clone(), Some(at)))))
                    .collect(),
            )),
        }
    }
}

impl CredentialApi for Named {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        match self.item() {
            Ok(index) => self.0.lock().unwrap()[index] = Some(secret.to_vec()),
            Err(Error::NoEntry) => self.0.lock().unwrap().push(Some(secret.to_vec())),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let index = self.item()?;
        let value = self.0.lock().unwrap()[index]
            .clone()
            .ok_or(Error::NoEntry)?;
        if value.is_empty() {
            Err(Error::BadEncoding(value))
        } else {
            Ok(value)
        }
    }

    fn delete_credential(&self) -> Result<()> {
        let index = self.item()?;
        self.0.lock().unwrap()[index]
            .take()
            .map(drop)
            .ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some(("keydesk-test".into(), "user".into()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Twins(Items);

impl CredentialStoreApi for Twins {
    fn vendor(&self) -> String {
        "twins".into()
    }

    fn id(&self) -> String {
        "twins".into()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Named(
            self.0.clone(),
            None,
        ))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn twins(values: &[&str]) -> (Items, KeyringStore) {
    let items = values
        .iter()
        .map(|value| Some(value.as_bytes().to_vec()))
        .collect();
    let items = Arc::new(Mutex::new(items));
    (items.clone(), KeyringStore::new(Arc::new(Twins(items))))
}

#[test]
fn the_first_that_can_be_read_is_the_value() {
    let (_, store) = twins(&["", "second", "third"]);
    assert_eq!(store.read("keydesk-test", "user").unwrap(), b"second");
}

#[test]
fn replacing_leaves_one_and_deleting_leaves_none() {
    let (items, store) = twins(&["first", "second"]);
    store.write("keydesk-test", "user", b"new").unwrap();
    assert_eq!(items.lock().unwrap().iter().flatten().count(), 1);
    assert_eq!(store.read("keydesk-test", "user").unwrap(), b"new");

    let (items, store) = twins(&["first", "second"]);
    store.delete("keydesk-test", "user").unwrap();
    assert_eq!(items.lock().unwrap().iter().flatten().count(), 0);
    assert!(matches!(
        store.delete("keydesk-test", "user"),
        Err(Error::NoEntry)
    ));
}
