// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

extension JupyterNotebook {
    /// Pictures attached to Markdown cells (`![](attachment:x.png)`), one dictionary for each command of `notebook`:
    /// `data:` URLs by their names. Attachments of other types are left out.
    public var pictures: [[String: String]] { runnableCells.map(\.pictures) }
}

extension JupyterCell {
    private static let pictureTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"]

    fileprivate var pictures: [String: String] {
        guard kind == .markdown, case .object(let files)? = other["attachments"] else { return [:] }
        var pictures: [String: String] = [:]
        for name in files.keys {
            guard case .object(let forms)? = files[name],
                let type = Self.pictureTypes.first(where: { forms[$0] != nil }),
                let text = Self.text(forms[type])
            else { continue }
            let base64 = text.filter { !$0.isWhitespace }
            // It goes into texts where other characters would mean something.
            guard base64.wholeMatch(of: /[A-Za-z0-9+\/]+=*/) != nil else { continue }
            pictures[name] = "data:\(type);base64,\(base64)"
        }
        return pictures
    }
}
