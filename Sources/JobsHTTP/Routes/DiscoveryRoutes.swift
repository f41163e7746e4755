// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird

/// Where databricks-sdk, and mlflow with it, looks before anything else for what a host has besides tokens: account,
/// cloud, OAuth. There is none of that here, and an empty answer says so; for anything but an answer it prints a warning
/// each time. Needs no token: it has not sent one yet.
struct DiscoveryRoutes: Sendable {
    static let path = "/.well-known/databricks-config"

    var endpoints: [Endpoint] { [.raw(.get, Self.path) { _, _ in APIResponse().response() }] }
}
