// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A dashboard: commands of a notebook that its metadata places on a page of their results.
public struct NotebookDashboard: Equatable, Sendable {
    public struct Element: Equatable, Sendable {
        /// Of the command whose results are shown.
        public var commandID: String
        /// nil: below the others.
        public var position: Position?

        public init(commandID: String, position: Position? = nil) {
            self.commandID = commandID
            self.position = position
        }
    }

    /// In columns and rows of the dashboard's grid, from 0.
    public struct Position: Equatable, Sendable {
        public var x: Int64
        public var y: Int64
        public var width: Int64
        public var height: Int64

        public init(x: Int64, y: Int64, width: Int64, height: Int64) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    /// Unique in its notebook.
    public var id: String
    public var title: String
    /// In reading order: from above, then from the left.
    public var elements: [Element]

    public init(id: String, title: String, elements: [Element]) {
        self.id = id
        self.title = title
        self.elements = elements
    }
}

/// As the metadata of Jupyter files and the models of pages hold it, "DashboardViewV1".
extension NotebookDashboard {
    /// What a list of the metadata holds; other elements are left out.
    /// - Parameter commandIDs: of the notebook's commands, by what elements call them (`elementNUID`). Elements of
    ///   others are left out.
    static func list(_ value: JSONValue?, commandIDs: [String: String]) -> [NotebookDashboard] {
        guard case .array(let values)? = value else { return [] }
        var ids: Set<String> = []
        return values.enumerated().compactMap { index, value in
            guard case .object(let members) = value,
                var dashboard = NotebookDashboard(members, number: index + 1, commandIDs: commandIDs)
            else { return nil }
            while !ids.insert(dashboard.id).inserted { dashboard.id += "-" }
            return dashboard
        }
    }

    /// What `json` has made, for commands that keep their ids.
    public static func list(_ value: JSONValue?, commands: [NotebookCommand]) -> [NotebookDashboard] {
        list(value, commandIDs: Dictionary(commands.map { ($0.id, $0.id) }) { first, _ in first })
    }

    private init?(_ members: JSONObject, number: Int, commandIDs: [String: String]) {
        guard case .array(let values)? = members["elements"] else { return nil }
        id = Self.text(members["nuid"]) ?? Self.text(members["guid"]) ?? "dashboard-\(number)"
        title = Self.text(members["title"]) ?? "Dashboard \(number)"
        let elements = values.compactMap { value -> Element? in
            guard case .object(let members) = value, let command = Self.text(members["elementNUID"]),
                let id = commandIDs[command]
            else { return nil }
            return Element(commandID: id, position: Position(members["position"]))
        }
        let sorted = elements.enumerated().sorted { Self.order($0) < Self.order($1) }
        self.elements = sorted.map(\.element)
    }

    private static func order(_ element: (offset: Int, element: Element)) -> (Int64, Int64, Int) {
        (element.element.position?.y ?? .max, element.element.position?.x ?? .max, element.offset)
    }

    private static func text(_ value: JSONValue?) -> String? {
        if case .string(let text)? = value, !text.isEmpty { text } else { nil }
    }

    public var json: JSONValue {
        .object([
            "version": .string("DashboardViewV1"), "nuid": .string(id), "guid": .string(id), "title": .string(title),
            "elements": .array(elements.map(\.json)),
            "layoutOption": .object(["stack": .bool(true), "grid": .bool(true)]),
        ])
    }
}

extension NotebookDashboard.Element {
    fileprivate var json: JSONValue {
        .object([
            "elementNUID": .string(commandID), "elementType": .string("command"), "guid": .string(commandID),
            "position": position?.json ?? .null,
        ])
    }
}

extension NotebookDashboard.Position {
    /// nil: it says nothing of use.
    fileprivate init?(_ value: JSONValue?) {
        guard case .object(let members)? = value, let width = Self.number(members["width"], 1),
            let height = Self.number(members["height"], 1)
        else { return nil }
        self.init(
            x: Self.number(members["x"], 0) ?? 0, y: Self.number(members["y"], 0) ?? 0, width: width, height: height)
    }

    /// Nothing on a page is wider or higher than a thousand.
    private static func number(_ value: JSONValue?, _ least: Int64) -> Int64? {
        guard case .integer(let number)? = value else { return nil }
        return min(max(number, least), 1000)
    }

    fileprivate var json: JSONValue {
        .object(["x": .integer(x), "y": .integer(y), "width": .integer(width), "height": .integer(height)])
    }
}
