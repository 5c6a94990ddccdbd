//! `cargo xtask bench`: start, memory and ten thousand keys, each beside its baseline, measured in
//! turns within one run, because one machine is not as fast today as it was yesterday.
//!
//! The display is Xvfb with its framebuffer in a file: what is on screen is read from there without
//! disturbing whoever draws it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::desktop::Session;
use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{build, node, process, test};

/// Each program is started so often; the median counts.
const ROUNDS: usize = 9;
/// So long is the picture watched from the start on; then memory is read.
const WATCHED: Duration = Duration::from_secs(4);
/// Looking costs a millisecond or two of a core, which the program that is looked at shall not miss.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
/// So many bytes of a picture a blinking cursor changes at most: 2 by 40 pixels of 4 bytes.
const CURSOR: usize = 320;

/// What was measured of one program.
struct Figures {
    name: &'static str,
    /// Milliseconds from start to the last change of the picture.
    content: Vec<f64>,
    /// MiB of the process tree, shared pages counted in parts.
    memory: Vec<f64>,
}

/// Everything inside the session whose display writes into `framebuffer`.
pub(crate) fn start_and_memory(framebuffer: &Path) -> Result<()> {
    let release = process::target().join("release");
    let programs: [(&'static str, PathBuf, &str); 3] = [
        (
            "an empty Tauri window",
            release.join("examples/empty-window"),
            "",
        ),
        ("Keydesk", release.join("keydesk-desktop"), ""),
        (
            "Keydesk, compositing on",
            release.join("keydesk-desktop"),
            "on",
        ),
    ];
    let mut all: Vec<Figures> = programs
        .iter()
        .map(|(name, ..)| Figures {
            name,
            content: Vec::new(),
            memory: Vec::new(),
        })
        .collect();
    // The first round warms the caches and is thrown away.
    for round in 0..=ROUNDS {
        for ((_, program, compositing), figures) in programs.iter().zip(&mut all) {
            let (content, memory) = once(program, compositing, framebuffer)?;
            if round > 0 {
                figures.content.push(content);
                figures.memory.push(memory);
            }
        }
    }
    report(&all)
}

fn once(program: &Path, compositing: &str, framebuffer: &Path) -> Result<(f64, f64)> {
    let home = tempfile::tempdir()?;
    let screen = framebuffer.join("Xvfb_screen0");
    let mut pictures = vec![fs::read(&screen).context("the display has no framebuffer file")?];
    let mut times = vec![Duration::ZERO];
    let started = Instant::now();
    let mut app = Running::start(program, compositing, home.path())?;
    while started.elapsed() < WATCHED {
        let now = fs::read(&screen)?;
        if pictures.last().is_some_and(|last| *last != now) {
            times.push(started.elapsed());
            pictures.push(now);
        }
        if let Some(status) = app.0.try_wait()? {
            bail!("{} ended with {status}", program.display());
        }
        sleep(BETWEEN_LOOKS);
    }
    let memory = proportional_set_size(app.0.id());
    drop(app);
    sleep(Duration::from_millis(300));
    let content = times[complete_from(&pictures)];
    if content.is_zero() {
        bail!("{} painted nothing within {WATCHED:?}", program.display());
    }
    Ok((content.as_secs_f64() * 1_000.0, memory))
}

/// The first picture after which nothing changed any more but a cursor.
fn complete_from(pictures: &[Vec<u8>]) -> usize {
    let Some(last) = pictures.last() else {
        return 0;
    };
    let unlike =
        |picture: &Vec<u8>| picture.iter().zip(last).filter(|(a, b)| a != b).count() > CURSOR;
    pictures
        .iter()
        .rposition(unlike)
        .map_or(0, |before| before + 1)
}

/// A program in a process group of its own, which ends with it.
struct Running(Child);

impl Running {
    fn start(program: &Path, compositing: &str, home: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        if !compositing.is_empty() {
            command.env("KEYDESK_COMPOSITING", compositing);
        }
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"] {
            command.env(name, home);
        }
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        Ok(Self(child))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The group, so that web processes go too. It may have ended already.
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// MiB of a process and all its descendants.
fn proportional_set_size(root: u32) -> f64 {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // Behind the name in brackets, which may hold spaces: state, parent, ...
            let parent = stat
                .rsplit(')')
                .next()?
                .split_whitespace()
                .nth(1)?
                .parse()
                .ok()?;
            Some((pid, parent))
        })
        .collect();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(&above) = tree.get(next) {
        next += 1;
        tree.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == above)
                .map(|(pid, _)| *pid),
        );
    }
    let kibibytes: u32 = tree
        .iter()
        .filter_map(|pid| {
            let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.split_whitespace().next()?.parse::<u32>().ok()
        })
        .sum();
    f64::from(kibibytes) / 1024.0
}

fn report(all: &[Figures]) -> Result<()> {
    let Some(baseline) = all.first() else {
        bail!("nothing was measured")
    };
    let mut table = String::from(
        "| program | start to content | of the baseline | memory | of the baseline |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for figures in all {
        use std::fmt::Write as _;
        let (content, memory) = (median(&figures.content), median(&figures.memory));
        writeln!(
            table,
            "| {} | {content:.0} ms | {:.2} | {memory:.0} MiB | {:.2} |",
            figures.name,
            content / median(&baseline.content),
            memory / median(&baseline.memory),
        )?;
    }
    println!("\nMedian of {ROUNDS} starts each, in turns:\n\n{table}");
    let folder = process::target().join("bench");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("start-and-memory.md"), table)?;
    Ok(())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The whole of `cargo xtask bench`.
pub(crate) fn bench() -> Result<()> {
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Test))?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("packages of the stories", || node::packages("tests"))?;
    steps.step("the window's code", node::build_ui)?;
    let mut release = build::release();
    release.args(["--example", "empty-window"]);
    steps.command("release binaries and the baseline", release)?;
    steps.step("start and memory", || {
        let framebuffer = tempfile::tempdir()?;
        let mut inside = process::program(process::ourselves()?);
        inside.arg("bench-inside").arg(framebuffer.path());
        Session::new(&inside)?
            .with_framebuffer(framebuffer.path())
            .run()
    })?;
    let mut keys = process::npm("tests", &["run", "--silent", "bench"]);
    test::prepare(&mut keys, "release")?;
    steps.step("ten thousand keys", || Session::new(&keys)?.run())?;
    steps.summary();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_care_for_one_slow_start() {
        assert!((median(&[300.0, 310.0, 9_000.0]) - 310.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_picture_is_complete_when_only_a_cursor_still_blinks() {
        let picture = |shown: usize, cursor: bool| {
            let mut bytes = vec![0; 10_000];
            bytes[..shown].fill(255);
            bytes[9_999] = u8::from(cursor);
            bytes
        };
        let start = [
            picture(0, false),
            picture(900, false),
            picture(5_000, true),
            picture(5_000, false),
        ];
        assert_eq!(complete_from(&start), 2);
        assert_eq!(complete_from(&start[..1]), 0, "nothing was painted");
    }

    #[test]
    fn a_process_has_a_size() {
        assert!(proportional_set_size(std::process::id()) > 0.5);
    }
}
