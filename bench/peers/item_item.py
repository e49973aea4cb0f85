#!/usr/bin/env python3
"""The all-items build of tailor beside those of other libraries: the same matrix, the same number
of threads, one process, one after the other in turn, so that only the ratio counts.

usage: item_item.py [--data DIR] [--venv DIR] [--cxx COMMAND] [--flags FLAGS] [--runs N] [SET...]

Makes the virtual environment with the peers in it when it is missing. SETs are retail_baskets and
serenade (public data in --data) and the synthetic shapes of bench/similar/shaped.hpp.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import warnings

PEERS = ["implicit==0.7.3", "similaripy==0.7.0", "sparse_dot_topn==1.2.0", "scipy==1.17.1",
         "numpy==2.4.6"]
HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = 2
K = 100


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/peers-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--tasks", default="cosine,bm25,serve")
    p.add_argument("--only", default="", help="peers to run, by comma; tailor always runs")
    p.add_argument("sets", nargs="*")
    return p.parse_args()


def enter_venv(args):
    """Runs this script again inside the virtual environment."""
    python = os.path.join(args.venv, "bin", "python")
    if os.path.abspath(sys.prefix) == os.path.abspath(args.venv):
        return
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", args.venv], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    env = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    os.execve(python, [python, *sys.argv], env)


def build(args, directory):
    """The shared library, with the flags a CMake release build has."""
    import ctypes
    out = os.path.join(directory, "tailor_lists.so")
    subprocess.run([*args.cxx.split(), "-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-shared",
                    *args.flags.split(), "-I" + os.path.join(HERE, "..", "..", "include"),
                    os.path.join(HERE, "tailor_lists.cpp"), "-o", out, "-pthread"], check=True)
    lib = ctypes.CDLL(out)
    lib.tailor_open.restype = ctypes.c_void_p
    return lib


def csv_matrix(path, row, column, keep=None):
    """Distinct (row, column) pairs of a CSV file, both numbered in order of their text."""
    import csv
    import numpy as np
    import scipy.sparse as sp
    with open(path, newline="", encoding="utf-8") as f:
        pairs = sorted({(r[row], r[column]) for r in csv.DictReader(f)})
    rows = {name: n for n, name in enumerate(sorted({p[0] for p in pairs}))}
    columns = {name: n for n, name in enumerate(sorted({p[1] for p in pairs}))}
    r = np.array([rows[p[0]] for p in pairs], dtype=np.int32)
    c = np.array([columns[p[1]] for p in pairs], dtype=np.int32)
    return sp.csr_matrix((np.ones(len(r), dtype=np.float64), (r, c)))


def shaped_matrices(lib):
    import ctypes
    import numpy as np
    import scipy.sparse as sp

    def make(index, items):
        size = lib.tailor_shaped(index, None, None)
        begin = np.zeros(10_000_000, dtype=np.uint32)
        columns = np.zeros(size, dtype=np.uint32)
        rows = lib.tailor_shaped(index, pointer(begin), pointer(columns))
        m = sp.csr_matrix((np.ones(size), columns.astype(np.int32),
                           begin[:rows + 1].astype(np.int32)), shape=(rows, items))
        return m

    sets = {}
    name, items = ctypes.c_char_p(), ctypes.c_uint32()
    for index in range(lib.tailor_shape(1 << 30, None, None)):
        lib.tailor_shape(index, ctypes.byref(name), ctypes.byref(items))
        sets[name.value.decode()] = lambda i=index, n=items.value: make(i, n)
    return sets


def pointer(array):
    import ctypes
    return ctypes.c_void_p(array.ctypes.data)


class Tailor:
    """Our side: keeps its input outside the clock, as the peers keep theirs."""

    def __init__(self, lib, m):
        import ctypes
        import numpy as np
        self.lib, self.items = lib, m.shape[1]
        begin, columns = m.indptr.astype(np.uint32), m.indices.astype(np.uint32)
        self.session = ctypes.c_void_p(
            lib.tailor_open(m.shape[0], self.items, pointer(begin), pointer(columns), THREADS))

    def close(self):
        self.lib.tailor_close(self.session)

    def lists(self):
        """Ids (-1: none) and scores, a row per item, best first."""
        import numpy as np
        ids = np.empty((self.items, K), dtype=np.int32)
        scores = np.zeros((self.items, K))
        self.lib.tailor_read(self.session, K, pointer(ids), pointer(scores))
        return ids, scores


def weighted_bm25(m):
    from implicit.nearest_neighbours import bm25_weight
    return bm25_weight(m.T, 1.2, 0.75).T.tocsr()


def cosine_builders(m, tailor):
    """name -> a function that builds all lists. Weights are applied before the clock starts, where
    the peer lets us; peers return an item itself too, so they build one more."""
    import numpy as np
    import scipy.sparse as sp
    import similaripy
    from implicit.nearest_neighbours import CosineRecommender, all_pairs_knn
    from sparse_dot_topn import sp_matmul_topn
    degree = np.maximum(np.asarray(m.sum(axis=0)).ravel(), 1)
    normal = (m @ sp.diags(1 / np.sqrt(degree))).tocsr()
    transposed = normal.T.tocsr().astype(np.float32)
    normal32 = normal.astype(np.float32)
    by_item = m.T.tocsr()

    def implicit_python():
        model = CosineRecommender(K=K + 1, num_threads=THREADS)
        model.fit(m, show_progress=False)
        return model.similarity

    return {
        "tailor": lambda: tailor.lib.tailor_fit_cosine(tailor.session, K),
        "implicit core": lambda: all_pairs_knn(normal, K + 1, num_threads=THREADS,
                                               show_progress=False).tocsr(),
        "implicit": implicit_python,
        "similaripy": lambda: similaripy.cosine(by_item, k=K + 1, num_threads=THREADS,
                                                verbose=False, format_output="csr"),
        "sparse_dot_topn": lambda: sp_matmul_topn(transposed, normal32, top_n=K + 1, sort=True,
                                                  n_threads=THREADS),
    }


def agreement(ids, scores, peer):
    """The largest difference between our scores and those of a peer, list by list. Ids may differ
    among equal scores, where only ours are defined."""
    import numpy as np
    peer = peer.tocsr()
    worst = 0.0
    for i in range(len(ids)):
        lo, hi = peer.indptr[i], peer.indptr[i + 1]
        others = peer.indices[lo:hi] != i
        theirs = np.sort(peer.data[lo:hi][others])[::-1][:K]
        theirs = theirs[theirs > 0]
        ours = scores[i][ids[i] >= 0]
        if len(ours) != len(theirs):
            return float("inf")
        if len(ours):
            worst = max(worst, float(np.max(np.abs(ours - theirs) / np.maximum(theirs, 1e-9))))
    return worst


def run(builders, runs):
    """Times of each, interleaved; the first round is not counted."""
    import time
    times = {name: [] for name in builders}
    for turn in range(runs + 1):
        for name, build_lists in builders.items():
            start = time.perf_counter()
            result = build_lists()
            spent = time.perf_counter() - start
            del result
            if turn:
                times[name].append(spent)
    return times


def report(task, name, times):
    from statistics import median
    ours = median(times["tailor"])
    for peer, t in times.items():
        ratio = "" if peer == "tailor" else f"{median(t) / ours:8.2f}x"
        print(f"{task:7} {name:18} {peer:16} median {median(t):8.4f} s "
              f"[{min(t):.4f} - {max(t):.4f}]{ratio}", flush=True)


def main():
    args = arguments()
    enter_venv(args)
    warnings.simplefilter("ignore")  # implicit says that it converts its own input
    with tempfile.TemporaryDirectory() as directory:
        lib = build(args, directory)
    data = {
        "retail_baskets": lambda: csv_matrix(os.path.join(args.data, "online_retail.csv"),
                                             "InvoiceNo", "StockCode"),
        "serenade": lambda: csv_matrix(os.path.join(args.data, "serenade_train.csv"),
                                       "SessionId", "ItemId"),
        **shaped_matrices(lib),
    }
    only = set(filter(None, args.only.split(",")))
    for name in args.sets or data:
        m = data[name]()
        n_u = m.indptr[1:] - m.indptr[:-1]
        print(f"# {name}: {m.shape[0]} rows x {m.shape[1]} items, {m.nnz} entries, "
              f"sum of squared rows {int((n_u.astype('int64') ** 2).sum())}, "
              f"longest row {n_u.max()}, most rows {int(m.sum(axis=0).max())}; "
              f"{THREADS} threads, k {K}, flags '{args.flags}'", flush=True)
        tailor = Tailor(lib, m)
        if "cosine" in args.tasks:
            builders = cosine_builders(m, tailor)
            builders = {n: b for n, b in builders.items() if n == "tailor" or not only or n in only}
            times = run(builders, args.runs)
            report("cosine", name, times)
            ids, scores = tailor.lists()
            print(f"cosine  {name:18} sum of scores {scores.sum():.2f}; largest relative "
                  "difference of a score to " +
                  ", ".join(f"{n} {agreement(ids, scores, b()):.1e}"
                            for n, b in builders.items() if n != "tailor"))
        tailor.close()


if __name__ == "__main__":
    main()
