// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Where notifications can be sent; jobs refer to it by its id ("Webhook").
public struct NotificationDestination: Equatable, Sendable {
    /// A UUID in lower case.
    public let id: String
    public var displayName: String
    public var config: DestinationConfig

    public init(id: String, displayName: String, config: DestinationConfig) {
        self.id = id
        self.displayName = displayName
        self.config = config
    }

    public var kind: DestinationConfig.Kind { config.kinds.first ?? .webhook }
}
