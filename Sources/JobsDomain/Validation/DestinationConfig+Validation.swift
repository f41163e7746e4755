// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

extension DestinationConfig {
    /// Reports everything that is wrong with the configuration.
    public func validate(_ report: ReadingReport) {
        let kinds = kinds
        if kinds.count != 1 {
            report.invalid(
                "Exactly one of email, slack, microsoft_teams, pagerduty, generic_webhook must be specified in config; "
                    + "given: " + (kinds.isEmpty ? "none." : kinds.map(\.rawValue).joined(separator: ", ") + "."))
        }
        validateAddresses(report)
        validateURL("generic_webhook.url", genericWebhook?.url, report)
        validateURL("slack.url", slack?.url, report)
        validateURL("microsoft_teams.url", microsoftTeams?.url, report)
        if let slack, slack.url == nil, slack.oauthToken == nil || slack.channelID == nil {
            report.invalid("Missing required field: config.slack.url (or oauth_token and channel_id)")
        }
        if let teams = microsoftTeams, teams.url == nil,
            [teams.appID, teams.authSecret, teams.channelURL, teams.tenantID].contains(nil)
        {
            report.invalid(
                "Missing required field: config.microsoft_teams.url (or app_id, auth_secret, channel_url and tenant_id)"
            )
        }
    }

    private func validateAddresses(_ report: ReadingReport) {
        for (index, address) in (email?.addresses ?? []).enumerated() where !JobEmailNotifications.isAddress(address) {
            report.invalid(
                "Invalid value for config.email.addresses[\(index)]: \"\(address.prefix(200))\". "
                    + "Allowed: an e-mail address in ASCII characters.")
        }
    }

    private func validateURL(_ member: String, _ url: String?, _ report: ReadingReport) {
        guard let url, !url.isEmpty || member != "generic_webhook.url" else { return }
        let isURL =
            (url.hasPrefix("http://") || url.hasPrefix("https://"))
            && url.utf8.allSatisfy { (0x21...0x7E).contains($0) } && url.split(separator: "/").count >= 2
        if !isURL {
            report.invalid("Invalid value for config.\(member): not a URL. Allowed: http://... or https://...")
        }
    }
}
