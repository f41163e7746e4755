// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

extension CommandTable {
    /// The MIME type of tables as kernels show them: `{"schema": [{"name", "type"}], "rows": [[...]], "truncated"}`.
    public static let mimeType = "application/vnd.lamplighter.table+json"

    /// The table among the forms of an output; nil: there is none.
    public init?(in data: JSONObject) {
        guard case .object(let table)? = data[Self.mimeType], case .array(let schema)? = table["schema"],
            case .array(let rows)? = table["rows"]
        else { return nil }
        self.init(
            columns: schema.map(Column.init), rows: rows.map { if case .array(let row) = $0 { row } else { [] } },
            isTruncated: table["truncated"] == .bool(true))
    }
}

extension CommandTable.Column {
    fileprivate init(_ json: JSONValue) {
        guard case .object(let members) = json else {
            self.init(name: "", type: "")
            return
        }
        let text = { (key: String) in if case .string(let text)? = members[key] { text } else { "" } }
        self.init(name: text("name"), type: text("type"))
    }
}
