// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks
import Testing

@Suite("Source files")
struct NotebookSourceTests {
    private static let python = """
        # Databricks notebook source
        # MAGIC %md
        # MAGIC # A title
        # MAGIC
        # MAGIC   and text

        # COMMAND ----------

        # DBTITLE 1,Count
        for i in range(3):
            print(i)

        # COMMAND ----------

        # DBTITLE 0,hidden, with a comma
        # MAGIC %sql
        # MAGIC SELECT 1

        # COMMAND ----------



        # COMMAND ----------

        x = 1


        """

    @Test("cells, titles and magics are read, each as an editor shows it")
    func reading() {
        let notebook = NotebookSource(.python).read(Self.python)
        #expect(notebook.language == .python)
        #expect(
            notebook.commands == [
                NotebookCommand(id: "1", source: "%md\n# A title\n\n  and text"),
                NotebookCommand(id: "2", title: "Count", source: "for i in range(3):\n    print(i)"),
                NotebookCommand(
                    id: "3", title: "hidden, with a comma", showsTitle: false, source: "%sql\nSELECT 1"),
                NotebookCommand(id: "4", source: ""), NotebookCommand(id: "5", source: "x = 1\n"),
            ])
        #expect(NotebookSource(.python).write(notebook) == Self.python)
    }

    @Test(
        "each language has its own mark",
        arguments: [
            (NotebookLanguage.sql, "--", "SELECT 1"), (.scala, "//", "val x = 1"), (.r, "#", "x <- 1"),
        ])
    func languages(_ language: NotebookLanguage, _ mark: String, _ code: String) {
        let text = """
            \(mark) Databricks notebook source
            \(code)

            \(mark) COMMAND ----------

            \(mark) MAGIC %python
            \(mark) MAGIC x

            """
        let notebook = NotebookSource(language).read(text)
        #expect(notebook.commands.map(\.source) == [code, "%python\nx"])
        #expect(NotebookSource(language).write(notebook) == text)
    }

    @Test("a text without the first line is one cell, also where it looks like cells of another language")
    func plain() {
        for text in ["print(1)\n", "# MAGIC\n\n# COMMAND ----------\n", "-- Databricks notebook source\nSELECT 1"] {
            let notebook = NotebookSource(.python).read(text)
            #expect(notebook.commands.count == 1)
        }
        #expect(NotebookSource(.python).read("print(1)\n").commands[0].source == "print(1)")
        #expect(NotebookSource(.python).read("").commands[0].source == "")
    }

    @Test("line ends of other systems, a byte order mark, and marks without empty lines around them are understood")
    func leniency() {
        let windows = "\u{FEFF}# Databricks notebook source\r\na\r\nb\r\n# COMMAND ----------\r\nc"
        #expect(NotebookSource(.python).read(windows).commands.map(\.source) == ["a\nb", "c"])
        let old = "# Databricks notebook source\r# MAGIC %md \r# MAGIC \r# MAGIC x\r"
        #expect(NotebookSource(.python).read(old).commands.map(\.source) == ["%md \n\nx"])
        #expect(NotebookSource(.python).read("# Databricks notebook source").commands == [])
        #expect(NotebookSource(.python).read("# Databricks notebook source\n\n").commands.map(\.source) == [""])
    }

    @Test(
        "what was written is read as it was, and the file is the same byte for byte",
        arguments: NotebookLanguage.allCases)
    func roundTrips(_ language: NotebookLanguage) {
        let mark = [NotebookLanguage.sql: "--", .scala: "//"][language] ?? "#"
        let marks = ["COMMAND ----------", "DBTITLE ", "MAGIC"].map { "\(mark) \($0)" }
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = RandomNotebook(seed: seed)
            let notebook = random.notebook(language, marks: marks)
            let text = NotebookSource(language).write(notebook)
            let read = NotebookSource(language).read(text)
            #expect(read == notebook, "seed \(seed)")
            #expect(Array(NotebookSource(language).write(read).utf8) == Array(text.utf8), "seed \(seed)")
        }
    }
}
