// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks

/// Text for HTML, escaped once.
struct HTML {
    private(set) var text = ""

    mutating func add(_ text: String) { self.text += Self.escaped(text) }

    mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String>, _ content: (inout HTML) -> Void
    ) {
        void(name, attributes)
        content(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: String, _ content: (inout HTML) -> Void) { element(name, [:], content) }

    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String) {
        element(name, attributes) { $0.add(text) }
    }

    mutating func element(_ name: String, _ text: String) { element(name, [:], text) }

    /// A start tag alone: an element that holds nothing and has no end tag.
    mutating func void(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<\(name)"
        for (attribute, value) in attributes { text += " \(attribute)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    static func escaped(_ text: String) -> String { HTMLText.escaped(text) }
}
