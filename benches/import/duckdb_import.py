"""Reads a file of pertemuan into DuckDB and adds it up by kelompok, once or more.

Run it as `python duckdb_import.py FILE RESULT`; for each line on standard input it reads the file
anew and answers with the seconds it took. The sums of the last time are written to RESULT."""

import sys
import time

import duckdb

file, result = sys.argv[1], sys.argv[2]
print(duckdb.__version__, flush=True)
for _ in sys.stdin:
    db = duckdb.connect()
    start = time.perf_counter()
    db.execute(f"create table pertemuan as select * from read_csv('{file}', header = true)")
    rows = db.execute(
        "select kelompok, count(*)::bigint, sum(hadir)::bigint, max(tanggal)::varchar "
        "from pertemuan group by kelompok order by kelompok"
    ).fetchall()
    took = time.perf_counter() - start
    db.close()
    with open(result, "w") as out:
        out.writelines("\t".join(str(value) for value in row) + "\n" for row in rows)
    print(took, flush=True)
