"""The same question to DuckDB or Polars: `engines.py duckdb|polars FILE`."""

import json
import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"


def duckdb(file: str) -> dict:
    import duckdb as engine

    connection = engine.connect()
    connection.execute("set threads = 2")
    clusters, clustered, conflicts = connection.execute(
        "select count(*), sum(n), count(*) filter (where labels > 1) from "
        "(select count(*) as n, count(distinct label) as labels from read_parquet(?) group by text having count(*) > 1)",
        [file],
    ).fetchone()
    labels = connection.execute("select label, count(*) from read_parquet(?) group by label", [file]).fetchall()
    return answer(clusters, clustered, conflicts, labels)


def polars(file: str) -> dict:
    import polars as engine

    rows = engine.scan_parquet(file)
    groups = (
        rows.group_by("text")
        .agg(engine.len().alias("n"), (engine.col("label").min() != engine.col("label").max()).alias("conflict"))
        .filter(engine.col("n") > 1)
        .select(engine.len().alias("clusters"), engine.col("n").sum(), engine.col("conflict").sum())
        .collect(engine="streaming")
        .row(0)
    )
    labels = rows.group_by("label").agg(engine.len()).collect(engine="streaming").rows()
    return answer(*groups, labels)


def answer(clusters: int, clustered: int, conflicts: int, labels: list) -> dict:
    return {
        "clusters": int(clusters),
        "clustered": int(clustered),
        "conflicts": int(conflicts),
        "labels": {str(label): count for label, count in sorted(labels)},
    }


if __name__ == "__main__":
    print(json.dumps({"duckdb": duckdb, "polars": polars}[sys.argv[1]](sys.argv[2])))
