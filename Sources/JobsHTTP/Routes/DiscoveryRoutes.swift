// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird

/// Where databricks-sdk, and mlflow with it, looks before anything else for what a host has besides tokens: account,
/// cloud, OAuth. There is none of that here, and an empty answer says so; for anything but an answer it prints a warning
/// each time. Needs no token: it has not sent one yet.
struct DiscoveryRoutes: Sendable {
    var endpoints: [Endpoint] { [.open("/.well-known/databricks-config") { _, _ in APIResponse().response() }] }
}
