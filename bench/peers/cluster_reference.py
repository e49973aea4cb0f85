#!/usr/bin/env python3
"""What scikit-learn and numpy say about the shoppers of three data sets: the figures that
tests/segment/data_clusters.cpp holds the library to. Shares no code with it.

Makes the virtual environment with the peers in it when it is missing.
"""
import argparse
import collections
import csv
import datetime
import decimal
import os

from peer_tools import enter_venv

PEERS = ["scikit-learn==1.9.1", "numpy==2.4.6"]


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/cluster-venv")
    p.add_argument("--starts", type=int, default=20)
    return p.parse_args()


def sales(name, directory):
    """Lines of a data set: customer, order, day, value in whole minor units; and the day after."""
    def rows(file):
        return csv.DictReader(open(os.path.join(directory, file), newline="", encoding="utf-8"))

    def units(text, digits):
        return int(decimal.Decimal(text).scaleb(digits))

    lines = []
    if name == "online_retail":
        for r in rows("online_retail.csv"):
            quantity, order, customer = int(r["Quantity"]), r["InvoiceNo"], r["CustomerID"]
            price = units(r["UnitPrice"], 3)
            if customer and quantity > 0 and price > 0 and not order.startswith("C"):
                at = datetime.datetime.fromisoformat(r["InvoiceDate"])
                lines.append((int(customer), order, at.date(), quantity * price))
        return lines, datetime.date(2011, 12, 10)
    if name == "cdnow":
        for number, r in enumerate(rows("cdnow_sample.csv")):
            at = datetime.date.fromisoformat(r["date"])
            lines.append((int(r["sample_id"]), number, at, units(r["dollars"], 2)))
        return lines, datetime.date(1998, 7, 1)
    for r in rows("completejourney_transactions.csv"):
        at = datetime.datetime.fromisoformat(r["transaction_timestamp"])
        lines.append((int(r["household_id"]), r["basket_id"],
                      at.astimezone(datetime.timezone.utc).date(), units(r["sales_value"], 2)))
    return lines, datetime.date(2018, 1, 2)


def features(name, directory):
    """Days since the last order, orders, revenue, one row per customer; orders of no value are none."""
    lines, today = sales(name, directory)
    first, value = {}, collections.Counter()
    for customer, order, day, paid in lines:
        key = customer, order
        first[key] = min(first.get(key, day), day)
        value[key] += paid
    days, orders, revenue = {}, collections.Counter(), collections.Counter()
    for key, day in first.items():
        if value[key] <= 0:
            continue
        customer = key[0]
        days[customer] = min(days.get(customer, (today - day).days), (today - day).days)
        orders[customer] += 1
        revenue[customer] += value[key]
    return [[float(days[c]), float(orders[c]), float(revenue[c])] for c in sorted(days)]


def points(name, directory):
    """The features, the largest 0.5 % drawn in, ln(1 + x) of the last two, and the scaler."""
    import numpy as np
    from sklearn.preprocessing import StandardScaler
    x = np.array(features(name, directory))
    limits = np.sort(x, axis=0)[int(np.ceil(0.995 * len(x))) - 1]
    shaped = np.minimum(x, limits)
    shaped[:, 1:] = np.log1p(shaped[:, 1:])
    scaler = StandardScaler().fit(shaped)
    print(f"{name}: {len(x)} shoppers, sums {x.sum(0).tolist()}, limits {limits.tolist()}")
    print(f"mean {scaler.mean_.tolist()}, deviation {scaler.scale_.tolist()}")
    return np.ascontiguousarray(scaler.transform(shaped))


def main():
    args = arguments()
    enter_venv(args.venv, PEERS)
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    for name in ("cdnow", "completejourney"):
        z = points(name, args.data)
        for k in (3, 4, 5, 8, 12, 16):
            m = KMeans(k, n_init=args.starts, random_state=0, tol=0, max_iter=1000).fit(z)
            print(f"k {k}: inertia {m.inertia_:.4f}")
    z = points("online_retail", args.data)
    n, d = z.shape
    draw = np.random.RandomState(0)
    for k in (*range(2, 13), 16):
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
