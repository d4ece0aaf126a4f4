"""Writes the Parquet files of this folder. Made with Python 3.11 and pyarrow 26.0.1: python make_fixtures.py"""

import pyarrow as pa
import pyarrow.parquet as pq

# 400 rows in 4 row groups; row i (from 0) is null where i % 97 == 5, else one of 50 texts, each used many times.
texts = [None if i % 97 == 5 else f"text {i % 50} 雪\n" + "x" * (i % 50) for i in range(400)]
table = pa.table({
    "nested": pa.array([{"a": i, "b": [i]} for i in range(400)]),
    "text": pa.array(texts, pa.string()),
    "id": pa.array(range(400)),
})

def write(name, **options):
    pq.write_table(table, f"{name}.parquet", row_group_size=100, **options)

write("snappy-dictionary", compression="snappy")
write("zstd-plain", compression="zstd", use_dictionary=False)
write("gzip-v2", compression="gzip", data_page_version="2.0")
write("lz4-delta-v2", compression="lz4", data_page_version="2.0", use_dictionary=False,
      column_encoding={"text": "DELTA_BYTE_ARRAY"})
write("none-small-pages", compression="none", data_page_size=256)
write("brotli", compression="brotli")
