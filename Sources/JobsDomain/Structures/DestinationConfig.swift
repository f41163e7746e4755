// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// How a notification destination is reached (Notification Destinations API, "Config"); exactly one member.
public struct DestinationConfig: Equatable, Sendable, JSONStructure {
    public var email: EmailConfig?
    public var slack: SlackConfig?
    public var microsoftTeams: MicrosoftTeamsConfig?
    public var pagerDuty: PagerDutyConfig?
    public var genericWebhook: GenericWebhookConfig?

    public enum Kind: String, CaseIterable, Sendable {
        case email = "EMAIL"
        case slack = "SLACK"
        case microsoftTeams = "MICROSOFT_TEAMS"
        case pagerDuty = "PAGERDUTY"
        case webhook = "WEBHOOK"
    }

    public init(reading reader: ObjectReader) {
        email = reader.structure("email")
        slack = reader.structure("slack")
        microsoftTeams = reader.structure("microsoft_teams")
        pagerDuty = reader.structure("pagerduty")
        genericWebhook = reader.structure("generic_webhook")
    }

    /// As it is stored, secrets included.
    public func write(to writer: inout JSONWriter) {
        writer.member("email", email)
        writer.member("slack", slack)
        writer.member("microsoft_teams", microsoftTeams)
        writer.member("pagerduty", pagerDuty)
        writer.member("generic_webhook", genericWebhook)
    }

    /// The kinds that are given; a well-formed configuration has exactly one.
    public var kinds: [Kind] {
        [
            email.map { _ in .email }, slack.map { _ in .slack }, microsoftTeams.map { _ in .microsoftTeams },
            pagerDuty.map { _ in .pagerDuty }, genericWebhook.map { _ in .webhook },
        ].compactMap(\.self)
    }

    /// The form for answers: of a secret, only whether it is set.
    public func writeWithoutSecrets(to writer: inout JSONWriter) {
        writer.member("email", email)
        writer.shown("slack", slack?.secrets)
        writer.shown("microsoft_teams", microsoftTeams?.secrets)
        writer.shown("pagerduty", pagerDuty?.secrets)
        writer.shown("generic_webhook", genericWebhook?.secrets)
    }
}

extension JSONWriter {
    fileprivate mutating func shown(_ name: String, _ secrets: [(String, String?)]?) {
        guard let secrets else { return }
        key(name)
        object { writer in
            for (secret, value) in secrets where value != nil { writer.member("\(secret)_set", true) }
        }
    }
}

/// Mail to fixed addresses.
public struct EmailConfig: Equatable, Sendable, JSONStructure {
    public var addresses: [String]

    public init(reading reader: ObjectReader) {
        if !reader.has("addresses") { reader.missing("addresses") }
        addresses = reader.strings("addresses") ?? []
    }

    public func write(to writer: inout JSONWriter) { writer.member("addresses", addresses) }
}

/// Slack: an incoming webhook, or a bot's token and a channel.
public struct SlackConfig: Equatable, Sendable, JSONStructure {
    public var url: String?
    public var oauthToken: String?
    public var channelID: String?

    public init(reading reader: ObjectReader) {
        url = reader.string("url")
        oauthToken = reader.string("oauth_token")
        channelID = reader.string("channel_id")
    }

    public func write(to writer: inout JSONWriter) { for (name, value) in secrets { writer.member(name, value) } }

    var secrets: [(String, String?)] { [("url", url), ("oauth_token", oauthToken), ("channel_id", channelID)] }
}

/// Microsoft Teams: an incoming webhook, or an application of one's own.
public struct MicrosoftTeamsConfig: Equatable, Sendable, JSONStructure {
    public var url: String?
    public var appID: String?
    public var authSecret: String?
    public var channelURL: String?
    public var tenantID: String?

    public init(reading reader: ObjectReader) {
        url = reader.string("url")
        appID = reader.string("app_id")
        authSecret = reader.string("auth_secret")
        channelURL = reader.string("channel_url")
        tenantID = reader.string("tenant_id")
    }

    public func write(to writer: inout JSONWriter) { for (name, value) in secrets { writer.member(name, value) } }

    var secrets: [(String, String?)] {
        [
            ("url", url), ("app_id", appID), ("auth_secret", authSecret), ("channel_url", channelURL),
            ("tenant_id", tenantID),
        ]
    }
}

/// PagerDuty's Events API.
public struct PagerDutyConfig: Equatable, Sendable, JSONStructure {
    public var integrationKey: String

    public init(reading reader: ObjectReader) { integrationKey = reader.requiredString("integration_key") }

    public func write(to writer: inout JSONWriter) { writer.member("integration_key", integrationKey) }

    var secrets: [(String, String?)] { [("integration_key", integrationKey)] }
}

/// An HTTP endpoint that takes a POST, with Basic authentication where a user name is given.
public struct GenericWebhookConfig: Equatable, Sendable, JSONStructure {
    public var url: String
    public var username: String?
    public var password: String?

    public init(reading reader: ObjectReader) {
        url = reader.requiredString("url")
        username = reader.string("username")
        password = reader.string("password")
    }

    public func write(to writer: inout JSONWriter) { for (name, value) in secrets { writer.member(name, value) } }

    var secrets: [(String, String?)] { [("url", url), ("username", username), ("password", password)] }
}
