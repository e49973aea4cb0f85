#!/usr/bin/env python3
"""k-means of tailor beside that of other libraries: the same points, the same first centres, the same
number of steps and threads, one process, one after the other in turn, so that only the ratio counts.

Makes the virtual environment with the peers in it when it is missing. TASKs are the synthetic sets
rfm3 and mix16 with 8 and 64 clusters, and `inertia`: how good the result of a default fit is beside
the best of 20 starts of scikit-learn.
"""
import argparse
import ctypes
import os
import subprocess
import sys
import tempfile

from peer_tools import build_library, enter_venv

PEERS = ["scikit-learn==1.9.1", "faiss-cpu==1.15.1", "opencv-python-headless==5.0.0.93",
         "threadpoolctl==3.6.0", "numpy==2.4.6"]
N = 1_000_000
STEPS = 20
SEEDS = 20
TASKS = ["rfm3/8", "rfm3/64", "mix16/8", "mix16/64", "inertia"]


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/kmeans-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--only", default="", help="peers to run, by comma; tailor always runs")
    p.add_argument("--memory", action="store_true", help="peak memory too, in runs of their own")
    p.add_argument("--library", help="built before")
    p.add_argument("--peak", default="", help="the one of which to tell only the memory")
    p.add_argument("tasks", nargs="*", metavar="TASK")
    return p.parse_args()


def load(path):
    lib = ctypes.CDLL(path)
    size, number, pointer = ctypes.c_size_t, ctypes.c_uint32, ctypes.c_void_p
    lib.tailor_open.restype, lib.tailor_open.argtypes = pointer, [size]
    lib.tailor_close.argtypes = [pointer]
    for f in (lib.tailor_steps_f32, lib.tailor_steps_f64):
        f.restype = ctypes.c_double
        f.argtypes = [pointer, pointer, size, size, size, number, pointer, pointer]
    lib.tailor_fit_f64.restype = ctypes.c_double
    lib.tailor_fit_f64.argtypes = [pointer, pointer, size, size, size, ctypes.c_uint64, ctypes.c_int,
                                   pointer]
    return lib


def rfm3(n=N):
    """Recency, frequency, revenue of made-up shoppers: logarithms, standardised."""
    import numpy as np
    g = np.random.default_rng(3)
    r = np.exp(g.normal(3.5, 1, n))
    f = 1 + np.floor(np.exp(g.normal(0.7, 0.9, n)))
    m = f * np.exp(g.normal(3.3, 0.7, n))
    x = np.log1p(np.stack([r, f, m], axis=1))
    return np.ascontiguousarray((x - x.mean(axis=0)) / x.std(axis=0), dtype=np.float32)


def mix16(n=N):
    """A hundred normal clouds that overlap."""
    import numpy as np
    g = np.random.default_rng(16)
    middle = g.normal(size=(100, 16))
    return np.ascontiguousarray(middle[g.integers(100, size=n)] + 0.6 * g.normal(size=(n, 16)),
                                dtype=np.float32)


class Tailor:
    def __init__(self, lib, threads):
        self.lib, self.session = lib, lib.tailor_open(threads)

    def close(self):
        self.lib.tailor_close(self.session)

    def steps(self, x, k):
        import numpy as np
        centres = np.ascontiguousarray(x[:k], dtype=np.float64)
        f = self.lib.tailor_steps_f32 if x.dtype == np.float32 else self.lib.tailor_steps_f64
        done = ctypes.c_uint32()
        inertia = f(self.session, x.ctypes.data, len(x), x.shape[1], k, STEPS, centres.ctypes.data,
                    ctypes.addressof(done))
        assert inertia >= 0 and done.value == STEPS, (inertia, done.value)
        return centres

    def fit(self, x, k, seed, swaps):
        import numpy as np
        centres = np.empty((k, x.shape[1]))
        return self.lib.tailor_fit_f64(self.session, x.ctypes.data, len(x), x.shape[1], k, seed,
                                       int(swaps), centres.ctypes.data)


# Each gives, for points and k, the centres after exactly STEPS steps from the first k points.


def sklearn_steps(algorithm):
    def steps(x, k):
        from sklearn.cluster import KMeans
        model = KMeans(k, init=x[:k], n_init=1, max_iter=STEPS, tol=0, algorithm=algorithm,
                       copy_x=False)
        return model.fit(x).cluster_centers_
    return steps


def faiss_steps(x, k):
    import faiss
    import numpy as np
    model = faiss.Kmeans(x.shape[1], k, niter=STEPS, max_points_per_centroid=len(x))
    model.train(x, init_centroids=np.ascontiguousarray(x[:k]))
    return model.centroids


def opencv_steps(x, k):
    """It takes first labels instead of centres: those of the first k points, which costs it
    nothing here."""
    import cv2
    labels = opencv_first(x, k).copy()
    criteria = (cv2.TERM_CRITERIA_MAX_ITER | cv2.TERM_CRITERIA_EPS, STEPS, 0)
    return cv2.kmeans(x, k, labels, criteria, 1, cv2.KMEANS_USE_INITIAL_LABELS)[2]


FIRST = {}


def opencv_first(x, k):
    import numpy as np
    key = (id(x), k)
    if key not in FIRST:
        FIRST[key] = np.concatenate([
            ((part[:, None, :] - x[None, :k]) ** 2).sum(axis=2).argmin(axis=1)
            for part in np.array_split(x, 200)]).astype(np.int32)[:, None]
    return FIRST[key]


STEPPERS = {"sklearn lloyd": sklearn_steps("lloyd"), "sklearn elkan": sklearn_steps("elkan"),
            "faiss": faiss_steps, "OpenCV": opencv_steps}


def inertia(x, centres):
    import numpy as np
    total = 0.0
    for part in np.array_split(x.astype(np.float64), 200):
        apart = ((part ** 2).sum(axis=1)[:, None] - 2 * part @ centres.T +
                 (centres ** 2).sum(axis=1))
        nearest = centres[apart.argmin(axis=1)]
        total += ((part - nearest) ** 2).sum()
    return total


def peak_memory(work):
    """Megabytes that the work takes beyond what is there before it starts, at the highest."""
    def kilobytes(what):
        with open("/proc/self/status", encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith(what))

    ctypes.CDLL(None).malloc_trim(0)  # what making the points left behind would be used again
    with open("/proc/self/clear_refs", "w", encoding="ascii") as f:
        f.write("5")  # the peak starts from here
    before = kilobytes("VmRSS:")
    work()
    return (kilobytes("VmHWM:") - before) / 1024


def peak_memory_apart(args, library, task, name):
    """The same in a process of its own, where nothing was run before."""
    out = subprocess.run([sys.executable, __file__, "--venv", args.venv, "--library", library,
                          "--peak", name, task], check=True, capture_output=True, text=True)
    return float(out.stdout.split()[-1])


def measure(args, lib, library, task):
    import time
    from statistics import median

    import cv2
    import faiss
    import numpy as np
    cv2.setNumThreads(args.threads)
    faiss.omp_set_num_threads(args.threads)
    name, k = task.split("/")
    x, k = {"rfm3": rfm3, "mix16": mix16}[name](), int(k)
    tailor = Tailor(lib, args.threads)
    steppers = {"tailor": tailor.steps, **STEPPERS}
    if args.only:
        steppers = {n: f for n, f in steppers.items() if n == "tailor" or n in args.only.split(",")}
    if args.peak:
        print(peak_memory(lambda: steppers[args.peak](x, k)))
        return
    times, centres = {n: [] for n in steppers}, {}
    for turn in range(args.runs + 1):
        for n, steps in steppers.items():
            if n == "OpenCV":
                opencv_first(x, k)
            start = time.perf_counter()
            centres[n] = steps(x, k)
            spent = time.perf_counter() - start
            if turn:
                times[n].append(spent)
    ours = median(times["tailor"])
    best = inertia(x, np.asarray(centres["tailor"], dtype=np.float64))
    print(f"# {task}: {len(x)} points x {x.shape[1]} numbers x {k} centres x {STEPS} steps = "
          f"{len(x) * x.shape[1] * k * STEPS / 1e9:.2f} G products, input {x.nbytes / 1e6:.0f} MB, "
          f"{args.threads} threads, flags '{args.flags}', inertia {best:.0f}")
    for n, t in times.items():
        c = np.asarray(centres[n], dtype=np.float64)
        apart = np.abs(c - centres["tailor"]).max() / np.abs(centres["tailor"]).max()
        memory = f" {peak_memory_apart(args, library, task, n):7.1f} MB" if args.memory else ""
        print(f"{task:9} {n:14} median {median(t):8.4f} s [{min(t):.4f} - {max(t):.4f}] "
              f"{median(t) / ours:6.2f}x  centres differ by {apart:.1e}, inertia by "
              f"{inertia(x, c) / best - 1:+.1e}{memory}", flush=True)
    tailor.close()


def compare_inertia(args, lib):
    """Points of three data sets as clusters see them, beside those of cluster_reference.py."""
    import time

    from cluster_reference import points
    from sklearn.cluster import KMeans
    tailor = Tailor(lib, args.threads)
    for name in ("online_retail", "cdnow", "completejourney"):
        x = points(name, args.data)
        for k in (3, 4, 5, 8, 12, 16):
            start = time.perf_counter()
            theirs = KMeans(k, n_init=20, random_state=0, tol=0, max_iter=1000).fit(x).inertia_
            spent = time.perf_counter() - start
            print(f"{name:16} k {k:2}: best of 20 starts of scikit-learn {theirs:12.4f} in "
                  f"{spent:.2f} s; tailor, {SEEDS} seeds", end="")
            for how, number in (("k-means++, 3 starts", 0), ("random swaps, 2 starts", 1)):
                start = time.perf_counter()
                ours = sorted(tailor.fit(x, k, seed, number) / theirs - 1 for seed in range(SEEDS))
                spent = (time.perf_counter() - start) / SEEDS
                print(f", {how}: best {ours[0]:+.2%}, median {ours[SEEDS // 2]:+.2%}, worst "
                      f"{ours[-1]:+.3%} in {spent:.3f} s", end="")
            print(flush=True)
    tailor.close()


def main():
    args = arguments()
    enter_venv(args.venv, PEERS,
               OMP_NUM_THREADS=str(args.threads), OPENBLAS_NUM_THREADS=str(args.threads))
    with tempfile.TemporaryDirectory() as directory:
        library = args.library or build_library("tailor_kmeans", directory, args.cxx, args.flags)
        lib = load(library)
        for task in args.tasks or TASKS:
            if task == "inertia":
                compare_inertia(args, lib)
            else:
                measure(args, lib, library, task)


if __name__ == "__main__":
    main()
