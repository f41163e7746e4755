// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import QuartzCron

/// Contract C2.
extension CronSchedule {
    func validate(_ context: RuleContext) {
        let expression = validatedExpression(context)
        let zone = validatedZone(context)
        guard let expression, let zone else { return }
        if expression.nextFireTime(after: context.now.milliseconds, in: zone) == nil {
            context.invalid(
                "quartz_cron_expression", given: "\(quartzCronExpression), which never fires again",
                allowed: "an expression with a time that is still to come")
        }
    }

    private func validatedExpression(_ context: RuleContext) -> CronExpression? {
        // A required text that is empty was reported as missing when it was read; so below.
        if quartzCronExpression.isEmpty { return nil }
        do {
            return try CronExpression(quartzCronExpression)
        } catch {
            // The real service's message, then the position and Quartz's own reason.
            context.report.invalid(
                "Invalid quartz_cron_expression: \(quartzCronExpression.prefix(200)). Databricks uses Quartz cron syntax, "
                    + "which is different from the standard cron syntax. See "
                    + "http://www.quartz-scheduler.org/documentation/quartz-2.1.x/tutorials/crontrigger.html "
                    + "for more details. (\(context.path("quartz_cron_expression")): \(error.message))")
            return nil
        }
    }

    private func validatedZone(_ context: RuleContext) -> JavaTimeZone? {
        if timezoneID.isEmpty { return nil }
        do {
            return try JavaTimeZone(timezoneID)
        } catch {
            context.invalid(
                "timezone_id", given: "\"\(timezoneID)\"",
                allowed: "a Java time zone id, such as America/Los_Angeles, UTC or GMT+08:00")
            return nil
        }
    }
}
