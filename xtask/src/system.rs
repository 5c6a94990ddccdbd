//! System packages: one table of what is needed and why, installed through apt where there is
//! apt, and named exactly where there is another package manager.
//!
//! Only what is missing is installed, so a second run asks for nothing and works offline.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{node, process};

/// What a package is for; each purpose includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Compiling and running the app.
    Build,
    /// A desktop session of one's own, and driving a window in it.
    Test,
    /// Screenshots that a person will look at.
    Tour,
}

struct Need {
    purpose: Purpose,
    reason: &'static str,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    pacman: &'static [&'static str],
}

/// Every system package this project asks for. macOS and Windows bring the rest with them: a
/// compiler is there (it built this program), the web view belongs to the system; Node alone is
/// looked for, in [`node`].
const NEEDS: &[Need] = &[
    Need {
        purpose: Purpose::Build,
        reason: "C compiler and linker, for SQLite and the TLS library",
        apt: &["build-essential", "pkg-config"],
        dnf: &["gcc", "gcc-c++", "make", "pkgconf-pkg-config"],
        pacman: &["base-devel"],
    },
    Need {
        purpose: Purpose::Build,
        reason: "WebKitGTK, which draws the window",
        apt: &["libwebkit2gtk-4.1-dev"],
        dnf: &["webkit2gtk4.1-devel"],
        pacman: &["webkit2gtk-4.1"],
    },
    Need {
        purpose: Purpose::Test,
        reason: "a display without a screen, and a window manager that gives dialogs the focus",
        apt: &["xvfb", "xauth", "openbox"],
        dnf: &["xorg-x11-server-Xvfb", "xorg-x11-xauth", "openbox"],
        pacman: &["xorg-server-xvfb", "xorg-xauth", "openbox"],
    },
    Need {
        purpose: Purpose::Test,
        reason: "a real keyring on a D-Bus session of its own, and a look into it from outside",
        apt: &["dbus", "gnome-keyring", "libsecret-tools"],
        dnf: &["dbus-daemon", "gnome-keyring", "libsecret"],
        pacman: &["dbus", "gnome-keyring", "libsecret"],
    },
    Need {
        purpose: Purpose::Test,
        reason: "driving the real window and its file dialogs, its clipboard and its picture from outside",
        apt: &["webkit2gtk-driver", "xdotool", "xclip", "imagemagick"],
        dnf: &["webkit2gtk-driver", "xdotool", "xclip", "ImageMagick"],
        pacman: &["xdotool", "xclip", "imagemagick"],
    },
    Need {
        purpose: Purpose::Test,
        reason: "certificates of the public authorities, without which no HTTPS client starts, and the program that makes one that nobody knows",
        apt: &["ca-certificates", "openssl"],
        dnf: &["ca-certificates", "openssl"],
        pacman: &["ca-certificates"],
    },
    Need {
        purpose: Purpose::Test,
        reason: "a folder of its own for the program that holds the server's descriptions against it",
        apt: &["python3-venv"],
        dnf: &["python3"],
        pacman: &["python"],
    },
    Need {
        purpose: Purpose::Tour,
        reason: "Chinese glyphs",
        apt: &["fonts-noto-cjk"],
        dnf: &["google-noto-sans-cjk-fonts"],
        pacman: &["noto-fonts-cjk"],
    },
];

/// Installs what is missing for a purpose, or says exactly what to install and stops.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    if cfg!(target_os = "linux") {
        if process::on_path("dpkg-query").is_some() {
            ensure_apt(purpose)?;
        } else if process::on_path("dnf").is_some() {
            explain("sudo dnf install", &["rpm", "-q"], purpose, |need| need.dnf)?;
        } else if process::on_path("pacman").is_some() {
            explain(
                "sudo pacman -S --needed",
                &["pacman", "-Qq"],
                purpose,
                |need| need.pacman,
            )?;
        } else {
            println!(
                "   No package manager that this program knows; going on with what is installed."
            );
        }
    }
    if node::version().is_none() {
        // Said in the words of each system's package manager; an old Node is left to the person.
        if cfg!(target_os = "macos") {
            bail!("Node is missing. Install it with: brew install node");
        }
        if cfg!(windows) {
            bail!("Node is missing. Install it with: winget install OpenJS.NodeJS.LTS");
        }
    }
    node::require()
}

fn needs(purpose: Purpose) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(move |need| need.purpose <= purpose)
}

/// For the managers we do not run ourselves: the exact command, and a stop.
fn explain(
    install: &str,
    query: &[&str],
    purpose: Purpose,
    names: fn(&Need) -> &'static [&'static str],
) -> Result<()> {
    let mut missing = Vec::new();
    for need in needs(purpose) {
        for name in names(need) {
            let (installed, _) =
                process::capture(Command::new(query[0]).args(&query[1..]).arg(name))?;
            if !installed {
                println!("   missing: {name} ({})", need.reason);
                missing.push(*name);
            }
        }
    }
    if node::version().is_none() {
        println!("   missing: nodejs, npm (they build the window's code)");
        missing.extend(["nodejs", "npm"]);
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "install what is missing, then run this again:\n    {install} {}",
        missing.join(" ")
    )
}

fn ensure_apt(purpose: Purpose) -> Result<()> {
    let wanted: Vec<&str> = needs(purpose).flat_map(|need| need.apt).copied().collect();
    let installed = installed_by_dpkg(&wanted)?;
    let mut missing: Vec<&str> = Vec::new();
    for need in needs(purpose) {
        let absent: Vec<&str> = need
            .apt
            .iter()
            .copied()
            .filter(|name| !installed.iter().any(|i| i == name))
            .collect();
        if !absent.is_empty() {
            println!("   to install: {} ({})", absent.join(", "), need.reason);
            missing.extend(absent);
        }
    }
    let without_node = node::version().is_none();
    if missing.is_empty() && !without_node {
        println!("   system packages: all there");
        return Ok(());
    }
    apt(&["update", "-qq"])?;
    if without_node && apt_node_is_new_enough()? {
        println!("   to install: nodejs, npm (they build the window's code)");
        missing.extend(["nodejs", "npm"]);
    }
    if missing.is_empty() {
        return Ok(()); // Node alone is missing, and apt's is too old: `node::require` says what to do.
    }
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(missing);
    apt(&arguments)
}

fn installed_by_dpkg(names: &[&str]) -> Result<Vec<String>> {
    // Unknown names make it fail but do not keep it from answering for the others.
    let (_, text) = process::capture(
        Command::new("dpkg-query")
            .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
            .args(names),
    )?;
    Ok(text
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(str::to_owned)
        .collect())
}

fn apt_node_is_new_enough() -> Result<bool> {
    let (_, text) = process::capture(Command::new("apt-cache").args(["policy", "nodejs"]))?;
    let candidate = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "));
    Ok(candidate
        .and_then(node::parse)
        .is_some_and(node::new_enough))
}

/// `apt-get`, through sudo for those who are not root; the command is printed before it runs.
fn apt(arguments: &[&str]) -> Result<()> {
    let mut words = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    words.extend(arguments);
    let (_, user) = process::capture(Command::new("id").arg("-u"))?;
    if user.trim() != "0" {
        if process::on_path("sudo").is_none() {
            bail!(
                "system packages are missing and there is no sudo; run as root:\n    {}",
                words[2..].join(" ")
            );
        }
        words.insert(0, "sudo");
    }
    println!("   $ {}", words.join(" "));
    process::expect(process::program(words[0]).args(&words[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn testing_needs_all_that_building_needs() {
        let build: Vec<_> = needs(Purpose::Build).flat_map(|need| need.apt).collect();
        let test: Vec<_> = needs(Purpose::Test).flat_map(|need| need.apt).collect();
        assert!(build.iter().all(|name| test.contains(name)));
        assert!(test.len() > build.len());
    }

    #[test]
    fn every_package_is_listed_once_and_has_a_reason() {
        let mut names: Vec<_> = NEEDS.iter().flat_map(|need| need.apt).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before, "a package stands in two rows");
        assert!(NEEDS.iter().all(|need| need.reason.len() > 10));
    }
}
