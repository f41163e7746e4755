// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes

/// The methods of each path, which distinguish a wrong method (405) from an unknown path (404) (contract A6).
struct AllowedMethods: Sendable {
    private struct Path {
        let segments: [Substring]
        var methods: [String]
    }

    private let paths: [Path]

    init(_ endpoints: [Endpoint]) {
        let groups = Dictionary(grouping: endpoints, by: \.path)
        paths = groups.map { path, group in
            Path(segments: Self.segments(path[...]), methods: group.map(\.method.rawValue).sorted())
        }
    }

    /// nil for an unknown path.
    func methods(of path: String) -> [String]? {
        let segments = Self.segments(path[...])
        return paths.first { Self.matches(segments, $0.segments) }?.methods
    }

    private static func segments(_ path: Substring) -> [Substring] { path.split(separator: "/") }

    private static func matches(_ path: [Substring], _ template: [Substring]) -> Bool {
        for (index, segment) in template.enumerated() {
            if segment == "**" { return true }
            guard index < path.count, segment.first == "{" || segment == path[index] else { return false }
        }
        return path.count == template.count
    }
}
