# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What there is to judge by: the journal of what was acknowledged, the database, and what tasks said from outside."""

import collections
import json
import pathlib
import sqlite3

ENDED = ("TERMINATED", "SKIPPED", "INTERNAL_ERROR")


class Run:
    def __init__(self, row):
        for name in row.keys():
            setattr(self, name, row[name])
        self.original = self.original_attempt_run_id or self.run_id
        self.transitions = []

    @property
    def has_ended(self):
        return self.life_cycle_state in ENDED

    def __str__(self):
        return f"run {self.run_id} ({self.life_cycle_state} {self.result_state}, attempt {self.attempt_number})"


class Evidence:
    """`log` is the file of the tasks; `data` the directory of a server, which may be running."""

    def __init__(self, data, journal, log):
        self.data = pathlib.Path(data)
        self.journal = json.loads(pathlib.Path(journal).read_text())
        self.jobs = self.journal["jobs"]
        self._read_database()
        self._read_log(pathlib.Path(log))
        self._read_requests()

    # --- the database

    def _read_database(self):
        database = sqlite3.connect(f"file:{self.data}/lamplighter.sqlite?mode=ro", uri=True, timeout=30)
        database.row_factory = sqlite3.Row
        self.integrity = [row[0] for row in database.execute("PRAGMA integrity_check")]
        self.broken_references = [tuple(row) for row in database.execute("PRAGMA foreign_key_check")]
        self.job_rows = list(database.execute("SELECT job_id, is_submission, run_name, deleted_time FROM jobs"))
        self.runs = {row["run_id"]: Run(row) for row in database.execute(
            """SELECT run_id, job_id, attempt_number, original_attempt_run_id, run_type, trigger_type, run_name,
                   life_cycle_state, result_state, start_time, end_time, fire_time FROM runs""")}
        for row in database.execute(
                "SELECT run_id, sequence, time, from_state, to_state, result_state FROM run_transitions ORDER BY 1, 2"):
            # Those of a run that is gone are found as references to nothing.
            if row["run_id"] in self.runs:
                self.runs[row["run_id"]].transitions.append(row)
        self.misfires = collections.defaultdict(list)
        for row in database.execute("SELECT job_id, first_instant, through FROM misfires"):
            self.misfires[row["job_id"]].append((row["first_instant"], row["through"]))
        database.close()

    # --- what the tasks said

    def _read_log(self, log):
        """Times are microseconds. `begins`: run -> [(pid, time)]; `ends`: run -> [(pid, time, exit code)]; `tags`:
        tag -> [(run, attempt)]."""
        self.begins = collections.defaultdict(list)
        self.ends = collections.defaultdict(list)
        self.tags = collections.defaultdict(list)
        self.unreadable = []
        for line in log.read_text().splitlines():
            kind, *values = line.split()
            try:
                if kind == "B":
                    run, pid, time = map(int, values)
                    self.begins[run].append((pid, time))
                elif kind == "E":
                    run, pid, time, code = map(int, values)
                    self.ends[run].append((pid, time, code))
                else:
                    self.tags[values[1]].append((int(values[0]), int(values[2])))
            except (ValueError, IndexError):
                self.unreadable.append(line)

    # --- the requests

    def _read_requests(self):
        self.requests = collections.defaultdict(list)
        for request in self.journal["requests"]:
            self.requests[request["kind"]].append(request)
        # Which ids the jobs have: as it was answered or, for a lost request, as the database has it.
        self.job_ids = {
            request["job"]: request["answer"]["job_id"] for request in self.requests["create"] if "acked" in request}
        for row in self.job_rows:
            if not row["is_submission"] and row["run_name"]:
                self.job_ids.setdefault(row["run_name"], row["job_id"])
        self.job_names = {job: name for name, job in self.job_ids.items()}
        self.deletions = {request["job"]: request for request in self.requests["delete_job"]}
        self.run_deletions = {request["run"]: request for request in self.requests["delete_run"]}
        self.submissions = {request["name"]: request for request in self.requests["submit"]}
        self.runs_of_jobs = collections.defaultdict(list)
        for run in self.runs.values():
            if run.run_type != "SUBMIT_RUN":
                self.runs_of_jobs[self.job_names.get(run.job_id)].append(run)

    def policy(self, run):
        """What was asked for: retries and max_concurrent_runs."""
        if run.run_type == "SUBMIT_RUN":
            return self.submissions[run.run_name]["policy"]
        return self.jobs[self.job_names[run.job_id]]["policy"]

    def may_be_deleted(self, run):
        """Whether a request to delete the run, or its job, was sent."""
        return run.run_id in self.run_deletions or self.job_names.get(run.job_id) in self.deletions


class Report:
    """Faults by rule, and figures. `fail` for each thing that is wrong, `count` for what was looked at."""

    def __init__(self):
        self.faults = collections.defaultdict(list)
        self.figures = {}

    def fail(self, rule, text):
        self.faults[rule].append(text)

    def count(self, name, number):
        self.figures[name] = self.figures.get(name, 0) + number

    @property
    def passed(self):
        return not self.faults

    def text(self):
        lines = [f"  {number:>8}  {name}" for name, number in self.figures.items()]
        for rule, faults in self.faults.items():
            lines.append(f"FAULT {rule}: {len(faults)}")
            lines += [f"    {fault}" for fault in faults[:10]]
        return "\n".join(lines)
