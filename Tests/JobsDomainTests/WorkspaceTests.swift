// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Testing

@Suite("Workspace")
struct WorkspaceTests {
    @Test("of revisions the newest always stays, and so many and so much of the others as the policy says")
    func retention() {
        let policy = RevisionRetention(count: 3, bytes: 100)
        #expect(policy.keeps([]) == 0)
        #expect(policy.keeps([1000]) == 1)
        #expect(policy.keeps([1000, 1]) == 1)
        #expect(policy.keeps([1, 1, 1]) == 3)
        #expect(policy.keeps([1, 1, 1, 1]) == 3)
        #expect(policy.keeps([50, 50]) == 2)
        #expect(policy.keeps([50, 51]) == 1)
        #expect(RevisionRetention(count: 0, bytes: 0).keeps([5, 5]) == 1)
    }

    @Test("a path is the same however a slash ends it, and cannot lead out of its directory")
    func paths() throws {
        #expect(try WorkspacePath("/a/b/") == WorkspacePath("/a/b"))
        #expect(try WorkspacePath("/") == .root)
        #expect(try WorkspacePath("/a/b").parent.description == "/a")
        #expect(WorkspacePath.root.parent == .root)
        #expect(try WorkspacePath("/a/b").isWithin(WorkspacePath("/a")))
        #expect(try !WorkspacePath("/ab").isWithin(WorkspacePath("/a")))
        // A slash with a combining mark is a slash.
        #expect(try WorkspacePath("/a/\u{301}b").components.count == 2)
        for text in [
            "", "a", "//", "/a//b", "/..", "/a/./b", "/a\0", "/a\u{7F}", "/" + String(repeating: "x", count: 256),
        ] {
            #expect(throws: WorkspacePath.Fault.self, "\(text.debugDescription)") { try WorkspacePath(text) }
        }
    }
}
