# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Each run's life: once begun, legal, true, and ended."""

from evidence import ENDED

EDGES = {
    (None, "PENDING"), (None, "SKIPPED"), ("PENDING", "RUNNING"), ("PENDING", "TERMINATING"), ("PENDING", "SKIPPED"),
    ("PENDING", "INTERNAL_ERROR"), ("RUNNING", "TERMINATING"), ("RUNNING", "INTERNAL_ERROR"),
    ("TERMINATING", "TERMINATED"), ("TERMINATING", "INTERNAL_ERROR")}


def check_runs(evidence, report):
    for run in evidence.runs.values():
        report.count("runs", 1)
        report.count(f"runs {run.life_cycle_state} {run.result_state or ''}".rstrip(), 1)
        if not run.has_ended:
            report.fail("every run ends", str(run))
        _check_transitions(run, report)
        _check_truth(run, evidence, report)
        _check_timeout(run, evidence, report)
    _check_begins(evidence, report)
    _check_observations(evidence, report)


def _check_transitions(run, report):
    state, time, result = None, 0, None
    for number, row in enumerate(run.transitions, 1):
        if row["sequence"] != number or row["from_state"] != state or (state, row["to_state"]) not in EDGES:
            report.fail("legal edges", f"{run}: {state} -> {tuple(row)}")
        if row["time"] < time:
            report.fail("times grow", f"{run}: {tuple(row)} after {time}")
        if result is not None and row["result_state"] != result:
            report.fail("results never change", f"{run}: {result}, then {tuple(row)}")
        state, time, result = row["to_state"], row["time"], row["result_state"]
    if (state, result) != (run.life_cycle_state, run.result_state):
        report.fail("legal edges", f"{run}: its transitions end with {state} {result}")
    report.count("transitions", len(run.transitions))


def _check_truth(run, evidence, report):
    """The result is what the task's own lines say, unless it was stopped."""
    begins, ends = evidence.begins.get(run.run_id, []), evidence.ends.get(run.run_id, [])
    codes = [code for _, _, code in ends]
    if run.life_cycle_state == "INTERNAL_ERROR":
        # Only the server was killed, never a supervisor: everything can be known.
        known = f"begins {begins}, ends {ends}"
        report.fail("what can be known is known", f"{run}: {run.transitions and tuple(run.transitions[-1])}, {known}")
    elif run.result_state == "SUCCESS" and codes != [0] or run.result_state == "FAILED" and codes != [3]:
        report.fail("results are true", f"{run}: the task ended with {codes}, began {begins}")
    elif run.life_cycle_state == "SKIPPED" and begins:
        report.fail("results are true", f"{run} began: {begins}")


def _check_timeout(run, evidence, report):
    if run.result_state != "TIMEDOUT" or run.run_type == "SUBMIT_RUN":
        return
    name = evidence.job_names[run.job_id]
    timeouts = [
        request["timeout"] for kind in ("create", "change") for request in evidence.requests[kind]
        if request["job"] == name and request["timeout"] > 0]
    stopped = next(row["time"] for row in run.transitions if row["to_state"] == "TERMINATING")
    if not timeouts or stopped - run.start_time < min(timeouts) * 1000:
        report.fail("no timeout before its time", f"{run}: after {stopped - run.start_time} ms, {timeouts} s")
    report.count("timeouts", 1)


def _check_begins(evidence, report):
    """Seen from outside: no run is launched twice."""
    for run, begins in evidence.begins.items():
        report.count("tasks that began", 1)
        if len(begins) > 1:
            report.fail("no double launch", f"run {run} began {len(begins)} times: {begins}")
        if run not in evidence.runs and run not in evidence.run_deletions and not _maybe_of_deleted_job(run, evidence):
            report.fail("acknowledged runs are there", f"run {run} began, and is gone")
    for line in evidence.unreadable:
        report.fail("the log of the tasks can be read", line)


def _maybe_of_deleted_job(run, evidence):
    """A run of the scheduler or a retry: only its job could tell, which is gone."""
    return bool(evidence.deletions)


def _check_observations(evidence, report):
    for key, seen in evidence.journal["observations"].items():
        run = evidence.runs.get(int(key))
        report.count("states seen", len(seen))
        results = {result for _, result in seen if result}
        if len(results) > 1 or run is not None and results - {run.result_state}:
            report.fail("results never change", f"run {key}: seen {seen}, in the end {run}")
        ended = {state for state, _ in seen} & set(ENDED)
        if run is not None and ended - {run.life_cycle_state}:
            report.fail("legal edges", f"{run}: it had been seen as {seen}")
