// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import PrometheusMetrics

/// Every metric of `/metrics`, with the help text that it answers.
enum Metrics {
    static let descriptions = [
        MetricDescription("lamplighter_active_runs", "Runs that have not ended, by life cycle state."),
        MetricDescription(
            "lamplighter_runs_ended_total", "Runs that ended since the start, by state and result; skipped ones apart."),
        MetricDescription(
            "lamplighter_fire_lateness_seconds", "From the instant of a schedule until its run was stored."),
        MetricDescription(
            "lamplighter_fired_runs_skipped_total", "Runs of schedules that were SKIPPED for want of a slot."),
        MetricDescription(
            "lamplighter_slow_runs_total", "Runs that took longer than their job's health rule expects."),
        MetricDescription("lamplighter_misfires_total", "How often instants of a schedule were recorded as missed."),
        MetricDescription(
            "lamplighter_dispatch_latency_seconds",
            "From the instant at which a run may begin until its task was started, its cluster and libraries included."),
        MetricDescription(
            "lamplighter_store_commit_commands", "Commands in one durable commit of the store.",
            buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
        MetricDescription("lamplighter_store_commit_seconds", "How long a commit took, its commands included."),
        MetricDescription("lamplighter_store_commit_failures_total", "Commits that failed; nothing was changed."),
        MetricDescription("lamplighter_http_requests_total", "Requests, by method, route and status."),
        MetricDescription("lamplighter_http_request_seconds", "Until the answer began, by route."),
        MetricDescription("process_start_time_seconds", "When the server was started, in seconds since 1970."),
        MetricDescription("process_resident_memory_bytes", "Memory of the server in RAM."),
        MetricDescription("process_open_fds", "Open file descriptors of the server."),
    ]
}
