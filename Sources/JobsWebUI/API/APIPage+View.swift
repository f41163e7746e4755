// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension APIPage {
    /// The page as HTML; without scripts.
    struct View {
        let model: Model

        var html: String {
            var page = HTML()
            page.element("head") { head in
                head.void("meta", ["charset": "utf-8"])
                head.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                head.element("title", "Lamplighter API")
                head.void("link", ["rel": "icon", "href": "/ui/icon.svg"])
                for name in ["theme", "style"] {
                    head.void("link", ["rel": "stylesheet", "href": "/ui/\(name).css"])
                }
            }
            page.element("body", ["class": "docs"]) { body in
                body.element("main") { main in
                    header(&main)
                    contents(&main)
                    for group in model.groups { section(group, &main) }
                    structures(&main)
                }
            }
            return "<!doctype html><html lang=\"en\">\(page.text)</html>\n"
        }

        private func header(_ html: inout HTML) {
            html.element("h1", "Lamplighter API 2.0")
            html.element("p") { line in
                line.add("Lamplighter \(model.version). For programs: ")
                line.element("a", ["href": "/api/2.0/openapi.json"], "openapi.json")
                line.add(" (OpenAPI 3.1). ")
                line.element("a", ["href": "/"], "Jobs and runs")
            }
            html.element("p", model.introduction)
        }

        private func contents(_ html: inout HTML) {
            html.element("nav") { nav in
                for group in model.groups {
                    nav.element("h4", group)
                    nav.element("ul") { list in
                        for operation in model.operations where operation.group == group {
                            list.element("li") { item in
                                item.element("a", ["href": "#\(operation.name)"], operation.summary)
                                item.add(" ")
                                item.element("code", "\(operation.method) \(operation.path)")
                            }
                        }
                    }
                }
            }
        }

        private func section(_ group: String, _ html: inout HTML) {
            html.element("h2", group)
            for operation in model.operations where operation.group == group {
                html.element("section", ["id": operation.name]) { section in show(operation, &section) }
            }
        }

        private func show(_ operation: Model.Operation, _ html: inout HTML) {
            html.element("h3", operation.summary)
            html.element("p") { $0.element("code", "\(operation.method) \(operation.path)") }
            if !operation.text.isEmpty { html.element("p", operation.text) }
            if !operation.parameters.isEmpty { table(operation.parameters, &html) }
            html.element("p") { line in
                line.add("Answers ")
                if let answer = operation.answer {
                    link(answer, &line)
                } else {
                    line.element("code", "{}")
                }
                line.add("; errors: ")
                line.add(operation.statuses.map(\.0).joined(separator: ", "))
                line.add(", with ")
                link("Error", &line)
                line.add(".")
            }
        }

        private func structures(_ html: inout HTML) {
            html.element("h2", "Data structures")
            for structure in model.structures {
                html.element("section", ["id": structure.name]) { section in
                    section.element("h3", structure.name)
                    table(structure.fields, &section)
                }
            }
        }

        private func table(_ fields: [Model.Field], _ html: inout HTML) {
            html.element("table") { table in
                table.element("thead") { head in
                    head.element("tr") { row in for title in ["Field", "Type", ""] { row.element("th", title) } }
                }
                table.element("tbody") { body in for field in fields { row(field, &body) } }
            }
        }

        private func row(_ field: Model.Field, _ html: inout HTML) {
            html.element("tr") { row in
                row.element("td") { cell in
                    cell.element("code", field.name)
                    if field.isRequired { cell.element("small", " required") }
                }
                row.element("td") { cell in
                    if let structure = field.structure {
                        cell.add(String(field.type.dropLast(structure.count)))
                        link(structure, &cell)
                    } else {
                        cell.add(field.type)
                    }
                }
                row.element("td") { cell in
                    cell.add(field.text)
                    if !field.limits.isEmpty { cell.element("small", " " + field.limits.joined(separator: "; ")) }
                }
            }
        }

        private func link(_ structure: String, _ html: inout HTML) {
            html.element("a", ["href": "#\(structure)"], structure)
        }
    }
}
