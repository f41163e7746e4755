# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What a server costs that has many schedules, none of them due."""

import datetime
import time

from common import UNLIMITED, many, report, say, shell_job

SCHEDULES = 100_000
SECONDS = 60


def schedules():
    # Half a year from now, so that none is due.
    month = (datetime.date.today().month + 5) % 12 + 1
    for n in range(SCHEDULES):
        expression = f"{n % 60} {n // 60 % 60} {n // 3600 % 24} {n % 28 + 1} {month} ?"
        yield {"quartz_cron_expression": expression, "timezone_id": "UTC"}


def bench(start_server, directory):
    server = start_server(directory, *UNLIMITED)
    try:
        say(f"creating {SCHEDULES} schedules")
        many(server, "jobs/create", (shell_job("true", schedule=schedule) for schedule in schedules()))
        say(f"at rest for {SECONDS} s")
        time.sleep(5)
        begin, before = time.monotonic(), server.cpu_seconds()
        time.sleep(SECONDS)
        share = (server.cpu_seconds() - before) / (time.monotonic() - begin) * 100
        report(
            f"processor at rest with {SCHEDULES:,} schedules", f"{share:.2f}%", "< 1%", share < 1,
            f"of one core, over {SECONDS} s; {server.resident_bytes() / 2**20:.0f} MiB",
        )  # fmt: skip
    finally:
        server.stop()
