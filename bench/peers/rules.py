#!/usr/bin/env python3
"""Rules of tailor beside json-rules-engine, json-logic and zen (GoRules): the same rules and the same
customers, engines in turn, answers checked against each other. A rule is country == c and tier >= t
and recency < r and monetary > m with drawn constants; all rules that hold for a customer are found.

Installs the engines with npm when they are missing.
"""
import argparse
import ctypes
import json
import os
import random
import statistics
import subprocess
import tempfile
import time

from peer_tools import build_library

PEERS = ["json-rules-engine@7.3.1", "json-logic-js@2.0.5", "@gorules/zen-engine@0.54.0"]
HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--modules", default="build/rules-peers", help="where npm puts the engines")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--rules", type=int, nargs="+", default=[100, 1000])
    p.add_argument("--runs", type=int, default=5)
    return p.parse_args()


def install(directory):
    if not os.path.isdir(os.path.join(directory, "node_modules", "json-rules-engine")):
        os.makedirs(directory, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix",
                        directory, *PEERS], check=True)


def build(args, directory):
    lib = ctypes.CDLL(build_library("tailor_rules", directory, args.cxx, args.flags))
    lib.tailor_rules.restype = ctypes.c_void_p
    lib.tailor_rules.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    lib.tailor_match.restype = ctypes.c_size_t
    lib.tailor_match.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_size_t] + [ctypes.c_void_p] * 2
    lib.tailor_free.argtypes = [ctypes.c_void_p]
    return lib


def columns(rows):
    texts = (ctypes.c_char_p * len(rows))(*[r["country"].encode() for r in rows])
    numbers = (ctypes.c_int64 * (3 * len(rows)))(
        *[r[k] for r in rows for k in ("tier", "recency", "monetary")])
    return texts, numbers


class Tailor:
    def __init__(self, lib, rules, customers):
        self.lib, self.rules, self.customers = lib, len(rules), customers
        self.book = lib.tailor_rules(*columns(rules), len(rules))
        self.columns = columns(customers)
        self.matched = (ctypes.c_uint32 * (len(rules) * len(customers)))()
        self.counts = (ctypes.c_uint32 * len(customers))()

    def run(self, count):
        begin = time.perf_counter_ns()
        self.lib.tailor_match(self.book, *self.columns, count, self.matched, self.counts)
        ns = time.perf_counter_ns() - begin
        matches, at = [], 0
        for n in self.counts[:count]:
            matches.append(sorted(self.matched[at:at + n]))
            at += n
        return ns, matches


def main():
    args = arguments()
    install(args.modules)
    draw = random.Random(7)
    countries = [f"C{i}" for i in range(20)]
    row = lambda: {"country": draw.choice(countries), "tier": draw.randrange(10),
                   "recency": draw.randrange(365), "monetary": draw.randrange(100_000)}
    with tempfile.TemporaryDirectory() as directory:
        lib = build(args, directory)
        for n in args.rules:
            rules, customers = [row() for _ in range(n)], [row() for _ in range(20_000)]
            task = os.path.join(directory, "task.json")
            with open(task, "w") as f:
                json.dump({"rules": rules, "customers": customers}, f)
            node = subprocess.Popen(["node", os.path.join(HERE, "rules.mjs"),
                                     os.path.abspath(args.modules), task], text=True,
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            ours = Tailor(lib, rules, customers)
            share = {"tailor": 20_000, "json-logic": 2_000_000 // n // 10,
                     "zen": 2_000_000 // n // 10, "json-rules-engine": 200_000 // n // 10}
            times = {name: [] for name in share}
            for turn in range(args.runs + 1):
                for name, count in share.items():
                    if name == "tailor":
                        ns, matches = ours.run(count)
                        expected = matches
                    else:
                        node.stdin.write(f"{name} {count}\n")
                        node.stdin.flush()
                        answer = json.loads(node.stdout.readline())
                        ns, matches = answer["ns"], answer["matches"]
                        assert matches == expected[:count], name
                    if turn > 0:
                        times[name].append(ns / count / 1000)
            node.stdin.close()
            print(f"\n{n} rules, {sum(map(len, expected)) / len(expected):.2f} hold for a customer "
                  f"on average; microseconds a customer, median of {args.runs} "
                  "[least - most]; times as long as tailor")
            base = statistics.median(times["tailor"])
            for name, t in times.items():
                print(f"  {name:18} {statistics.median(t):12.3f} [{min(t):.3f} - {max(t):.3f}]"
                      f"  {statistics.median(t) / base:10.1f}  ({share[name]} customers a turn)")
            lib.tailor_free(ours.book)


if __name__ == "__main__":
    main()
