# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Judges what a torture has left.

    python3 acceptance/torture/checker.py WORK      the directory that torture.py has kept

Nothing is changed. The exit status is 1 when a rule is broken."""

import pathlib
import sys

from check_machine import check_api, check_database, check_directories, check_processes
from check_policies import check_concurrency, check_retries, check_schedules
from check_requests import check_requests
from check_runs import check_runs
from evidence import Evidence, Report

CHECKS = [
    check_requests, check_runs, check_retries, check_concurrency, check_schedules, check_database, check_processes,
    check_directories, check_api]


def check(work):
    work = pathlib.Path(work)
    evidence = Evidence(work / "data", work / "journal.json", work / "tasks.log")
    report = Report()
    for fault in evidence.journal["faults"]:
        report.fail("requests are answered, and the server lives", fault)
    for one in CHECKS:
        one(evidence, report)
    return report


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    result = check(sys.argv[1])
    print(result.text())
    print("PASS" if result.passed else "FAIL")
    sys.exit(not result.passed)
