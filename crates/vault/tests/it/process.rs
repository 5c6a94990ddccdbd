//! What the kernel says of a process after it was hardened.
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn a_hardened_process_leaves_no_core_dump() {
    crate::run_alone("process::inside_the_process"); // the other tests want to read their memory
}

#[test]
#[ignore = "started by the test above, in a process of its own"]
fn inside_the_process() {
    let hardening = keydesk_vault::harden_process();
    assert!(hardening.core_dumps_off);
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let figures: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(figures, ["0", "0"]);
    let child = Command::new("cat")
        .arg("/proc/self/limits")
        .output()
        .unwrap();
    let inherited = String::from_utf8(child.stdout).unwrap();
    assert!(inherited.contains(core), "children inherit the limit");

    let sandboxed = ["SNAP", "FLATPAK_ID"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    assert_eq!(hardening.not_dumpable, !sandboxed);
    // The kernel gives the files of such a process to root.
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self/mem").unwrap());
    assert!(sandboxed || owner == 0);
}
