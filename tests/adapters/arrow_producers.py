#!/usr/bin/env python3
"""adapters/arrow.hpp beside the producers of others: pyarrow, DuckDB, Polars, pandas, nanoarrow hand
the same events over through the Arrow C stream, in every type that each of them has for a column,
and tailor has to read the same events. With --data also Online Retail, to the last digit.

Exit 77 when none of the packages is there; --require makes a missing one a failure.
"""
import argparse
import ctypes
import datetime
import importlib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
UTC = datetime.timezone.utc

# Users and items as texts; the times are in UTC. A row without a user is refused.
ROWS = [
    ("anna", "85123A", "o1", "purchase", datetime.datetime(2010, 12, 1, 8, 26), 6, 2.55),
    ("bob with a long name", "71053", "o1", "view_item",
     datetime.datetime(2011, 1, 2, 3, 4, 5, 250000), 1, 3.39),
    (None, "84406B", "o2", "purchase", datetime.datetime(2011, 1, 3), 8, 2.75),
    ("anna", None, None, "search", datetime.datetime(1969, 12, 31, 23, 59, 59), None, None),
    ("größe", "71053", "o3", "purchase", datetime.datetime(2011, 12, 9, 12, 50), 32, 0.85),
]
NAMES = ["user_id", "item_id", "order_id", "kind", "time", "quantity", "unit_price"]
COLUMNS = dict(zip(NAMES, map(list, zip(*ROWS))))


def expected(rows=ROWS):
    out, refused = [], []
    for number, (user, item, order, kind, at, quantity, price) in enumerate(rows, 1):
        if user is None:
            refused.append(f"refused {number} empty_id user")
            continue
        digits = f".{at.microsecond // 1000:03d}" if at.microsecond else ""
        cents = 0 if price is None else round(price * 100)
        out.append("|".join([user, item or "-", order or "-", kind,
                             at.strftime("%Y-%m-%dT%H:%M:%S") + digits + "Z",
                             str(1 if quantity is None else quantity), str(cents)]))
    return "\n".join(out + refused) + "\n"


class Reader:
    def __init__(self, cxx, directory):
        path = os.path.join(directory, "libarrow_bridge.so")
        subprocess.run([*cxx.split(), "-std=c++20", "-O2", "-shared", "-fPIC",
                        "-I" + os.path.join(HERE, "..", "..", "include"),
                        os.path.join(HERE, "bridge", "arrow_bridge.cpp"), "-o", path], check=True)
        self.read_arrow = ctypes.CDLL(path).tailor_read_arrow
        self.read_arrow.restype = ctypes.c_char_p
        self.read_arrow.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int]
        self.pointer = ctypes.pythonapi.PyCapsule_GetPointer
        self.pointer.restype = ctypes.c_void_p
        self.pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
        self.tried = 0
        self.failed = 0

    def read(self, source, exponent=2, minor_units=0, lines=1):
        capsule = source.__arrow_c_stream__()
        stream = self.pointer(capsule, b"arrow_array_stream")
        text = self.read_arrow(stream, exponent, minor_units, lines).decode()
        # The structure's fourth pointer is `release`: the stream has to be given back.
        assert ctypes.c_void_p.from_address(stream + 3 * ctypes.sizeof(ctypes.c_void_p)).value is None
        return text

    def check(self, what, source, wanted=None, **options):
        wanted = expected() if wanted is None else wanted
        got = self.read(source, **options)
        self.tried += 1
        if got != wanted:
            self.failed += 1
            print(f"FAILED {what}\n  wanted:\n{wanted}  got:\n{got}")


def pyarrow_sources(pa):
    import decimal
    text = {"string": pa.string(), "large": pa.large_string(), "view": pa.string_view(),
            "dictionary8": pa.dictionary(pa.int8(), pa.string()),
            "dictionary64": pa.dictionary(pa.int64(), pa.large_string())}
    for name, t in text.items():
        def make(values):
            if pa.types.is_dictionary(t):
                return pa.array(values, pa.string()).cast(t) if t.index_type == pa.int64() \
                    else pa.array(values).dictionary_encode().cast(t)
            return pa.array(values, t)
        yield name, pa.table({n: make(COLUMNS[n]) if n in NAMES[:4] else pa.array(COLUMNS[n])
                              for n in NAMES})
    base = pa.table(COLUMNS)
    for unit in ("ms", "us", "ns"):
        for zone in (None, "UTC", "Europe/London"):
            t = pa.timestamp(unit, zone)
            column = base["time"].cast(pa.timestamp("us")).cast(pa.timestamp(unit))
            if zone:
                column = pa.chunked_array(
                    [pa.array([v.replace(tzinfo=UTC) for v in COLUMNS["time"]], t)])
            yield f"time {t}", base.set_column(4, "time", column)
    yield "time as text", base.set_column(
        4, "time", pa.array([v.isoformat() for v in COLUMNS["time"]]))
    for t in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(),
              pa.uint64(), pa.float32(), pa.float64(), pa.string()):
        yield f"quantity {t}", base.set_column(5, "quantity", base["quantity"].cast(t))
    cents = [None if p is None else decimal.Decimal(str(p)) for p in COLUMNS["unit_price"]]
    for t in (pa.decimal128(10, 2), pa.decimal128(38, 5)):
        yield f"price {t}", base.set_column(6, "unit_price", pa.array(cents, t))
    yield "price float32", base.set_column(6, "unit_price", base["unit_price"].cast(pa.float32()))
    yield "price as text", base.set_column(
        6, "unit_price", pa.array([None if p is None else str(p) for p in COLUMNS["unit_price"]]))
    # Slices have offsets; a table of pieces has several batches.
    padded = pa.concat_tables([base.slice(0, 2), base, base.slice(3, 1)]).combine_chunks()
    yield "slice", padded.slice(2, len(ROWS))
    yield "chunks", pa.concat_tables([base.slice(0, 1), base.slice(1, 0), base.slice(1, 4)])


def run_pyarrow(reader, pa):
    for name, table in pyarrow_sources(pa):
        reader.check("pyarrow " + name, table)
    base = pa.table(COLUMNS)
    cents = pa.array([None if p is None else round(p * 100) for p in COLUMNS["unit_price"]])
    for t in (pa.int64(), pa.int32()):
        reader.check(f"pyarrow minor units {t}",
                     base.set_column(6, "unit_price", cents.cast(t)), minor_units=1)
    numbered = [(str(n * 7), str(n * 9), "-", k, t, q, 0.0)
                for n, (_, _, _, k, t, q, _) in enumerate(ROWS, 1)]
    for t in (pa.uint64(), pa.int64(), pa.uint16(), pa.int8()):
        table = pa.table({"user_id": pa.array([n * 7 for n in range(1, 6)], t),
                          "item_id": pa.array([n * 9 for n in range(1, 6)], t),
                          "kind": base["kind"], "time": base["time"], "quantity": base["quantity"]})
        reader.check(f"pyarrow ids {t}", table, expected(numbered))
    nothing = base.set_column(1, "item_id", pa.nulls(len(ROWS)))
    reader.check("pyarrow null column", nothing, expected(
        [(u, None, o, k, t, q, p) for u, _, o, k, t, q, p in ROWS]))
    reader.check("pyarrow no rows", base.slice(0, 0), "")
    reader.check("pyarrow bool", base.set_column(6, "unit_price", pa.array([True] * len(ROWS))),
                 "error malformed unit_price\n")
    reader.check("pyarrow missing column", base.drop_columns(["time"]), "error unknown time\n")


def run_duckdb(reader, duckdb):
    con = duckdb.connect()
    con.execute("SET TimeZone='UTC'")
    values = ", ".join(
        "(" + ", ".join("NULL" if v is None else repr(v) if isinstance(v, (int, float))
                        else f"'{v}'" for v in row) + ")" for row in ROWS)
    rows = f"(VALUES {values}) v({', '.join(NAMES)})"
    kinds = "CAST(kind AS ENUM('purchase', 'view_item', 'search')) AS kind"
    for views in ("false", "true"):
        for large in ("false", "true"):
            con.execute(f"SET produce_arrow_string_view={views}")
            con.execute(f"SET arrow_large_buffer_size={large}")
            for time in ("TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS",
                         "TIMESTAMPTZ", "VARCHAR"):
                for price in ("DOUBLE", "FLOAT", "DECIMAL(10,2)", "DECIMAL(38,4)"):
                    sql = (f"SELECT user_id, item_id, order_id, {kinds}, CAST(time AS {time}) AS time,"
                           f" CAST(quantity AS INTEGER) AS quantity,"
                           f" CAST(unit_price AS {price}) AS unit_price FROM {rows}")
                    reader.check(f"duckdb {time} {price} views={views} large={large}", con.sql(sql))


def run_polars(reader, pl):
    frame = pl.DataFrame(COLUMNS)
    reader.check("polars", frame)
    for unit in ("ms", "us", "ns"):
        reader.check(f"polars {unit}", frame.with_columns(pl.col("time").cast(pl.Datetime(unit))))
    reader.check("polars zone", frame.with_columns(pl.col("time").dt.replace_time_zone("UTC")))
    reader.check("polars categorical", frame.with_columns(
        pl.col("kind").cast(pl.Categorical), pl.col("user_id").cast(pl.Categorical)))
    reader.check("polars enum", frame.with_columns(
        pl.col("kind").cast(pl.Enum(["search", "purchase", "view_item"]))))
    reader.check("polars decimal", frame.with_columns(pl.col("unit_price").cast(pl.Decimal(10, 2))))
    reader.check("polars slice", pl.concat([frame.head(1), frame]).slice(1))


def run_pandas(reader, pandas):
    frame = pandas.DataFrame({n: pandas.Series(v, dtype="Int64") if n == "quantity" else v
                              for n, v in COLUMNS.items()})
    reader.check("pandas", frame)
    reader.check("pandas category", frame.astype({"kind": "category", "user_id": "category"}))
    reader.check("pandas ns", frame.assign(time=frame["time"].astype("datetime64[ns]")))


def run_nanoarrow(reader, na):
    us = [round((t - datetime.datetime(1970, 1, 1)).total_seconds() * 1e6) for t in COLUMNS["time"]]
    text = {n: na.c_array(COLUMNS[n], na.string()) for n in NAMES[:4]}
    columns = {**text, "time": na.c_array(us, na.int64()),
               "quantity": na.c_array(COLUMNS["quantity"], na.int32()),
               "unit_price": na.c_array(COLUMNS["unit_price"], na.float64())}
    schema = na.struct({n: na.timestamp("us") if n == "time" else c.schema
                        for n, c in columns.items()})
    batch = na.c_array_from_buffers(schema, len(ROWS), [None], children=columns.values())
    reader.check("nanoarrow", na.ArrayStream(batch))


def online_retail(reader, path, found):
    """Facts of the data's own page: customer known, quantity and price positive, not cancelled."""
    wanted = ("rows 397884 refused 0 users 4338 items 3665 orders 18532 pieces 5167812"
              " revenue 8911407904\n")
    if "duckdb" in found:
        con = found["duckdb"].connect()
        reader.check("duckdb Online Retail", con.sql(
            "SELECT CustomerID AS user_id, StockCode AS item_id, InvoiceNo AS order_id,"
            " InvoiceDate AS time, Quantity AS quantity, UnitPrice AS unit_price"
            f" FROM read_csv('{path}', types={{'CustomerID': 'VARCHAR', 'UnitPrice': 'DOUBLE'}})"
            " WHERE CustomerID IS NOT NULL AND Quantity > 0 AND UnitPrice > 0"
            " AND InvoiceNo NOT LIKE 'C%'"), wanted, exponent=3, lines=0)
    if "polars" in found:
        pl = found["polars"]
        frame = pl.read_csv(path, schema_overrides={"CustomerID": pl.String, "InvoiceNo": pl.String,
                                                    "StockCode": pl.String}, try_parse_dates=True)
        frame = frame.filter(pl.col("CustomerID").is_not_null() & (pl.col("Quantity") > 0)
                             & (pl.col("UnitPrice") > 0)
                             & ~pl.col("InvoiceNo").str.starts_with("C"))
        reader.check("polars Online Retail", frame.select(
            user_id="CustomerID", item_id="StockCode", order_id="InvoiceNo", time="InvoiceDate",
            quantity="Quantity", unit_price="UnitPrice"), wanted, exponent=3, lines=0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    p.add_argument("--data", default=os.environ.get("TAILOR_DATA_DIR"))
    p.add_argument("--require", action="store_true")
    args = p.parse_args()
    found, missing = {}, []
    for name in ("pyarrow", "duckdb", "polars", "pandas", "nanoarrow"):
        try:
            found[name] = importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        print("not installed:", *missing)
    if not found or (missing and args.require):
        print("needs the Python packages pyarrow, duckdb, polars, pandas and nanoarrow")
        return 1 if args.require else 77

    with tempfile.TemporaryDirectory() as directory:
        reader = Reader(args.cxx, directory)
        for name, module in found.items():
            before = reader.tried
            if name == "pandas" and "pyarrow" not in found:
                continue  # pandas exports through it
            globals()["run_" + name](reader, module)
            print(f"{name} {module.__version__}: {reader.tried - before} streams")
        path = os.path.join(args.data or "", "online_retail.csv")
        if args.data and os.path.exists(path):
            online_retail(reader, path, found)
        print(f"{reader.tried} streams read, {reader.failed} otherwise than they should be")
        return 1 if reader.failed or not reader.tried else 0


if __name__ == "__main__":
    sys.exit(main())
