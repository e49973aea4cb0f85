#!/usr/bin/env python3
"""Linear item models of tailor beside those of other libraries: the same split, the same threads,
one process, the same metrics for all. Two parts:

accuracy  completejourney (households x products that five or more bought): a fifth of all pairs is
          held out by a hash; recall of all and NDCG at 20 over all items, fit and answer times.
          RP3beta is compared with similaripy weight by weight.
ease      exact EASE beside numpy's inverse in double precision, on a matrix of the shape of
          MovieLens 1M and on the 10,000 most popular items of one of the shape of Gowalla.

Makes the virtual environment with the peers in it when it is missing.
"""
import argparse
import csv
import ctypes
import os
import tempfile
import time
import zlib

from peer_tools import build_library, enter_venv

PEERS = ["implicit==0.7.3", "similaripy==0.7.0", "scipy==1.17.1", "numpy==2.4.6"]
K = 20


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/peers-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=native")
    p.add_argument("--eigen", default="/usr/include/eigen3")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("parts", nargs="*", default=["accuracy", "ease"])
    return p.parse_args()


def build(args, directory):
    lib = ctypes.CDLL(build_library("tailor_models", directory, args.cxx, args.flags, "-isystem", args.eigen))
    lib.tailor_open.restype = ctypes.c_void_p
    lib.tailor_weight.restype = ctypes.c_double
    return lib


def address(a):
    return ctypes.c_void_p(a.ctypes.data)


def open_session(lib, m):
    import numpy as np
    begin = m.indptr.astype(np.uint32)
    columns = m.indices.astype(np.uint32)
    return ctypes.c_void_p(lib.tailor_open(address(begin), address(columns), m.shape[0],
                                           m.shape[1]))


def completejourney(args):
    import numpy as np
    import scipy.sparse as sp
    pairs = set()
    with open(os.path.join(args.data, "completejourney_transactions.csv"), newline="",
              encoding="utf-8") as f:
        for r in csv.DictReader(f):
            if float(r["quantity"]) > 0 and float(r["sales_value"]) > 0:
                pairs.add((r["household_id"], r["product_id"]))
    buyers = {}
    for _, product in pairs:
        buyers[product] = buyers.get(product, 0) + 1
    pairs = sorted(p for p in pairs if buyers[p[1]] >= 5)
    rows = {h: n for n, h in enumerate(sorted({p[0] for p in pairs}))}
    items = {i: n for n, i in enumerate(sorted({p[1] for p in pairs}))}
    held = [zlib.crc32(("%s/%s" % p).encode()) % 5 == 0 for p in pairs]

    def matrix(which):
        r = [rows[p[0]] for p, h in zip(pairs, held) if h == which]
        c = [items[p[1]] for p, h in zip(pairs, held) if h == which]
        m = sp.csr_matrix((np.ones(len(r), dtype=np.float64), (r, c)),
                          shape=(len(rows), len(items)))
        m.sort_indices()
        return m
    return matrix(False), matrix(True)


def measure(ids, test):
    """Recall of all and NDCG at K, means over the rows that hold something out."""
    import numpy as np
    gain = 1 / np.log2(np.arange(2, K + 2))
    recall, ndcg = [], []
    for r in range(test.shape[0]):
        relevant = set(test.indices[test.indptr[r]:test.indptr[r + 1]])
        if not relevant:
            continue
        row = [i for i in ids[r][:K] if i >= 0]
        assert len(set(row)) == len(row), "a list names an item twice"
        hits = np.array([i in relevant for i in row], dtype=bool)
        recall.append(hits.sum() / len(relevant))
        ndcg.append(gain[:len(row)][hits].sum() / gain[:min(K, len(relevant))].sum())
    return np.mean(recall), np.std(recall) / np.sqrt(len(recall)), np.mean(ndcg)


def best_of(scores, train):
    """The K best of dense scores that the row does not have; ties by item."""
    import numpy as np
    scores = np.asarray(scores, dtype=np.float64)
    scores[train.nonzero()] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    ids = order.astype(np.int64)
    ids[np.take_along_axis(scores, order, 1) <= 0] = -1
    return ids


def accuracy(lib, args):
    import numpy as np
    import scipy.sparse as sp
    train, test = completejourney(args)
    print("completejourney: %d households, %d products, %d pairs, %d held out\n" %
          (*train.shape, train.nnz, test.nnz))
    print("| model | recall of all | standard error | NDCG | fit, s | answers, us |")
    print("|---|---|---|---|---|---|")

    def show(name, ids, fit, answer):
        recall, error, ndcg = measure(ids, test)
        print("| %s | %.4f | %.4f | %.4f | %.2f | %.1f |" %
              (name, recall, error, ndcg, fit, answer / train.shape[0] * 1e6), flush=True)

    s = open_session(lib, train)
    for name in ["gnorm", "rp3beta", "turbo", "sr_ease 100", "sr_ease 300", "blend"]:
        start = time.perf_counter()
        assert lib.tailor_fit(s, name.encode())
        fit = time.perf_counter() - start
        ids = np.empty((train.shape[0], K), dtype=np.int32)
        start = time.perf_counter()
        lib.tailor_answer(s, K, address(ids))
        show("tailor " + name, ids, fit, time.perf_counter() - start)

    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
    for name, model in [("implicit cosine", CosineRecommender(K=200, num_threads=2)),
                        ("implicit BM25", BM25Recommender(K=200, num_threads=2)),
                        ("implicit ALS 128", AlternatingLeastSquares(
                            factors=128, regularization=1, iterations=15, num_threads=2,
                            random_state=1))]:
        start = time.perf_counter()
        model.fit(train.tocsr().astype(np.float32), show_progress=False)
        fit = time.perf_counter() - start
        start = time.perf_counter()
        ids, scores = model.recommend(np.arange(train.shape[0]), train.astype(np.float32), N=K)
        answer = time.perf_counter() - start
        ids = np.where(scores > 0, ids, -1) if "ALS" not in name else ids
        show(name, ids, fit, answer)

    import similaripy
    start = time.perf_counter()
    rp3 = similaripy.rp3beta(train.T.tocsr(), alpha=0.7, beta=0.4, k=501, verbose=False,
                             num_threads=2).tocsr()
    fit = time.perf_counter() - start
    start = time.perf_counter()
    ids = best_of((train @ rp3).toarray(), train)
    show("similaripy rp3beta", ids, fit, time.perf_counter() - start)

    start = time.perf_counter()
    g = (train.T @ train).toarray()
    own = g.diagonal().copy()
    g[np.diag_indices(len(g))] += 40 + 2.3 * own
    p = np.linalg.inv(g)
    b = p / -np.diag(p)
    b[np.diag_indices(len(b))] = 0
    fit = time.perf_counter() - start
    start = time.perf_counter()
    show("numpy EDLAE, l2 40, dropout 2.3", best_of(train @ b, train), fit,
         time.perf_counter() - start)

    assert lib.tailor_fit(s, b"rp3beta")
    rp3 = sp.coo_matrix(rp3)
    most = rp3.data[rp3.row != rp3.col].max()
    both = [(lib.tailor_weight(s, int(i), int(j)), w)
            for i, j, w in zip(rp3.row[::41], rp3.col[::41], rp3.data[::41]) if i != j and w > 0]
    apart = max(abs(a - w) for a, w in both if a > 0) / most
    lib.tailor_close(s)
    print("\nRP3beta of both, %d weights: at most %.1e of the greatest apart" %
          (sum(a > 0 for a, _ in both), apart))


def ease(lib, args):
    import numpy as np
    import scipy.sparse as sp
    print("\n| exact EASE | items | tailor, s | numpy inverse in double, s | ratio | "
          "greatest difference |")
    print("|---|---|---|---|---|---|")
    for name, index, keep in [("MovieLens 1M shaped", 3, None), ("Gowalla shaped", 0, 10_000)]:
        size = lib.tailor_shaped(index, None, None)
        columns = np.empty(size, dtype=np.uint32)
        begin = np.empty(200_000, dtype=np.uint32)
        rows = lib.tailor_shaped(index, address(begin), address(columns))
        m = sp.csr_matrix((np.ones(size), columns.astype(np.int64),
                           begin[:rows + 1].astype(np.int64)))
        if keep:
            top = np.sort(np.argsort(-m.getnnz(axis=0), kind="stable")[:keep])
            m = m.tocsc()[:, top].tocsr()
        m = m[m.getnnz(axis=1) > 0]
        m.sort_indices()
        l2 = 500 if index == 3 else 100
        s = open_session(lib, m)
        ours, theirs = [], []
        for _ in range(args.runs):
            start = time.perf_counter()
            assert lib.tailor_ease(s, ctypes.c_double(l2))
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            g = (m.T @ m).toarray()
            g[np.diag_indices(len(g))] += l2
            p = np.linalg.inv(g)
            b = p / -np.diag(p)
            b[np.diag_indices(len(b))] = 0
            theirs.append(time.perf_counter() - start)
        got = np.empty((m.shape[1], m.shape[1]), dtype=np.float32)
        lib.tailor_ease_weights(s, address(got))
        lib.tailor_close(s)
        a, t = np.median(ours), np.median(theirs)
        print("| %s | %d | %.2f | %.2f | %.1f | %.1e |" %
              (name, m.shape[1], a, t, t / a, np.abs(got - b).max()), flush=True)


def main():
    args = arguments()
    enter_venv(args.venv, PEERS, OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")
    with tempfile.TemporaryDirectory() as directory:
        lib = build(args, directory)
        for part in args.parts:
            {"accuracy": accuracy, "ease": ease}[part](lib, args)


if __name__ == "__main__":
    main()
