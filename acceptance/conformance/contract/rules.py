# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The numbered rules of the contract, as the report names them."""

RULES = {
    "A1": "JSON in and out; numbers and booleans also as text; unknown fields are no error",
    "A2": "GET parameters in the query or a JSON body; POST takes JSON whatever its type is called",
    "A3": "Errors have a code, a message that names the field, and a fitting status; none changes anything",
    "A4": "A request over 10 MB is refused while it streams in",
    "A5": "Bearer and Basic authentication; the token's owner is the creator",
    "A6": "A wrong method is 405 with Allow, an unknown path 404",
    "B1": "jobs/create: one cluster choice, one task, defaults are echoed",
    "B2": "jobs/list and jobs/get: all jobs with all members",
    "B3": "jobs/reset replaces all settings; only timeout_seconds reaches active runs",
    "B4": "jobs/update: removals first, either-or groups, validated whole",
    "B5": "jobs/delete: at once, idempotent, active runs end",
    "B6": "Limits: job creations per hour, concurrent runs",
    "B7": "Names in any script; run_name at most 4096 bytes",
    "C1": "Timeout, retries and concurrency: ranges",
    "C2": "Schedules: Quartz expressions, Java's time zones, pause_status",
    "C3": "E-mail addresses and webhooks",
    "C4": "Health rules",
    "C5": "Notebook paths, ASCII parameters, 10,000 bytes of them",
    "C6": "spark_submit_task: what it cannot be combined with",
    "C7": "new_cluster: sizes, nodes, tags, logs, init scripts, AWS attributes",
    "C8": "Libraries: exactly one kind, with its required members",
    "C9": "run_job_task and pipeline_task name what exists; no circles",
    "C10": "Context variables in parameters",
    "D1": "jobs/run-now: parameters of one kind that fit, run ids and numbers in the job",
    "D2": "jobs/runs/submit: a run without a job in the list",
    "D3": "idempotency_token: exactly one run",
    "D4": "jobs/runs/list: order, filters, pages, has_more",
    "D5": "jobs/runs/get: every member of a Run",
    "D6": "Cancelling ends the tree of processes",
    "D7": "jobs/runs/delete: only runs that have ended, with their output",
    "D8": "jobs/runs/get-output: output, errors, truncation",
    "D9": "jobs/runs/export: notebook runs as HTML",
    "D10": "Runs are removed some time after they ended",
    "D11": "A change of state is one transaction, and the log of changes is kept",
    "G2": "The workspace: import, export, list, get-status, mkdirs, delete, revisions",
    "G4": "Secrets: scopes, values, permissions; redacted in output, in no file",
}

KINDS = ("positive", "negative")
