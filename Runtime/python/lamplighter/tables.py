# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Tables as cells show them: the first rows, with the types of their columns, as JSON."""

import base64
import datetime
import decimal
import json
import math

MIME = "application/vnd.lamplighter.table+json"
MAX_ROWS = 1000
MAX_BYTES = 2 << 20


def table(schema, rows, more=False):
    """An output of the type `table`. `schema` is [{"name", "type"}], `rows` holds sequences of Python values; `more`
    says that there are rows that are not among them."""
    kept, size = [], 0
    for row in rows:
        values = [plain(value) for value in row]
        size += len(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if len(kept) == MAX_ROWS or (kept and size > MAX_BYTES):
            more = True
            break
        kept.append(values)
    data = {"schema": schema, "rows": kept, "truncated": more}
    return {"type": "table", "data": {MIME: data}}


def plain(value):
    """A value of Python or of Spark as a value of JSON."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(plain(key)): plain(v) for key, v in value.items()}
    if hasattr(value, "asDict"):
        return {key: plain(v) for key, v in value.asDict().items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return plain(value.item())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def as_text(table, most=20):
    """The first rows for a reader without a page, one line each."""
    schema, rows, more = table["schema"], table["rows"], table["truncated"]
    lines = [" | ".join(column["name"] for column in schema)]
    for row in rows[:most]:
        cells = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in row]
        lines.append(" | ".join(c if len(c) <= 80 else c[:77] + "..." for c in cells))
    if more or len(rows) > most:
        lines.append(f"({len(rows)}{'+' if more else ''} rows)")
    return "\n".join(lines)


def of_spark(frame):
    schema = [{"name": field.name, "type": field.dataType.simpleString()} for field in frame.schema.fields]
    rows = frame.limit(MAX_ROWS + 1).collect()
    return table(schema, rows)


def of_pandas(frame):
    """With its index, where that is more than the numbers of the rows."""
    import pandas

    if isinstance(frame, pandas.Series):
        frame = frame.to_frame(frame.name if frame.name is not None else "value")
    first = frame.head(MAX_ROWS)
    if not isinstance(frame.index, pandas.RangeIndex):
        first = first.reset_index(allow_duplicates=True)
    schema = [{"name": str(name), "type": str(kind)} for name, kind in zip(first.columns, first.dtypes)]
    missing = first.isna()
    rows = (
        [None if is_missing else value for value, is_missing in zip(row, flags)]
        for row, flags in zip(first.itertuples(index=False, name=None), missing.itertuples(index=False, name=None))
    )
    return table(schema, rows, more=len(frame) > MAX_ROWS)


def of_records(records):
    """Named tuples, rows of Spark, or dictionaries with the same keys; None where these are something else."""
    first = records[0]
    if isinstance(first, dict):
        names = list(dict.fromkeys(key for record in records if isinstance(record, dict) for key in record))
        if not all(isinstance(r, dict) for r in records) or not all(isinstance(n, str) for n in names):
            return None
        rows = [[record.get(name) for name in names] for record in records]
    else:
        names = getattr(first, "_fields", None) or getattr(first, "__fields__", None)
        if not names or not all(isinstance(r, tuple) and len(r) == len(names) for r in records):
            return None
        rows = records
    schema = []
    for index, name in enumerate(names):
        kinds = {type(row[index]).__name__ for row in rows if row[index] is not None}
        schema.append({"name": name, "type": kinds.pop() if len(kinds) == 1 else "object"})
    return table(schema, rows)
