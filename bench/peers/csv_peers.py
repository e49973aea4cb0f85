#!/usr/bin/env python3
"""T7 beside readers from the package registry: Online Retail four times over → five columns (quantity,
price and customer as numbers, invoice and code as text), one thread, taken in turn; median of --runs
and the ratio to tailor. Every reader's sums are compared before any time is shown.

Makes the virtual environment with the peers in it when it is missing.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from peer_tools import enter_venv

PEERS = ["pyarrow==26.0.1", "polars==2.1.0", "duckdb==2.0.1", "pandas==3.1.1"]
HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR", "data"))
    p.add_argument("--venv", default="build/csv-peers-venv")
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--flags", default="", help="for example -march=x86-64-v3")
    p.add_argument("--runs", type=int, default=5)
    args = p.parse_args()
    enter_venv(args.venv, PEERS, POLARS_MAX_THREADS="1")
    with tempfile.TemporaryDirectory() as directory:
        source = os.path.join(args.data, "online_retail.csv")
        path = os.path.join(directory, "retail4.csv")
        with open(source, "rb") as f, open(path, "wb") as out:
            header = f.readline()
            records = f.read()
            out.write(header + records * 4)
        size = os.path.getsize(path)
        program = os.path.join(directory, "csv")
        subprocess.run([*args.cxx.split(), "-std=c++20", "-O3", "-DNDEBUG", *args.flags.split(),
                        "-I" + os.path.join(HERE, "..", "..", "include"),
                        os.path.join(HERE, "tailor_csv.cpp"), "-o", program], check=True)
        compare(args, path, size, program)


def readers(path, program):
    import duckdb
    import pandas
    import polars
    import pyarrow
    import pyarrow.compute as pc
    import pyarrow.csv
    names = ["InvoiceNo", "StockCode", "Quantity", "UnitPrice", "CustomerID"]
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)

    def tailor():
        out = json.loads(subprocess.run([program, path], check=True, capture_output=True).stdout)
        return out["seconds"], (out["records"], out["quantity"], out["customer"])

    def arrow():
        begin = time.perf_counter()
        t = pyarrow.csv.read_csv(
            path, read_options=pyarrow.csv.ReadOptions(use_threads=False),
            convert_options=pyarrow.csv.ConvertOptions(include_columns=names, column_types={
                "InvoiceNo": pyarrow.string(), "StockCode": pyarrow.string(),
                "Quantity": pyarrow.int64(), "UnitPrice": pyarrow.float64(),
                "CustomerID": pyarrow.int64()}))
        seconds = time.perf_counter() - begin
        return seconds, (t.num_rows, pc.sum(t["Quantity"]).as_py(), pc.sum(t["CustomerID"]).as_py())

    def polars_():
        begin = time.perf_counter()
        t = polars.read_csv(path, columns=names, schema_overrides={
            "InvoiceNo": polars.String, "StockCode": polars.String, "Quantity": polars.Int64,
            "UnitPrice": polars.Float64, "CustomerID": polars.Int64})
        seconds = time.perf_counter() - begin
        return seconds, (t.height, t["Quantity"].sum(), t["CustomerID"].sum())

    def duck():
        db = duckdb.connect(config={"threads": 1})
        begin = time.perf_counter()
        t = db.sql(
            "select InvoiceNo, StockCode, Quantity, UnitPrice, CustomerID from read_csv(?, header=true, "
            "parallel=false, types={'InvoiceNo':'VARCHAR','StockCode':'VARCHAR','Quantity':'BIGINT',"
            "'UnitPrice':'DOUBLE','CustomerID':'BIGINT'})", params=[path]).to_arrow_table()
        seconds = time.perf_counter() - begin
        return seconds, (t.num_rows, pc.sum(t["Quantity"]).as_py(), pc.sum(t["CustomerID"]).as_py())

    def pandas_():
        begin = time.perf_counter()
        t = pandas.read_csv(path, usecols=names, dtype={
            "InvoiceNo": "str", "StockCode": "str", "Quantity": "int64", "UnitPrice": "float64",
            "CustomerID": "float64"})
        seconds = time.perf_counter() - begin
        return seconds, (len(t), int(t["Quantity"].sum()), int(t["CustomerID"].sum()))

    return {"tailor": tailor, "pyarrow": arrow, "polars": polars_, "duckdb": duck, "pandas": pandas_}


def compare(args, path, size, program):
    all_readers = readers(path, program)
    times = {name: [] for name in all_readers}
    broken = set()
    expected = all_readers["tailor"]()[1]
    for _ in range(args.runs):
        for name, read in all_readers.items():
            if name in broken:
                continue
            try:
                seconds, answer = read()
            except Exception as e:  # a peer that does not run here is said so, not left out silently
                print(f"{name}: not run: {e}")
                broken.add(name)
                continue
            if answer != expected:
                sys.exit(f"{name} reads something else: {answer}, tailor {expected}")
            times[name].append(seconds)
    print(f"{size:,} bytes, {expected[0]:,} records, one thread, {args.runs} runs, flags '{args.flags}'")
    ours = statistics.median(times["tailor"])
    for name, t in times.items():
        if t:
            m = statistics.median(t)
            print(f"{name:10} median {m:6.3f} s [{min(t):.3f}-{max(t):.3f}]  {size / m / 1e6:7.0f} MB/s  "
                  f"{m / ours:5.2f} x tailor")


if __name__ == "__main__":
    main()
