// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

/// What is allowed and may not be meant.
extension JobSettings {
    /// - Parameter runnable: the kinds of tasks that the server runs.
    func warnings(at now: Timestamp, runnable: Set<JobTask.Kind>) -> [String] {
        var warnings = tasks.flatMap(\.warnings)
        for kind in tasks.map(\.task.kind) where !runnable.contains(kind) {
            warnings.append("\(kind.rawValue): this version of Lamplighter stores such jobs but cannot run them")
        }
        if maxConcurrentRuns == 0 { warnings.append("max_concurrent_runs is 0: every run will be skipped") }
        if schedule?.pauseStatus == .paused { warnings.append("schedule is paused: it fires nothing") }
        if let schedule, Self.firesOften(schedule, after: now) {
            warnings.append("schedule fires twice within 10 seconds, which the Databricks service would not do")
        }
        let wantsDurationWarnings =
            [emailNotifications.onDurationWarningThresholdExceeded].contains { $0?.isEmpty == false }
            || webhookNotifications?.onDurationWarningThresholdExceeded?.isEmpty == false
        if wantsDurationWarnings, health?.rules?.isEmpty ?? true {
            warnings.append(
                "on_duration_warning_threshold_exceeded is never sent without a rule for RUN_DURATION_SECONDS in health"
            )
        }
        return warnings
    }

    private static func firesOften(_ schedule: CronSchedule, after now: Timestamp) -> Bool {
        guard let times = FireTimeSchedule(schedule), let first = times.nextFireTime(after: now),
            let second = times.nextFireTime(after: first)
        else { return false }
        return second - first < .seconds(10)
    }
}

extension [ReferenceFault] {
    /// For references to what may be created later. A missing notebook has no revisions either: only one warning is
    /// given.
    var warnings: [String] {
        var absent: Set<WorkspacePath> = []
        return compactMap { fault in
            guard case .missing(let reference) = fault, case .notebook(let path, let time) = reference.target,
                absent.insert(path).inserted
            else { return nil }
            return time == nil
                ? "\(reference.path): there is no notebook at \(path); until there is, runs will fail"
                : "\(reference.path): no revision of \(path) was in force then; runs will fail"
        }
    }
}

extension TaskSettings {
    fileprivate var warnings: [String] {
        var warnings: [String] = []
        if maxRetries == -1 { warnings.append("max_retries is -1: a task that always fails is tried for ever") }
        if retryOnTimeout == true, maxRetries ?? 0 == 0 {
            warnings.append("retry_on_timeout has no effect without max_retries")
        }
        switch cluster {
        case .existing(let id) where id != .default:
            warnings.append("existing_cluster_id: there is no cluster \(id) on this server; runs will fail")
        case .new(let cluster): warnings += cluster.warnings
        case .existing, nil: break
        }
        return warnings
    }
}

extension NewCluster {
    /// Members that are stored and returned but have no effect.
    fileprivate var warnings: [String] {
        let members = [
            ("aws_attributes", awsAttributes != nil), ("ssh_public_keys", sshPublicKeys?.isEmpty == false),
            ("cluster_log_conf", clusterLogConf != nil), ("init_scripts", initScripts?.isEmpty == false),
            ("driver_instance_pool_id", driverInstancePoolID != nil), ("instance_pool_id", instancePoolID != nil),
            ("policy_id", policyID != nil), ("enable_elastic_disk", enableElasticDisk == true),
        ]
        return members.filter(\.1).map { "new_cluster.\($0.0) has no effect on this server" }
    }
}
