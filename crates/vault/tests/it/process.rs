//! What the kernel says of this process after it was hardened.
#![cfg(target_os = "linux")]

#[test]
fn a_hardened_process_leaves_no_core_dump() {
    let hardening = keydesk_vault::harden_process();
    assert!(hardening.core_dumps_off);
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let figures: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(figures, ["0", "0"]);

    let sandboxed = ["SNAP", "FLATPAK_ID"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    assert_eq!(hardening.not_dumpable, !sandboxed);
    let child = std::process::Command::new("cat")
        .arg("/proc/self/limits")
        .output()
        .unwrap();
    let inherited = String::from_utf8(child.stdout).unwrap();
    assert!(inherited.contains(core), "children inherit the limit");
}
