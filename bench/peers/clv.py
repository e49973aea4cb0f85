#!/usr/bin/env python3
"""BG/NBD and MBG/NBD of tailor beside lifetimes: the same customers, one process, one thread, fits in
turn, answers checked against each other. Customers are those of CDNOW (2,357 of them, and the same
many times over, each with a time of his own) and predictions are for 39 weeks.

Makes the virtual environment with the peer in it when it is missing.
"""
import argparse
import ctypes
import os
import sys
import tempfile
import time

from peer_tools import build_library, enter_venv

PEERS = ["lifetimes==0.11.3"]


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/clv-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--copies", type=int, default=20, help="of the customers, in the second task")
    return p.parse_args()


def build(args, directory):
    lib = ctypes.CDLL(build_library("tailor_clv", directory, args.cxx, args.flags))
    for f in (lib.tailor_bg_nbd, lib.tailor_mbg_nbd):
        f.restype = ctypes.c_int
        f.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_size_t, ctypes.c_double, ctypes.c_void_p]
    return lib


def main():
    args = arguments()
    enter_venv(args.venv, PEERS, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    import numpy as np
    import lifetimes
    table = np.genfromtxt(os.path.join(args.data, "cdnow_summary.csv"), delimiter=",", names=True)
    x, last, age = (np.ascontiguousarray(table[c]) for c in ("x", "t_x", "T"))
    # Many different histories, as a big shop has them: times are stretched a little for each copy.
    stretch = np.repeat(1 + np.arange(args.copies) / 1000, len(x))
    many = [np.tile(v, args.copies) * s for v, s in ((x, 1), (last, stretch), (age, stretch))]
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        lib = build(args, directory)
        print("| model | customers | different | tailor, ms | lifetimes, ms | ratio | "
              "P(alive) differs by | orders differ by |")
        print("|---|---|---|---|---|---|---|---|")
        for name, ours, peer in (
                ("BG/NBD", lib.tailor_bg_nbd, lifetimes.BetaGeoFitter),
                ("MBG/NBD", lib.tailor_mbg_nbd, lifetimes.ModifiedBetaGeoFitter)):
            for rows in ((x, last, age), many):
                rows = [np.ascontiguousarray(v, dtype=float) for v in rows]
                n = len(rows[0])
                out = np.empty(5 + 2 * n)
                times = [[], []]
                for _ in range(args.runs):
                    begin = time.perf_counter()
                    code = ours(*(v.ctypes.data for v in rows), n, 39.0, out.ctypes.data)
                    times[0].append(time.perf_counter() - begin)
                    assert code == 0
                    begin = time.perf_counter()
                    f = peer(penalizer_coef=0).fit(*rows)
                    alive = np.asarray(f.conditional_probability_alive(*rows)).ravel()
                    orders = np.asarray(f.conditional_expected_number_of_purchases_up_to_time(
                        39, *rows)).ravel()
                    times[1].append(time.perf_counter() - begin)
                a, b = (min(t) * 1000 for t in times)
                p = np.abs(out[5:5 + n] - alive).max()
                e = np.abs(out[5 + n:] - orders).max()
                different = len(np.unique(np.stack(rows), axis=1).T)
                print(f"| {name} | {n:,} | {different:,} | {a:.1f} | {b:.0f} | {b / a:.0f} | "
                      f"{p:.1g} | {e:.1g} |", flush=True)
                failed |= not (p < 1e-3 and e < 1e-2)
    sys.exit("the answers differ" if failed else 0)


if __name__ == "__main__":
    main()
