#!/usr/bin/env python3
"""Session neighbours of tailor beside Serenade (Rust, crate serenade): the same synthetic clicks, the
same running visits, one thread, in turn, so that only the ratio counts: the median of the rounds'.

Needs cargo. The crate's server part is left out: its session index and its predictions are compiled
as they are, with a main function that times each question. Its build starts with a file, as it does
in use; the time without reading it is what it prints itself.
"""
import argparse
import glob
import os
import re
import subprocess
import tempfile
from statistics import median

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = "0.3.1"
SETTINGS = [(500, 100, 9), (1500, 300, 4)]

FETCH = """[package]
name = "fetch"
version = "0.0.0"
edition = "2021"
[lib]
path = "lib.rs"
[dependencies]
serenade = "=%s"
""" % VERSION

MANIFEST = """[package]
name = "peer"
version = "0.0.0"
edition = "2018"
[dependencies]
avro-rs = "0.13"
chrono = "0.4"
csv = "1.1"
dary_heap = "0.2.2"
hashbrown = "0.11"
itertools = "0.10"
rayon = "1.5"
serde = { version = "1.0", features = ["derive"] }
serde_derive = "1.0"
tdigest = "0.2"
[profile.release]
lto = true
codegen-units = 1
"""

MAIN = """#![allow(dead_code, unused_imports, unused_variables, unused_mut, unused_macros)]
#[macro_use]
extern crate serde_derive;
#[path = "@/io.rs"]
mod io;
#[path = "@/vmisknn/mod.rs"]
mod vmisknn;
mod dataframeutils {
    #[derive(Debug)]
    pub struct TrainingDataStats {
@FIELDS
    }
}
use std::io::BufRead;
use std::time::Instant;

fn main() {
    let directory = std::env::args().nth(1).unwrap();
    let most: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let index = vmisknn::vmis_index::VMISIndex::new_from_csv(
        &format!("{}/clicks.tsv", directory), most, 1.0);
    let text = std::fs::read_to_string(format!("{}/running.txt", directory)).unwrap();
    let running: Vec<Vec<u64>> = text.lines()
        .map(|l| l.split_whitespace().map(|i| i.parse().unwrap()).collect()).collect();
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let s: Vec<usize> = line.unwrap().split_whitespace()
            .map(|x| x.parse().unwrap()).collect();
        let mut times = Vec::new();
        let mut items = 0;
        for visit in &running {
            let clicks = &visit[visit.len().saturating_sub(s[2])..];
            let start = Instant::now();
            let out = vmisknn::predict(&index, clicks, s[1], s[0], 21, false);
            times.push(start.elapsed().as_nanos() as f64 / 1000.0);
            items += out.len();
        }
        times.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let at = |q: f64| times[(q * (times.len() - 1) as f64) as usize];
        println!("{:.2} {:.2} {:.2} {}", at(0.5), at(0.9), at(0.99), items);
    }
}
"""


def build_peer(directory):
    fetch = os.path.join(directory, "fetch")
    os.makedirs(fetch)
    with open(os.path.join(fetch, "Cargo.toml"), "w") as f:
        f.write(FETCH)
    open(os.path.join(fetch, "lib.rs"), "w").close()
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=fetch, check=True)
    home = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    source = glob.glob(os.path.join(home, "registry", "src", "*", "serenade-" + VERSION, "src"))[0]
    with open(os.path.join(source, "dataframeutils.rs")) as f:
        fields = re.search(r"struct TrainingDataStats \{(.*?)\n\}", f.read(), re.S).group(1)
    fields = fields.replace("NaiveDateTime", "chrono::NaiveDateTime")
    peer = os.path.join(directory, "peer")
    os.makedirs(os.path.join(peer, "src"))
    with open(os.path.join(peer, "Cargo.toml"), "w") as f:
        f.write(MANIFEST)
    with open(os.path.join(peer, "src", "main.rs"), "w") as f:
        f.write(MAIN.replace("@FIELDS", fields).replace("@", source))
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=peer, check=True,
                   env={**os.environ, "RUSTFLAGS": "-C target-cpu=native -A warnings"})
    return os.path.join(peer, "target", "release", "peer")


def ask(process, setting):
    process.stdin.write("%d %d %d\n" % setting)
    process.stdin.flush()
    p50, p90, p99, items = process.stdout.readline().split()
    return [float(p50), float(p90), float(p99)], int(items)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=native")
    p.add_argument("--sessions", type=int, default=1_000_000)
    p.add_argument("--items", type=int, default=100_000)
    p.add_argument("--runs", type=int, default=15)
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        ours = os.path.join(directory, "tailor_sessions")
        subprocess.run([*args.cxx.split(), "-std=c++20", "-O3", "-DNDEBUG", *args.flags.split(),
                        "-I" + os.path.join(HERE, "..", "..", "include"),
                        os.path.join(HERE, "tailor_sessions.cpp"), "-o", ours, "-pthread"],
                       check=True)
        pipe = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                    env={**os.environ, "RAYON_NUM_THREADS": "1"})
        tailor = subprocess.Popen([ours, directory, str(args.sessions), str(args.items)], **pipe)
        built = float(tailor.stdout.readline().split()[1])
        peer = build_peer(directory)
        peers = {}
        for setting in SETTINGS:
            peers[setting] = subprocess.Popen([peer,
                                               directory, str(setting[0])], **pipe)
            said = []
            while not said or said[-1] != "ready":
                said.append(peers[setting].stdout.readline().strip())
            prepared = [re.search(r"prepare indexes:(\d+)", line) for line in said]
            theirs = next(int(m.group(1)) for m in prepared if m) / 1e6
            read = [re.search(r"per training session:(\d+)", line) for line in said]
            reading = next(int(m.group(1)) for m in read if m) / 1e6
            print("build for m = %d: tailor %.2f s, Serenade %.2f s, %.1f times; before that it took "
                  "%.1f s to read the file and group clicks by session" %
                  (setting[0], built, theirs, theirs / built, reading), flush=True)
        print("\n| m, k, last | | tailor, us | Serenade, us | ratio |\n|---|---|---|---|---|")
        for setting in SETTINGS:
            a, b = [], []
            for _ in range(args.runs):
                a.append(ask(tailor, setting))
                b.append(ask(peers[setting], setting))
            for n, name in enumerate(["p50", "p90", "p99"]):
                x, y = [r[0][n] for r in a], [r[0][n] for r in b]
                print("| %d, %d, %d | %s | %.1f | %.1f | %.1f |" %
                      (*setting, name, median(x), median(y), median(t / o for o, t in zip(x, y))),
                      flush=True)
            print("items answered: %d and %d" % (a[0][1], b[0][1]))
        for process in [tailor, *peers.values()]:
            process.stdin.close()
            process.wait()


if __name__ == "__main__":
    main()
