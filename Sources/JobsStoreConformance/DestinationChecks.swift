// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    private static let ids = ["c", "a", "b"].map { "00000000-0000-4000-8000-00000000000\($0)" }

    static let destinationChecks: [StoreCheck] = [
        StoreCheck("F2: destinations are found as they were written, and listed in the order in which they were made") {
            store in
            let made = ids.enumerated().map {
                NotificationDestination.fixture($1, name: "é \($0)", url: "https://h/\($0)")
            }
            for destination in made { try await store.addDestination(destination, at: t0) }
            try checkEqual(try await store.destinations(), made, "list")
            for destination in made {
                try checkEqual(try await store.destination(destination.id), destination, "destination")
            }
            try checkEqual(try await store.destination("no"), nil, "unknown")
        },
        StoreCheck("F2: a destination is replaced, and removed; one that is not there is refused") { store in
            for id in ids { try await store.addDestination(.fixture(id), at: t0) }
            let changed = NotificationDestination.fixture(ids[1], name: "new", url: "https://new")
            try await store.replaceDestination(changed)
            try checkEqual(
                try await store.destinations(), [.fixture(ids[0]), changed, .fixture(ids[2])], "after a change")
            try await store.removeDestination(ids[1])
            try checkEqual(try await store.destination(ids[1]), nil, "removed")
            try checkEqual(try await store.destinations().map(\.id), [ids[0], ids[2]], "after a removal")
            let unknown = StoreError.destinationDoesNotExist(ids[1])
            try await checkThrows(unknown) { try await store.removeDestination(ids[1]) }
            try await checkThrows(unknown) { try await store.replaceDestination(changed) }
            try checkEqual(try await store.destination(ids[1]), nil, "after a refusal")
            try await store.addDestination(.fixture(ids[1]), at: t0)
            try checkEqual(try await store.destinations().map(\.id), [ids[0], ids[2], ids[1]], "made anew")
        },
        StoreCheck("F2: one that a job refers to cannot be removed, until the job refers to another or is gone") {
            store in
            for id in ids { try await store.addDestination(.fixture(id), at: t0) }
            let job = try await store.createJob(.fixture().notifying(ids[0]), by: "a", at: t0)
            try await checkThrows(.destinationIsInUse(ids[0], by: job)) { try await store.removeDestination(ids[0]) }
            try checkEqual(try await store.destination(ids[0]), .fixture(ids[0]), "after the refusal")
            // A run keeps the settings with which it was made; the job's are what counts.
            _ = try await store.admit(.fixture(of: job, at: t0))
            try await change(job, in: store) { $0 = $0.notifying(ids[1]) }
            try await store.removeDestination(ids[0])
            try await checkThrows(.destinationIsInUse(ids[1], by: job)) { try await store.removeDestination(ids[1]) }
            _ = try await store.deleteJob(job, at: at(1))
            try await store.removeDestination(ids[1])
            try checkEqual(try await store.destinations().map(\.id), [ids[2]], "what is left")
        },
        StoreCheck("F2: one that can be replaced while a job refers to it keeps its id") { store in
            try await store.addDestination(.fixture(ids[0]), at: t0)
            _ = try await store.createJob(.fixture().notifying(ids[0]), by: "a", at: t0)
            let changed = NotificationDestination.fixture(ids[0], name: "new")
            try await store.replaceDestination(changed)
            try checkEqual(try await store.destination(ids[0]), changed, "the destination")
        },
    ]
}
