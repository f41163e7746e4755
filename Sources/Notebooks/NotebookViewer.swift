// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What shows a notebook in a browser: modules of JavaScript and styles, for the server's pages as files, and for an
/// exported page, which needs nothing but itself, as one script and one style.
public enum NotebookViewer {
    /// A file, as pages and other modules name it (`cells.js`).
    public struct File: Sendable {
        public let name: String
        public let bytes: [UInt8]
    }

    /// Each after those that it imports; what an exported page alone needs is not among them.
    public static let modules = [
        File(name: "elements.js", bytes: PackageResources.elements_js),
        File(name: "ansi.js", bytes: PackageResources.ansi_js),
        File(name: "terminal.js", bytes: PackageResources.terminal_js),
        File(name: "frame.js", bytes: PackageResources.frame_js),
        File(name: "markdownhtml.js", bytes: PackageResources.markdownhtml_js),
        File(name: "markdown.js", bytes: PackageResources.markdown_js),
        File(name: "scales.js", bytes: PackageResources.scales_js),
        File(name: "chart.js", bytes: PackageResources.chart_js),
        File(name: "table.js", bytes: PackageResources.table_js),
        File(name: "outputs.js", bytes: PackageResources.outputs_js),
        File(name: "cells.js", bytes: PackageResources.cells_js),
    ]

    /// `theme.css` has the colours of all pages.
    public static let styles = [
        File(name: "theme.css", bytes: PackageResources.theme_css),
        File(name: "notebook.css", bytes: PackageResources.notebook_css),
    ]

    static let style = (styles.map(\.bytes) + [PackageResources.page_css]).map(text).joined(separator: "\n")

    /// The modules in one block, so without the lines that tie them together.
    static let script =
        "(() => {\n\"use strict\";\n"
        + (modules.map(\.bytes) + [PackageResources.page_js]).map { block(text($0)) }.joined(separator: "\n")
        + "\n})();"

    private static func block(_ module: String) -> String {
        module.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("import ") }
            .map { $0.hasPrefix("export ") ? $0.dropFirst("export ".count) : $0 }.joined(separator: "\n")
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
