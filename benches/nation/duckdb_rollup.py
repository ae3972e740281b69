"""The roll-up of a nation in DuckDB, from what the bench `nation` left: one row a kelompok with a
column a sesi. Asserts that it says the same. Run it as `python duckdb_rollup.py DIR`; with `turns`
behind it, it counts once for every line that it is sent, and says how many milliseconds that took."""

import json
import statistics
import sys
import time

import duckdb

ROUNDS = 15
folder = sys.argv[1]
expected = json.load(open(f"{folder}/rollup.json"))
db = duckdb.connect()
with open(f"{folder}/cells.csv") as file:
    sesi = [f"s{n}" for n in range(file.readline().count(","))]
columns = ", ".join(f"'{name}': 'UTINYINT'" for name in sesi)
db.execute(
    f"create table cells as select * from read_csv('{folder}/cells.csv', header = false, "
    f"columns = {{'code': 'VARCHAR', {columns}}})"
)
# The code as a number, as one would lay it out for speed.
db.execute(
    "create table nation as select cast(replace(code, '.', '') as usmallint) as code, "
    f"{', '.join(sesi)} from cells"
)


def total(condition):
    return "sum(" + " + ".join(f"({name} {condition})::utinyint" for name in sesi) + ")::bigint"


query = (
    f"select code, count(*)::bigint as kelompok, {total('>= 2')} as covered, "
    f"{total('= 1')} as partial, {total('= 2')} as refresh, count(*)::bigint * {len(sesi)} as target "
    "from nation group by code order by code"
)
names = ["code", "kelompok", "covered", "partial", "refresh", "target"]


def count():
    """The rows, and the milliseconds; making JSON of them is left out."""
    start = time.perf_counter()
    rows = db.execute(query).fetchall()
    return rows, (time.perf_counter() - start) * 1000


rows, _ = count()
for one in expected:
    one["code"] = int(one["code"].replace(".", ""))
found = [dict(zip(names, row)) for row in rows]
assert [row for row in expected if row["kelompok"]] == found, "the results differ"
about = (
    f"DuckDB {duckdb.__version__}: {len(found)} rows of {sum(row['kelompok'] for row in found)} "
    f"kelompok x {len(sesi)}, the same results"
)
if sys.argv[2:] == ["turns"]:
    print(about, flush=True)
    for _ in sys.stdin:
        again, took = count()
        assert again == rows
        print(took, flush=True)
else:
    times = sorted(count()[1] for _ in range(ROUNDS))
    print(f"{about}, {statistics.median(times):.2f} ms ({times[0]:.2f} to {times[-1]:.2f})")
