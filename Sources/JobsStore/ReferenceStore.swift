// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Checks whether what settings refer to exists. The stores of jobs and runs check the references of settings in the
/// transaction that stores them; this check is for answers that have to name the broken ones as well.
public protocol ReferenceStore: Sendable {
    /// What is wrong with the references, in their order, in one state of the store.
    /// - Parameter job: whose settings they are to be; nil for a job that does not exist yet.
    func faults(of references: [SettingsReference], ofJob job: JobID?) async throws -> [ReferenceFault]
}
