//! After a secret was kept, fetched and dropped, this process's memory holds no copy of it.
//!
//! Linux only, where a process can read its own memory. Freed memory is searched as well: that is
//! where forgotten copies lie.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use keydesk_vault::keyring::BoxedStore;
use keydesk_vault::{Deadlines, SecretStore, SecretString, Vault};

use crate::fake_keyring::token;

const MASK: u8 = 0x55;

/// Thirty-two letters that stand nowhere in this program: what is searched for is computed.
fn letter(of: usize, index: usize) -> u8 {
    b'A' + u8::try_from((index * 11 + of * 7 + index * index) % 26).unwrap()
}

fn canary(of: usize, length: usize) -> SecretString {
    let mut text = String::with_capacity(length);
    text.extend((0..length).map(|index| char::from(letter(of, index % 32))));
    SecretString::from(text)
}

fn is_canary(of: usize, window: &[u8]) -> bool {
    window
        .iter()
        .enumerate()
        .all(|(index, byte)| *byte == letter(of, index))
}

const CHUNK: usize = 1 << 16;

/// Not on the heap, where it would hide what lies beside it from the search.
static BUFFER: Mutex<[u8; CHUNK]> = Mutex::new([0; CHUNK]);

/// How often the canary's letters are found in a row, anywhere in our own memory.
fn copies(of: usize) -> usize {
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut found = 0;
    let mut buffer = BUFFER.lock().unwrap();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        if !rights.starts_with("rw") || line.ends_with("[vvar]") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        let mut at = from;
        while at + 32 <= to {
            let step = usize::try_from((to - at).min(CHUNK as u64)).unwrap();
            memory.seek(SeekFrom::Start(at)).unwrap();
            if memory.read_exact(&mut buffer[..step]).is_err() {
                break; // not backed by anything
            }
            let own = buffer.as_ptr() as u64;
            if at + step as u64 <= own || own + CHUNK as u64 <= at {
                found += buffer[..step]
                    .windows(32)
                    .filter(|window| is_canary(of, window))
                    .count();
            }
            at += step as u64 - 31; // one may lie across the border
        }
    }
    buffer.fill(0);
    found
}

/// Keeps what it gets in a form that the search does not recognise.
#[derive(Clone, Default)]
struct Masked(Arc<Mutex<HashMap<String, Vec<u8>>>>);

impl SecretStore for Masked {
    fn read(&self, _: &str, user: &str) -> keyring::Result<Vec<u8>> {
        let entries = self.0.lock().unwrap();
        let value = entries.get(user).ok_or(keyring::Error::NoEntry)?;
        Ok(value.iter().map(|byte| byte ^ MASK).collect())
    }

    fn write(&self, _: &str, user: &str, value: &[u8]) -> keyring::Result<()> {
        let masked = value.iter().map(|byte| byte ^ MASK).collect();
        self.0.lock().unwrap().insert(user.into(), masked);
        Ok(())
    }

    fn delete(&self, _: &str, user: &str) -> keyring::Result<()> {
        let removed = self.0.lock().unwrap().remove(user);
        removed.map(drop).ok_or(keyring::Error::NoEntry)
    }

    fn users(&self, _: &str) -> keyring::Result<Vec<String>> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }
}

#[test]
fn no_copy_of_a_dropped_secret_is_left_in_memory() {
    crate::run_alone("memory::inside_the_process"); // whose memory is small and holds nothing else
}

#[tokio::test]
#[ignore = "started by the test above, in a process of its own"]
async fn inside_the_process() {
    // The search finds what is there, and what was freed without being wiped.
    let kept = canary(1, 4_096);
    assert_eq!(copies(1), 128);
    drop(
        (0..50)
            .map(|_| kept.expose().clone())
            .collect::<Vec<String>>(),
    );
    assert!(copies(1) > 128, "the search does not see freed memory");
    drop(kept);

    for (of, length) in [(2, 1_024), (3, 8_192), (4, 8_240)] {
        let masked = Masked::default();
        let build = {
            let masked = masked.clone();
            move || Ok(Box::new(masked.clone()) as BoxedStore)
        };
        let vault = Vault::with_store("keydesk-test", Arc::new(build), Deadlines::default());
        vault.set(&token(), canary(of, length)).await.unwrap();
        assert_eq!(copies(of), 0, "after keeping {length} bytes");
        let fetched = vault.get(&token()).await.unwrap().unwrap();
        assert_eq!(
            copies(of),
            length / 32,
            "the one in hand, of {length} bytes"
        );
        drop(fetched);
        assert_eq!(copies(of), 0, "after fetching {length} bytes");
    }
}
