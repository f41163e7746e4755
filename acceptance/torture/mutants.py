# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Proves that the checker finds what it is for: puts one fault after the other into copies of what a torture has left.

    python3 acceptance/torture/mutants.py WORK"""

import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile

from checker import check

# Of jobs that are there. The newest may be one of which nobody can tell, such as the last fire before a schedule was
# changed by a request without an answer: the next ones are tried then.
CANDIDATES = 5
LIVE = "job_id IN (SELECT job_id FROM jobs WHERE deleted_time IS NULL) ORDER BY run_id DESC LIMIT 1 OFFSET {skip})"
FIRST_SUCCESS = f"(SELECT run_id FROM runs WHERE result_state = 'SUCCESS' AND {LIVE}"
A_FIRE = f"(SELECT run_id FROM runs WHERE fire_time IS NOT NULL AND {LIVE}"
A_RETRY = f"(SELECT run_id FROM runs WHERE trigger_type = 'RETRY' AND end_time - start_time < 5000 AND {LIVE}"

# (rule that must be broken, statements)
IN_THE_DATABASE = [
    # Many: one that happens to be a retry, or whose answer was lost, nobody would miss.
    ("acknowledged runs are there", "DELETE FROM runs WHERE run_id IN (SELECT run_id FROM runs "
                                    "WHERE trigger_type = 'ONE_TIME' ORDER BY run_id DESC LIMIT 50)"),
    ("acknowledged jobs are there",
     "UPDATE jobs SET deleted_time = 1 WHERE deleted_time IS NULL AND is_submission = 0"),
    ("acknowledged deletions hold", "UPDATE jobs SET deleted_time = NULL WHERE is_submission = 0"),
    ("one run per request", "UPDATE runs SET run_name = (SELECT MIN(run_name) FROM runs WHERE run_type = 'SUBMIT_RUN') "
                            "WHERE run_type = 'SUBMIT_RUN'"),
    ("one run per request", "UPDATE runs SET trigger_type = 'ONE_TIME' WHERE trigger_type = 'PERIODIC'"),
    ("every run ends", f"UPDATE runs SET life_cycle_state = 'RUNNING', result_state = NULL, end_time = NULL "
                       f"WHERE run_id = {FIRST_SUCCESS}"),
    ("legal edges", f"UPDATE run_transitions SET from_state = 'PENDING' WHERE to_state = 'TERMINATED' "
                    f"AND run_id = {FIRST_SUCCESS}"),
    ("times grow", f"UPDATE run_transitions SET time = time - 100000 WHERE sequence = 3 AND run_id = {FIRST_SUCCESS}"),
    ("results never change", f"UPDATE run_transitions SET result_state = 'FAILED' WHERE sequence = 3 "
                             f"AND run_id = {FIRST_SUCCESS}"),
    ("results are true", f"UPDATE runs SET result_state = 'FAILED' WHERE run_id = {FIRST_SUCCESS}"),
    ("what can be known is known", f"UPDATE runs SET life_cycle_state = 'INTERNAL_ERROR', result_state = 'FAILED' "
                                   f"WHERE run_id = {FIRST_SUCCESS}"),
    ("no timeout before its time", "UPDATE runs SET start_time = start_time + 900 WHERE result_state = 'TIMEDOUT'"),
    ("retries as asked for", f"DELETE FROM runs WHERE run_id = {A_RETRY}"),
    ("retries as asked for", f"UPDATE runs SET attempt_number = attempt_number + 9 WHERE run_id = {A_RETRY}"),
    ("a retry is made with the end of the attempt before",
     f"UPDATE run_transitions SET time = time - 1 WHERE sequence = 1 AND run_id = {A_RETRY}"),
    ("every instant is dealt with once", f"DELETE FROM runs WHERE run_id = {A_FIRE}"),
    ("every instant is dealt with once", "INSERT INTO misfires (job_id, first_instant, through, recorded_time) "
                                         f"SELECT job_id, fire_time, fire_time, 1 FROM runs WHERE run_id = {A_FIRE}"),
    ("one run per instant", f"UPDATE runs SET fire_time = fire_time - 500 WHERE run_id = {A_FIRE}"),
    ("the database is sound", f"UPDATE runs SET definition_id = 99999999 WHERE run_id = {FIRST_SUCCESS}"),
    ("the API tells what is stored", f"UPDATE run_transitions SET time = time + 1 WHERE sequence = 4 "
                                     f"AND run_id = {FIRST_SUCCESS}"),
]


def _twice(lines):
    begin = next(line for line in lines if line.startswith("B "))
    return [*lines, begin]


def _at_once(lines):
    """All tasks end when the last one did."""
    last = max(int(line.split()[3]) for line in lines if line.startswith("E "))
    return [re.sub(r"^(E \d+ \d+) \d+", rf"\1 {last}", line) for line in lines]


IN_THE_LOG = [("no double launch", _twice), ("max_concurrent_runs holds", _at_once)]


def _cancelled_early(request):
    return {**request, "acked": 1} if request["kind"] == "cancel" else request


def _refused_without_reason(request):
    return {**request, "refused": {}} if request["kind"] in ("cancel", "cancel_all") else request


IN_THE_JOURNAL = [
    ("a cancel holds", _cancelled_early), ("refused is only what was deleted", _refused_without_reason)]


@contextlib.contextmanager
def _copy(work):
    with tempfile.TemporaryDirectory(prefix="lamplighter-mutants-") as directory:
        copy = pathlib.Path(directory)
        (copy / "data").mkdir()
        for name in ("journal.json", "tasks.log"):
            shutil.copy(work / name, copy / name)
        for file in (work / "data").glob("lamplighter.sqlite*"):
            shutil.copy(file, copy / "data")
        yield copy


def _plant(copy, statement):
    database = sqlite3.connect(copy / "data" / "lamplighter.sqlite", isolation_level=None)
    # What keeps the server from such faults.
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("PRAGMA ignore_check_constraints = ON")
    changed = database.execute(statement).rowcount
    database.close()
    return changed


def _found(work, rule, statement):
    with _copy(work) as copy:
        return _plant(copy, statement) > 0 and rule in check(copy).faults


def prove(work):
    """The faults that the checker did not find, as sentences."""
    work, missed = pathlib.Path(work), []

    def judge(copy, rule, what):
        if rule not in check(copy).faults:
            missed.append(f"{rule}: not found: {what}")

    for rule, statement in IN_THE_DATABASE:
        candidates = [statement.replace("{skip}", str(skip)) for skip in range(CANDIDATES)]
        if not any(_found(work, rule, candidate) for candidate in dict.fromkeys(candidates)):
            missed.append(f"{rule}: not found, or nothing to put it into: {candidates[0]}")
    for rule, change in IN_THE_LOG:
        with _copy(work) as copy:
            log = copy / "tasks.log"
            log.write_text("\n".join(change(log.read_text().splitlines())) + "\n")
            judge(copy, rule, change.__name__)
    for rule, change in IN_THE_JOURNAL:
        with _copy(work) as copy:
            journal = json.loads((copy / "journal.json").read_text())
            journal["requests"] = [change(request) for request in journal["requests"]]
            (copy / "journal.json").write_text(json.dumps(journal))
            judge(copy, rule, change.__name__)
    return missed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    not_found = prove(sys.argv[1])
    print("\n".join(not_found) or "all mutants were found")
    sys.exit(bool(not_found))
