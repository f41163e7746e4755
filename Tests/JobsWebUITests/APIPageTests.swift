// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import Testing

@testable import JobsWebUI

@Suite("/docs/api")
struct APIPageTests {
    private let page = APIPage(OpenAPIDocument(version: "9.9"))

    @Test("shows every operation, and a link for every structure that it names")
    func complete() {
        let html = APIPage.View(model: page.model).html
        #expect(html.contains("Lamplighter 9.9"))
        for operation in APIOperation.all {
            #expect(html.contains("<code>\(operation.method.rawValue) \(operation.path)</code>"), "\(operation.path)")
        }
        let targets = html.matches(of: #/href="#([A-Za-z]+)"/#).map { String($0.output.1) }
        #expect(targets.count > 100)
        for target in Set(targets) { #expect(html.contains("<section id=\"\(target)\">"), "\(target)") }
    }

    @Test("limits and defaults are told")
    func limits() throws {
        let create = try #require(page.model.operations.first { $0.name == "createJob" })
        let runs = try #require(create.parameters.first { $0.name == "max_concurrent_runs" })
        #expect(runs.type == "INT32")
        #expect(runs.limits == ["0 to 1000", "default: 1"])
        let libraries = try #require(create.parameters.first { $0.name == "libraries" })
        #expect(libraries.type == "array of Library" && libraries.structure == "Library")
    }

    @Test("what comes from outside cannot become markup")
    func escaping() {
        var html = HTML()
        html.element("a", ["href": "\"><script>"], "<b>&")
        #expect(html.text == "<a href=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;</a>")
    }
}
