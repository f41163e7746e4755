# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Nothing that was acknowledged is lost, and nothing is there that nobody asked for."""

import collections


def check_requests(evidence, report):
    _check_jobs(evidence, report)
    _check_deletions(evidence, report)
    _check_acknowledged_runs(evidence, report)
    _check_submissions(evidence, report)
    _check_run_counts(evidence, report)
    _check_tags(evidence, report)
    _check_cancels(evidence, report)
    _check_refusals(evidence, report)


def _check_jobs(evidence, report):
    rows = {row["job_id"]: row for row in evidence.job_rows if not row["is_submission"]}
    names = collections.Counter(row["run_name"] for row in rows.values() if row["run_name"])
    for request in evidence.requests["create"]:
        name = request["job"]
        if names[name] > 1:
            report.fail("one job per jobs/create", f"{names[name]} jobs are called {name}")
        if "acked" not in request:
            continue
        report.count("acknowledged jobs", 1)
        row = rows.get(request["answer"]["job_id"])
        if row is None:
            report.fail("acknowledged jobs are there", f"{name}, {request['answer']} is gone")
        elif name not in evidence.deletions and row["deleted_time"] is not None:
            report.fail("acknowledged jobs are there", f"{name} was deleted, and nobody asked for it")
    for name in names:
        if name not in evidence.jobs:
            report.fail("one job per jobs/create", f"nobody created {name}")


def _check_deletions(evidence, report):
    deleted = {row["job_id"] for row in evidence.job_rows if row["deleted_time"] is not None}
    for name, request in evidence.deletions.items():
        if "acked" in request and evidence.job_ids.get(name) not in deleted:
            report.fail("acknowledged deletions hold", f"{name} is still there")
    for run, request in evidence.run_deletions.items():
        if "acked" in request and run in evidence.runs:
            report.fail("acknowledged deletions hold", f"{evidence.runs[run]} is still there")
    report.count("acknowledged deletions", sum(
        "acked" in request for request in [*evidence.deletions.values(), *evidence.run_deletions.values()]))


def _check_acknowledged_runs(evidence, report):
    given = collections.Counter()
    for request in evidence.requests["run_now"] + evidence.requests["submit"]:
        if "acked" not in request:
            report.count("runs asked for without an answer", 1)
            continue
        report.count("acknowledged runs", 1)
        run = request["answer"]["run_id"]
        given[run] += 1
        if run not in evidence.runs and run not in evidence.run_deletions \
                and request.get("job") not in evidence.deletions:
            report.fail("acknowledged runs are there", f"run {run} of {request} is gone")
    for run, count in given.items():
        if count > 1:
            report.fail("one run per request", f"run {run} was the answer to {count} requests")
    report.count("requests repeated after a lost answer", sum(
        request.get("unanswered", 0) for requests in evidence.requests.values() for request in requests))


def _check_submissions(evidence, report):
    firsts = collections.Counter(
        run.run_name for run in evidence.runs.values() if run.run_type == "SUBMIT_RUN" and run.attempt_number == 0)
    for name, count in firsts.items():
        if name not in evidence.submissions:
            report.fail("one run per request", f"nobody submitted {name}")
        if count > 1:
            report.fail("one run per request", f"{name} was launched as {count} runs")


def _check_run_counts(evidence, report):
    """The runs of run-now that a job has, against the requests: lost ones may have made one run, or none."""
    asked = collections.defaultdict(list)
    for request in evidence.requests["run_now"]:
        asked[request["job"]].append(request)
    for name, job in evidence.job_ids.items():
        if name in evidence.deletions:
            continue
        acknowledged = {request["answer"]["run_id"] for request in asked[name] if "acked" in request}
        lost = sum("acked" not in request and request.get("unanswered", 0) > 0 for request in asked[name])
        there = {run.run_id for run in evidence.runs_of_jobs[name] if run.trigger_type == "ONE_TIME"}
        deleted = acknowledged & set(evidence.run_deletions)
        extra = len(there - acknowledged)
        if extra > lost:
            report.fail("one run per request", f"{name} has {extra} runs more than were acknowledged; {lost} were lost")
        if not acknowledged <= there | deleted:
            report.fail("acknowledged runs are there", f"{name} lost {acknowledged - there - deleted}")
        report.count("jobs whose runs were counted", 1)


def _check_tags(evidence, report):
    """A program's own parameters say which request it is for."""
    answers = {
        request["tag"]: request["answer"]["run_id"] for request in evidence.requests["run_now"] if "acked" in request}
    for tag, told in evidence.tags.items():
        if tag == "-":
            continue
        firsts = {run for run, attempt in told if attempt == 0}
        if len(firsts) > 1:
            report.fail("one run per request", f"{tag} was launched as runs {firsts}")
        if tag in answers and firsts and firsts != {answers[tag]}:
            report.fail("one run per request", f"{tag} was answered by run {answers[tag]} and launched as {firsts}")
        report.count("programs that knew their request", 1)


def _check_cancels(evidence, report):
    """A run that was cancelled has that result, or had got another one, or had ended, before the answer."""
    for request in evidence.requests["cancel"]:
        run = evidence.runs.get(request["run"])
        if "acked" in request and run is not None:
            report.count("acknowledged cancels", 1)
            _check_stopped_by(run, request, report)
    for request in evidence.requests["cancel_all"]:
        if "acked" not in request:
            continue
        report.count("acknowledged cancels of all runs", 1)
        for asked in evidence.requests["run_now"]:
            if asked["job"] == request["job"] and asked.get("acked", request["sent"]) < request["sent"]:
                run = evidence.runs.get(asked["answer"]["run_id"])
                if run is not None:
                    _check_stopped_by(run, request, report)


def _check_stopped_by(run, request, report):
    for row in run.transitions:
        if row["to_state"] not in ("PENDING", "RUNNING"):
            if row["time"] > request["acked"] and row["result_state"] != "CANCELED":
                report.fail("a cancel holds", f"{run} went on after its cancel was acknowledged: {request}")
            return


def _check_refusals(evidence, report):
    """What was said not to exist had been deleted."""
    jobs_of_runs = {
        request["answer"]["run_id"]: request.get("job")
        for request in evidence.requests["run_now"] + evidence.requests["submit"] if "acked" in request}
    for kind in ("run_now", "repeat", "cancel", "cancel_all", "delete_run"):
        for request in evidence.requests[kind]:
            if "refused" not in request:
                continue
            report.count("refusals", 1)
            job = request.get("job") or jobs_of_runs.get(request.get("run"))
            if job not in evidence.deletions and request.get("run") not in evidence.run_deletions:
                report.fail("refused is only what was deleted", f"{request}")
            # The only deletion that there was is the one that was refused.
            if kind == "delete_run" and job not in evidence.deletions and request.get("unanswered", 0) == 0 and not any(
                    other is not request and other["run"] == request["run"] for other in evidence.requests[kind]):
                report.fail("refused is only what was deleted", f"{request}")
