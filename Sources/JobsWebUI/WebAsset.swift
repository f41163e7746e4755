// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks

/// A file of the pages. They hold no data: the page asks the API for it, with the token that its user gave.
public struct WebAsset: Sendable {
    public let path: String
    public let contentType: String
    public let bytes: [UInt8]
    public let contentSecurityPolicy: String

    init(path: String, contentType: String, bytes: [UInt8], contentSecurityPolicy: String = Self.ownFilesOnly) {
        self.path = path
        self.contentType = contentType
        self.bytes = bytes
        self.contentSecurityPolicy = contentSecurityPolicy
    }

    /// Only the server's own files and the API may be loaded: what a job prints cannot become a script. The one page in
    /// frames is `/ui/frame`.
    private static let ownFilesOnly =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// What HTML from a notebook may do: scripts and styles of its own, without an origin, so without the page's token,
    /// and without a network, so that readers cannot be tracked.
    private static let notebooksHTML =
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
        + "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'self'"

    public static let all =
        [
            WebAsset(path: "/", contentType: html, bytes: PackageResources.index_html),
            WebAsset(
                path: "/ui/frame", contentType: html, bytes: PackageResources.frame_html,
                contentSecurityPolicy: notebooksHTML),
            WebAsset(path: "/ui/icon.svg", contentType: "image/svg+xml", bytes: PackageResources.icon_svg),
            WebAsset(path: "/ui/style.css", contentType: css, bytes: PackageResources.style_css),
        ] + modules.map { WebAsset(path: "/ui/\($0).js", contentType: javaScript, bytes: $1) }
        + NotebookViewer.modules.map { WebAsset(path: "/ui/\($0.name)", contentType: javaScript, bytes: $0.bytes) }
        + NotebookViewer.styles.map { WebAsset(path: "/ui/\($0.name)", contentType: css, bytes: $0.bytes) }

    private static let html = "text/html; charset=utf-8"
    private static let css = "text/css; charset=utf-8"
    private static let javaScript = "text/javascript; charset=utf-8"

    /// `app` comes first and imports the others.
    private static let modules: [(String, [UInt8])] = [
        ("app", PackageResources.app_js), ("actions", PackageResources.actions_js), ("api", PackageResources.api_js),
        ("blocks", PackageResources.blocks_js), ("details", PackageResources.details_js),
        ("dom", PackageResources.dom_js), ("download", PackageResources.download_js), ("job", PackageResources.job_js),
        ("jobs", PackageResources.jobs_js),
        ("login", PackageResources.login_js), ("messages", PackageResources.messages_js),
        ("notebookrun", PackageResources.notebookrun_js), ("output", PackageResources.output_js),
        ("place", PackageResources.place_js), ("poll", PackageResources.poll_js), ("run", PackageResources.run_js),
        ("runs", PackageResources.runs_js), ("session", PackageResources.session_js),
        ("values", PackageResources.values_js),
    ]
}
