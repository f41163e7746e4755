// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Testing

@testable import JobsWebUI

@Suite("Files of the pages")
struct WebAssetTests {
    private let paths = Set(WebAsset.all.map(\.path))

    @Test("every file that another one names is there, and each under one path")
    func complete() {
        #expect(paths.count == WebAsset.all.count)
        for asset in WebAsset.all {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for match in text.matches(of: #/from "\./([a-z]+\.js)"/#) {
                #expect(paths.contains("/ui/\(match.output.1)"), "\(asset.path) imports \(match.output.1)")
            }
            for match in text.matches(of: #/(?:href|src)="(/ui/[a-z.]+)"/#) {
                #expect(paths.contains(String(match.output.1)), "\(asset.path) names \(match.output.1)")
            }
        }
    }

    @Test("the page of HTML from notebooks has neither an origin nor a network; no other page has scripts in its text")
    func policies() throws {
        for asset in WebAsset.all {
            let policy = asset.contentSecurityPolicy
            #expect(policy.contains("default-src 'none'"))
            if asset.path == "/ui/frame" {
                #expect(policy.hasPrefix("sandbox allow-scripts;"))
                #expect(!policy.contains("connect-src") && !policy.contains("http"))
            } else {
                #expect(!policy.contains("unsafe"), "\(asset.path)")
                #expect(policy.contains("frame-ancestors 'none'"))
            }
        }
    }
}
