// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Contract C8.
extension Library {
    func validate(_ context: RuleContext) {
        context.exactlyOne(
            "libraries",
            of: [
                ("jar", jar != nil), ("egg", egg != nil), ("whl", whl != nil), ("pypi", pypi != nil),
                ("maven", maven != nil), ("cran", cran != nil),
            ])
        for (member, uri) in [("jar", jar), ("egg", egg), ("whl", whl)] {
            if let uri { FileURIRule.validate(uri, context, member: member) }
        }
        if let whl, !whl.isEmpty, !Self.isWheelName(whl) {
            context.invalid(
                "whl", given: whl,
                allowed: "a file name NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl, or one that ends in .wheelhouse.zip"
            )
        }
        if let maven, !maven.coordinates.isEmpty, !Self.areCoordinates(maven.coordinates) {
            context.invalid("maven.coordinates", given: "\"\(maven.coordinates)\"", allowed: "group:artifact:version")
        }
    }

    /// PEP 427: five or six parts between hyphens.
    static func isWheelName(_ uri: String) -> Bool {
        if uri.hasSuffix(".wheelhouse.zip") { return true }
        guard uri.hasSuffix(".whl") else { return false }
        let name = uri.split(separator: "/", omittingEmptySubsequences: false).last?.dropLast(4) ?? ""
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 5 || parts.count == 6, !parts.contains(where: \.isEmpty) else { return false }
        return parts.count == 5 || parts[2].first?.isNumber == true
    }

    static func areCoordinates(_ coordinates: String) -> Bool {
        let parts = coordinates.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in !part.isEmpty && !part.contains { $0.isWhitespace || $0 == "/" } }
    }
}
