# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C1: ranges of numbers."""

from contract.cases import bad, good

INT32 = 2**31 - 1
C = "C1"

GOOD = [
    *(good(C, {"timeout_seconds": value}) for value in (0, 1, INT32)),
    *(good(C, {"max_retries": value}) for value in (-1, 0, 1, INT32)),
    *(good(C, {"min_retry_interval_millis": value}) for value in (0, 1, INT32)),
    *(good(C, {"max_concurrent_runs": value}) for value in (0, 1, 1000)),
    *(good(C, {"retry_on_timeout": value}) for value in (True, False)),
]
BAD = [
    *(bad(C, "timeout_seconds", str(value), "0", timeout_seconds=value) for value in (-1, -INT32 - 1)),
    *(bad(C, "max_retries", str(value), "-1", max_retries=value) for value in (-2, -INT32 - 1)),
    bad(C, "min_retry_interval_millis", "-1", "0", min_retry_interval_millis=-1),
    *(bad(C, "max_concurrent_runs", str(value), "0", "1000", max_concurrent_runs=value) for value in (-1, 1001, INT32)),
    *(bad(C, name, str(INT32 + 1), code="MALFORMED_REQUEST", **{name: INT32 + 1})
      for name in ("timeout_seconds", "max_retries", "min_retry_interval_millis", "max_concurrent_runs")),
    bad(C, "retry_on_timeout", "perhaps", code="MALFORMED_REQUEST", retry_on_timeout="perhaps"),
]
