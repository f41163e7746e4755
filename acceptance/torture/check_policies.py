# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Retries, max_concurrent_runs and schedules: as they were asked for, whatever happened to the server."""

import collections

# An admission bears the time at which its request was read. Until it is stored another run may have ended.
ADMISSION_MS = 3000


def check_retries(evidence, report):
    chains = collections.defaultdict(list)
    for run in evidence.runs.values():
        chains[run.original].append(run)
    for runs in chains.values():
        attempts = collections.Counter(run.attempt_number for run in runs)
        for number, count in attempts.items():
            if count > 1:
                report.fail("retries as asked for", f"attempt {number} of run {runs[0].original} exists {count} times")
        by_number = {run.attempt_number: run for run in runs}
        for run in runs:
            if evidence.job_names.get(run.job_id) not in evidence.deletions and run.has_ended:
                _check_retry(run, by_number.get(run.attempt_number + 1), evidence, report)


def _check_retry(run, next_run, evidence, report):
    policy = evidence.policy(run)
    if next_run is None:
        if _is_retried(run, policy):
            report.fail("retries as asked for", f"{run} was not tried again; {policy}")
        return
    report.count("retries", 1)
    earliest = run.start_time + policy["min_retry_interval_millis"]
    begins = [time // 1000 for _, time in evidence.begins.get(next_run.run_id, [])]
    if not _is_retried(run, policy) or next_run.trigger_type != "RETRY":
        report.fail("retries as asked for", f"{run} was tried again by {next_run}; {policy}")
    elif any(time < earliest for time in [*_starts(next_run), *begins]):
        report.fail("retries as asked for", f"{next_run} started before {earliest}: {next_run.start_time}, {begins}")
    elif next_run.transitions[0]["time"] != run.transitions[-1]["time"]:
        report.fail("a retry is made with the end of the attempt before", f"{run}, then {next_run}")


def _starts(run):
    """When the run started; none that was stopped while it waited: it bears the time of that (decision 0006)."""
    return [run.start_time] if any(row["to_state"] == "RUNNING" for row in run.transitions) else []


def _is_retried(run, policy):
    failed = (
        run.life_cycle_state == "TERMINATED" and run.result_state == "FAILED"
        or run.life_cycle_state == "INTERNAL_ERROR" and run.result_state in (None, "FAILED")
        or run.result_state == "TIMEDOUT" and policy["retry_on_timeout"])
    return failed and run.attempt_number < policy["max_retries"]


def check_concurrency(evidence, report):
    for name, runs in evidence.runs_of_jobs.items():
        limit = evidence.jobs[name]["policy"]["max_concurrent_runs"]
        processes, active = [], []
        for run in runs:
            # A task that was stopped says nothing at its end: it counts for an instant.
            for _, begin in evidence.begins.get(run.run_id, []):
                processes.append((begin, max([end for _, end, _ in evidence.ends.get(run.run_id, [])], default=begin)))
            if run.life_cycle_state != "SKIPPED":
                active.append((run.transitions[0]["time"], run.transitions[-1]["time"] - ADMISSION_MS))
        report.count("jobs whose concurrency was checked", 1)
        for what, spans in (("processes", processes), ("active runs", active)):
            most = _max_at_once(spans)
            if most > limit:
                report.fail("max_concurrent_runs holds", f"{name} had {most} {what} at once, allowed {limit}")


def _max_at_once(spans):
    events = sorted(
        [(begin, 1) for begin, end in spans if begin <= end] + [(end, -1) for begin, end in spans if begin <= end])
    now = most = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most


# --- schedules

def check_schedules(evidence, report):
    for name, job in evidence.job_ids.items():
        spans = list(_spans(name, evidence))
        fired = collections.defaultdict(list)
        for run in evidence.runs_of_jobs[name]:
            if run.fire_time is not None:
                fired[run.fire_time].append(run)
        for instant, runs in fired.items():
            _check_fired(name, instant, runs, spans, report)
        # What a deleted job still owed is nobody's business.
        if name in evidence.deletions:
            continue
        for expression, _, sure_from, sure_through, _ in spans:
            for instant in _instants(expression, sure_from, sure_through):
                _check_instant(name, instant, fired, evidence.misfires[job], report)


def _spans(name, evidence):
    """(expression, first possible, sure from, sure through, last possible) for each schedule that the job had."""
    changes = [
        request for request in evidence.journal["requests"]
        if request["kind"] in ("create", "change") and request["job"] == name]
    distinct = []
    for request in changes:
        if not distinct or distinct[-1]["schedule"] != request["schedule"]:
            distinct.append(request)
    forever = 1 << 62
    for index, request in enumerate(distinct):
        if request["schedule"] is None:
            continue
        following = distinct[index + 1] if index + 1 < len(distinct) else {}
        # Without an answer nothing is sure: not whether it was done, nor, if so, when.
        sure_from = request.get("acked", forever)
        sure_through = following.get("sent", 0)
        yield request["schedule"], request["sent"], sure_from, sure_through, following.get("acked", forever)


def _seconds(expression):
    """The seconds of a minute; the other fields are always \"every\"."""
    field = expression.split()[0]
    start, _, step = field.partition("/")
    return set(range(0 if start == "*" else int(start), 60, int(step or (1 if start == "*" else 60))))


def _instants(expression, after, before):
    seconds = _seconds(expression)
    for second in range(after // 1000 + 1, -(-before // 1000)):
        if second % 60 in seconds:
            yield second * 1000


def _check_fired(name, instant, runs, spans, report):
    if len(runs) > 1:
        report.fail("one run per instant", f"{name} at {instant}: {[str(run) for run in runs]}")
    if not any(
            first <= instant <= last and instant % 1000 == 0 and instant // 1000 % 60 in _seconds(expression)
            for expression, first, _, _, last in spans):
        report.fail("one run per instant", f"{name} has no schedule at {instant}: {runs[0]}")
    if any(run.start_time < instant or run.trigger_type != "PERIODIC" for run in runs):
        report.fail("one run per instant", f"{name} at {instant}: too early, {runs[0]}")


def _check_instant(name, instant, fired, misfires, report):
    missed = sum(first <= instant <= through for first, through in misfires)
    report.count("instants of schedules", 1)
    report.count("instants recorded as missed", missed)
    if missed + len(fired[instant]) != 1:
        what = f"{len(fired[instant])} runs, {missed} records of a miss"
        report.fail("every instant is dealt with once", f"{name} at {instant}: {what}")
