// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore

/// Contract C3 and C9: what settings refer to exists, and jobs that run jobs do not go round in a circle.
extension JobSettings {
    /// - Parameter job: whose settings these are to be; nil for a job that does not exist yet, to which therefore
    ///   nobody refers.
    func referenceFaults(of job: JobID?, prefix: String, _ lookup: any ReferenceLookup) throws -> [ReadingReport.Fault]
    {
        let context = ReferenceContext(prefix: prefix, lookup: lookup)
        return try webhookFaults(context) + tasks.flatMap { try $0.referenceFaults(of: job, context) }
    }

    private func webhookFaults(_ context: ReferenceContext) throws -> [ReadingReport.Fault] {
        var faults: [ReadingReport.Fault] = []
        for (event, webhooks) in webhookNotifications?.lists ?? [] {
            for (index, webhook) in webhooks.enumerated() where !webhook.id.isEmpty {
                if try context.lookup.destinationExists(webhook.id) { continue }
                // The real service's words, and the place.
                faults.append(
                    .invalid(
                        "Webhook with id '\(webhook.id.prefix(200))' was not found. "
                            + "(\(context.prefix)webhook_notifications.\(event)[\(index)].id)"))
            }
        }
        return faults
    }
}

private struct ReferenceContext {
    let prefix: String
    let lookup: any ReferenceLookup
}

extension TaskSettings {
    fileprivate func referenceFaults(of job: JobID?, _ context: ReferenceContext) throws -> [ReadingReport.Fault] {
        switch task {
        case .pipeline(let task) where !task.pipelineID.isEmpty:
            if try context.lookup.pipelineExists(task.pipelineID) { return [] }
            return [
                .invalid(
                    "Pipeline '\(task.pipelineID.prefix(200))' does not exist. (\(context.prefix)pipeline_task.pipeline_id)"
                )
            ]
        case .runJob(let task):
            return try runJobFault(task.jobID, of: job, context).map { [.invalid($0)] } ?? []
        case .notebook, .sparkJar, .sparkPython, .sparkSubmit, .shellCommand, .pipeline: return []
        }
    }

    private func runJobFault(_ target: JobID, of job: JobID?, _ context: ReferenceContext) throws -> String? {
        let place = "(\(context.prefix)run_job_task.job_id)"
        // A job that names itself, or one that does not exist.
        var way = [target]
        while let next = way.last {
            if next == job {
                let circle = ([next] + way).map(\.description).joined(separator: " -> ")
                return "Jobs must not run each other in a circle: \(circle). \(place)"
            }
            guard let settings = try context.lookup.settings(of: next) else {
                // Further along the way a job may have been deleted since: that is its own run's business.
                return way.count == 1 ? "Job \(target) does not exist. \(place)" : nil
            }
            let targets = settings.tasks.compactMap { task -> JobID? in
                if case .runJob(let runJob) = task.task { runJob.jobID } else { nil }
            }
            // API 2.0 has one task, so the way does not fork.
            guard let target = targets.first, !way.contains(target) else { return nil }
            way.append(target)
        }
        return nil
    }
}
