#!/usr/bin/env python3
"""What scikit-learn and numpy say about the shoppers of online_retail.csv: the figures that
tests/segment/data_clusters.cpp holds the library to. Shares no code with it.

Makes the virtual environment with the peers in it when it is missing.
"""
import argparse
import collections
import csv
import datetime
import decimal
import os
import subprocess
import sys

PEERS = ["scikit-learn==1.9.1", "numpy==2.4.6"]


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/cluster-venv")
    p.add_argument("--starts", type=int, default=20)
    return p.parse_args()


def enter_venv(args):
    """Runs this script again inside the virtual environment."""
    python = os.path.join(args.venv, "bin", "python")
    if os.path.abspath(sys.prefix) == os.path.abspath(args.venv):
        return
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", args.venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    os.execv(python, [python, *sys.argv])


def features(path):
    """Days since the last order, orders, revenue in thousandths, one row per customer."""
    first, value, owner = {}, collections.Counter(), {}
    for r in csv.DictReader(open(path, newline="", encoding="utf-8")):
        order, price = r["InvoiceNo"], decimal.Decimal(r["UnitPrice"])
        quantity = int(r["Quantity"])
        if not r["CustomerID"] or quantity <= 0 or price <= 0 or order.startswith("C"):
            continue
        at = datetime.datetime.fromisoformat(r["InvoiceDate"])
        first[order] = min(first.get(order, at), at)
        owner[order] = int(r["CustomerID"])
        value[order] += quantity * int(price * 1000)
    days, orders, revenue = {}, collections.Counter(), collections.Counter()
    for order, customer in owner.items():
        ago = (datetime.date(2011, 12, 10) - first[order].date()).days
        days[customer] = min(days.get(customer, ago), ago)
        orders[customer] += 1
        revenue[customer] += value[order]
    return [[float(days[c]), float(orders[c]), float(revenue[c])] for c in sorted(days)]


def main():
    args = arguments()
    enter_venv(args)
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score
    from sklearn.preprocessing import StandardScaler

    x = np.array(features(os.path.join(args.data, "online_retail.csv")))
    n, d = x.shape
    limits = np.sort(x, axis=0)[int(np.ceil(0.995 * n)) - 1]
    shaped = np.minimum(x, limits)
    shaped[:, 1:] = np.log1p(shaped[:, 1:])
    scaler = StandardScaler().fit(shaped)
    z = scaler.transform(shaped)
    print(f"{n} shoppers, sums {x.sum(0).tolist()}, limits {limits.tolist()}")
    print(f"mean {scaler.mean_.tolist()}, deviation {scaler.scale_.tolist()}")
    draw = np.random.RandomState(0)
    for k in range(2, 13):
        m = KMeans(k, n_init=args.starts, random_state=0, tol=0, max_iter=1000).fit(z)
        apart = np.sort(np.sqrt(((z[:, None] - m.cluster_centers_[None]) ** 2).sum(2)), 1)
        simplified = np.mean((apart[:, 1] - apart[:, 0]) / apart[:, 1])
        sizes = np.bincount(m.labels_, minlength=k)
        likelihood = ((sizes * np.log(sizes / n)).sum() - (n - k) * d / 2
                      - n * d / 2 * np.log(2 * np.pi * m.inertia_ / (d * (n - k))))
        order = draw.permutation(n)
        halves = [KMeans(k, n_init=args.starts, random_state=s).fit(z[rows]).predict(z)
                  for s, rows in ((1, order[:n // 2]), (2, order[n // 2:]))]
        print(f"k {k}: inertia {m.inertia_:.4f}, silhouette {silhouette_score(z, m.labels_):.4f}, "
              f"simplified {simplified:.5f}, BIC {likelihood - k * (d + 1) / 2 * np.log(n):.1f}, "
              f"stability {adjusted_rand_score(*halves):.3f}, "
              f"sizes {sorted(sizes.tolist(), reverse=True)}")
        if k == 4:
            print(f"     centres {np.round(m.cluster_centers_, 6).tolist()}")


if __name__ == "__main__":
    main()
