#!/usr/bin/env python3
"""The all-items build of tailor beside those of other libraries: the same matrix, the same number
of threads, one process, one after the other in turn, so that only the ratio counts.

Makes the virtual environment with the peers in it when it is missing. SETs are retail_baskets and
serenade (public data in --data) and the synthetic shapes of bench/similar/shaped.hpp.
"""
import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
import warnings

from peer_tools import build_library, enter_venv

PEERS = ["implicit==0.7.3", "similaripy==0.7.0", "sparse_dot_topn==1.2.0", "scipy==1.17.1",
         "numpy==2.4.6"]
THREADS = 2
K = 100
SHOWN = 20


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/peers-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--tasks", default="cosine,bm25,serve")
    p.add_argument("--only", default="", help="peers to run, by comma; tailor always runs")
    p.add_argument("--memory", action="store_true", help="peak memory too, in runs of their own")
    p.add_argument("--library", help="built before")
    p.add_argument("--peak", default="", help="the task of which to tell only the memory of --only")
    p.add_argument("sets", nargs="*")
    return p.parse_args()


def csv_matrix(path, row, column):
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
    import numpy as np
    import scipy.sparse as sp

    def make(index, items):
        size = lib.tailor_shaped(index, None, None)
        begin = np.zeros(10_000_000, dtype=np.uint32)
        columns = np.zeros(size, dtype=np.uint32)
        rows = lib.tailor_shaped(index, pointer(begin), pointer(columns))
        return sp.csr_matrix((np.ones(size), columns.astype(np.int32),
                              begin[:rows + 1].astype(np.int32)), shape=(rows, items))

    sets = {}
    name, items = ctypes.c_char_p(), ctypes.c_uint32()
    for index in range(lib.tailor_shape(1 << 30, None, None)):
        lib.tailor_shape(index, ctypes.byref(name), ctypes.byref(items))
        sets[name.value.decode()] = lambda i=index, n=items.value: make(i, n)
    return sets


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


class Tailor:
    """Our side: keeps its input outside the clock, as the peers keep theirs."""

    def __init__(self, lib, m):
        import numpy as np
        self.lib, self.rows, self.items = lib, m.shape[0], m.shape[1]
        begin, columns = m.indptr.astype(np.uint32), m.indices.astype(np.uint32)
        self.session = ctypes.c_void_p(
            lib.tailor_open(self.rows, self.items, pointer(begin), pointer(columns), THREADS))

    def close(self):
        self.lib.tailor_close(self.session)

    def fit(self, task):
        getattr(self.lib, "tailor_fit_" + task)(self.session, K)

    def lists(self, task):
        """Ids (-1: none) and scores, a row per item, best first."""
        import numpy as np
        ids = np.empty((self.items, K), dtype=np.int32)
        scores = np.zeros((self.items, K))
        getattr(self.lib, "tailor_read_" + task)(self.session, K, pointer(ids), pointer(scores))
        return ids, scores

    def serve(self):
        import numpy as np
        ids = np.empty((self.rows, SHOWN), dtype=np.int32)
        scores = np.empty((self.rows, SHOWN), dtype=np.float32)
        self.lib.tailor_serve(self.session, SHOWN, pointer(ids), pointer(scores))
        return ids, scores


# Each of these gives, for a matrix, name -> a function that does the whole work of a task. Weights
# are applied before the clock starts where the peer lets us. Peers return an item itself among its
# neighbours, so they build lists of one more.


def dot_product_builders(weighted):
    """All items by the dot product of the columns of a weighted matrix."""
    import numpy as np
    from implicit.nearest_neighbours import all_pairs_knn
    from sparse_dot_topn import sp_matmul_topn
    single = weighted.astype(np.float32)
    transposed = single.T.tocsr()
    return {
        "implicit core": lambda: all_pairs_knn(weighted, K + 1, num_threads=THREADS,
                                               show_progress=False).tocsr(),
        "sparse_dot_topn": lambda: sp_matmul_topn(transposed, single, top_n=K + 1, sort=True,
                                                  n_threads=THREADS),
    }


def cosine_builders(m):
    import numpy as np
    import scipy.sparse as sp
    import similaripy
    from implicit.nearest_neighbours import CosineRecommender
    degree = np.maximum(np.asarray(m.sum(axis=0)).ravel(), 1)
    by_item = m.T.tocsr()

    def implicit_python():
        model = CosineRecommender(K=K + 1, num_threads=THREADS)
        model.fit(m, show_progress=False)
        return model.similarity

    return {
        "implicit": implicit_python,
        "similaripy": lambda: similaripy.cosine(by_item, k=K + 1, num_threads=THREADS,
                                                verbose=False, format_output="csr"),
        **dot_product_builders((m @ sp.diags(1 / np.sqrt(degree))).tocsr()),
    }


def bm25_builders(m):
    from implicit.nearest_neighbours import BM25Recommender, bm25_weight

    def implicit_python():
        model = BM25Recommender(K=K + 1, K1=1.2, B=0.75, num_threads=THREADS)
        model.fit(m, show_progress=False)
        return model.similarity

    return {"implicit": implicit_python,
            **dot_product_builders(bm25_weight(m.T, 1.2, 0.75).T.tocsr())}


def serve_builders(m, lists):
    """The 20 best for every row from lists of its items, without its own items."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np
    import scipy.sparse as sp
    import similaripy
    from implicit._nearest_neighbours import NearestNeighboursScorer
    ids, scores = lists
    there = ids >= 0
    begin = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    similarity = sp.csr_matrix((scores[there], ids[there], begin), shape=(len(ids), len(ids)))
    similarity.sort_indices()
    single = similarity.astype(np.float32)

    def implicit_scorer():
        """One call per row from Python; the work itself holds no lock."""
        out = np.zeros((m.shape[0], SHOWN))

        def part(rows):
            scorer = NearestNeighboursScorer(similarity)
            for r in rows:
                lo, hi = m.indptr[r], m.indptr[r + 1]
                got = scorer.recommend(np.array([0, hi - lo], dtype=np.int32), m.indices[lo:hi],
                                       m.data[lo:hi], K=SHOWN, remove_own_likes=True)
                out[r, :len(got[1])] = got[1][:SHOWN]

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(part, [range(n, m.shape[0], THREADS) for n in range(THREADS)]))
        return out

    def similaripy_dot():
        got = similaripy.dot_product(m, single, k=SHOWN, filter_cols=m, num_threads=THREADS,
                                     verbose=False, format_output="csr")
        return got

    return {"implicit scorer": implicit_scorer, "similaripy": similaripy_dot}


def compare_lists(ours, peer):
    """The largest relative difference of a score, list by list. Ids may differ among equal scores,
    where only ours are defined."""
    import numpy as np
    ids, scores = ours
    worst = 0.0
    for i in range(len(ids)):
        lo, hi = peer.indptr[i], peer.indptr[i + 1]
        theirs = np.sort(peer.data[lo:hi][peer.indices[lo:hi] != i])[::-1][:K]
        worst = max(worst, compare(scores[i][ids[i] >= 0], theirs[theirs > 0]))
    return worst


def compare_served(ours, peer):
    import numpy as np
    ids, scores = ours
    worst = 0.0
    for r in range(len(ids)):
        theirs = peer[r] if isinstance(peer, np.ndarray) else peer.data[
            peer.indptr[r]:peer.indptr[r + 1]]
        theirs = np.sort(theirs[theirs > 0])[::-1]
        worst = max(worst, compare(scores[r][ids[r] >= 0], theirs))
    return worst


def compare(ours, theirs):
    import numpy as np
    if len(ours) != len(theirs):
        return float("inf")
    if len(ours) == 0:
        return 0.0
    return float(np.max(np.abs(ours - theirs) / np.maximum(theirs, 1e-9)))


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


def peak_memory(work):
    """Megabytes that the work takes beyond what is there before it starts, at the highest."""

    def kilobytes(what):
        with open("/proc/self/status", encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith(what))

    with open("/proc/self/clear_refs", "w", encoding="ascii") as f:
        f.write("5")  # the peak starts from here
    before = kilobytes("VmRSS:")
    result = work()
    peak = kilobytes("VmHWM:")
    del result
    return (peak - before) / 1024


def peak_memory_apart(args, library, task, peer, name):
    """The same in a process of its own, where nothing was run before."""
    out = subprocess.run([sys.executable, __file__, "--data", args.data, "--venv", args.venv,
                          "--library", library, "--peak", task, "--only", peer, name],
                         check=True, capture_output=True, text=True, timeout=600)
    return float(out.stdout.split()[-1])


def report(task, name, times, memory):
    from statistics import median
    ours = median(times["tailor"])
    for peer, t in times.items():
        peak = f"{memory[peer]:7.1f} MB" if peer in memory else ""
        print(f"{task:7} {name:18} {peer:16} median {median(t):8.4f} s "
              f"[{min(t):.4f} - {max(t):.4f}] {median(t) / ours:6.2f}x {peak}", flush=True)


BUILDERS = {"cosine": cosine_builders, "bm25": bm25_builders}


def measure(args, lib, library, name, m):
    only = set(filter(None, args.only.split(",")))
    tasks = args.tasks.split(",")

    def chosen(builders):
        return {n: b for n, b in builders.items() if not only or n in only}

    tailor = Tailor(lib, m)
    if args.peak:
        peers = {"tailor": lambda: tailor.fit(args.peak), **BUILDERS[args.peak](m)}
        print(peak_memory(peers[args.only]))
        return
    for task, make in BUILDERS.items():
        if task not in tasks:
            continue
        peers = chosen(make(m))
        memory = {}
        if args.memory:
            memory = {p: peak_memory_apart(args, library, task, p, name)
                      for p in ("tailor", *peers)}
        times = run({"tailor": lambda t=task: tailor.fit(t), **peers}, args.runs)
        report(task, name, times, memory)
        ours = tailor.lists(task)
        print(f"{task:7} {name:18} sum of scores {ours[1].sum():.2f}; largest relative difference "
              "of a score to " +
              ", ".join(f"{n} {compare_lists(ours, b()):.1e}" for n, b in peers.items()),
              flush=True)
    if "serve" in tasks:
        tailor.fit("cosine")
        lib.tailor_prepare_serve(tailor.session)
        peers = chosen(serve_builders(m, tailor.lists("cosine")))
        times = run({"tailor": tailor.serve, **peers}, args.runs)
        report("serve", name, times, {})
        ours = tailor.serve()
        print(f"serve   {name:18} largest relative difference of a score to " +
              ", ".join(f"{n} {compare_served(ours, b()):.1e}" for n, b in peers.items()),
              flush=True)
    tailor.close()


def main():
    args = arguments()
    enter_venv(args.venv, PEERS)
    warnings.simplefilter("ignore")  # implicit says that it converts its own input
    with tempfile.TemporaryDirectory() as directory:
        library = args.library or build_library("tailor_lists", directory, args.cxx, args.flags)
        lib = ctypes.CDLL(library)
        lib.tailor_open.restype = ctypes.c_void_p
        data = {
            "retail_baskets": lambda: csv_matrix(os.path.join(args.data, "online_retail.csv"),
                                                 "InvoiceNo", "StockCode"),
            "serenade": lambda: csv_matrix(os.path.join(args.data, "serenade_train.csv"),
                                           "SessionId", "ItemId"),
            **shaped_matrices(lib),
        }
        for name in args.sets or data:
            m = data[name]()
            n_u = (m.indptr[1:] - m.indptr[:-1]).astype("int64")
            print(f"# {name}: {m.shape[0]} rows x {m.shape[1]} items, {m.nnz} entries, sum of "
                  f"squared rows {int((n_u ** 2).sum())}, longest row {n_u.max()}, most rows "
                  f"{int(m.sum(axis=0).max())}; {THREADS} threads, k {K}, flags '{args.flags}'",
                  flush=True)
            measure(args, lib, library, name, m)


if __name__ == "__main__":
    main()
