# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The parts of the notebook kernel that need no process: sources, statements, paths, secrets, tables."""

import datetime
import decimal
import os
import random
import threading
import unittest

import notebooks
from lamplighter import display, paths, redaction, tables
from lamplighter.cells import parse, statements


class ParseTests(unittest.TestCase):
    def test_a_magic_gives_the_language_and_keeps_the_numbers_of_lines(self):
        for source, language, body in (
            ("x = 1", "python", "x = 1"),
            ("%sql\nselect 1", "sql", "\nselect 1"),
            ("\n %sql select 1\nfrom t", "sql", "\nselect 1\nfrom t"),
            ("%md # Title", "md", "# Title"),
            ("%md-sandbox\n<b>x</b>", "md", "\n<b>x</b>"),
            ("%sh\nls", "sh", "\nls"),
            ("%scala\nval x = 1", "scala", "\nval x = 1"),
            ("%python", "python", ""),
            ("%pip install x", "python", "%pip install x"),
            ("%timeit 1", "python", "%timeit 1"),
            ("x\n%sql", "python", "x\n%sql"),
            ("100 %sql", "python", "100 %sql"),
        ):
            with self.subTest(source):
                self.assertEqual(parse.parse(source, "python"), parse.Cell(language, body))

    def test_a_notebook_in_sql_has_python_magics_and_its_own_language(self):
        self.assertEqual(parse.parse("select 1", "sql"), parse.Cell("sql", "select 1"))
        self.assertEqual(parse.parse("%pip install x", "sql").language, "python")
        self.assertEqual(parse.parse("%python\nx", "sql"), parse.Cell("python", "\nx"))

    def test_run_takes_a_path_and_parameters(self):
        for text, path, arguments in (
            ("./a", "./a", {}),
            ('/Shared/with blank $x="1 2" $y=3', "/Shared/with blank", {"x": "1 2", "y": "3"}),
            ('"./q $x" $a="b\\"c"', "./q $x", {"a": 'b"c'}),
            ("./a $x='it'", "./a", {"x": "it"}),
            ('./a $x=""', "./a", {"x": ""}),
        ):
            with self.subTest(text):
                cell = parse.parse(f"# remark\n%run {text}\n\n", "python")
                self.assertEqual(cell.language, "run")
                self.assertEqual(parse.parse_run(cell.body), (path, arguments))

    def test_run_refuses_what_it_does_not_understand(self):
        with self.assertRaisesRegex(ValueError, "by itself"):
            parse.parse("%run ./a\nprint(1)", "python")
        with self.assertRaisesRegex(ValueError, "path"):
            parse.parse_run("  ")
        with self.assertRaisesRegex(ValueError, "does not understand 'nonsense"):
            parse.parse_run('./a $x="1" nonsense')

    def test_paths_are_relative_to_the_notebooks_folder(self):
        for path, expected in (
            ("./b", "/Team/a/b"),
            ("b", "/Team/a/b"),
            ("../c/d", "/Team/c/d"),
            ("/Shared/x", "/Shared/x"),
            ("//Shared//x", "/Shared/x"),
            ("../../../../x", "/x"),
            (" ./b ", "/Team/a/b"),
        ):
            self.assertEqual(paths.resolve(path, "/Team/a/main"), expected, path)


class StatementTests(unittest.TestCase):
    def split(self, text):
        return [(statement.text, statement.line) for statement in statements.split(text)]

    def test_statements_end_at_semicolons_that_are_none_of_a_text_or_remark(self):
        self.assertEqual(
            self.split("-- a; b\nselect ';', \"x;y\", `a;b`; /* ; */\n\n select 'it''s;' ;;\n"),
            [("select ';', \"x;y\", `a;b`", 2), ("select 'it''s;'", 4)],
        )
        self.assertEqual(self.split("\n-- nothing\n;"), [])

    def test_a_script_is_one_statement(self):
        script = (
            "BEGIN\n DECLARE x INT = 1;\n IF x > 0 THEN SELECT CASE WHEN x = 1 THEN 2 END; END IF;\n"
            " WHILE x < 3 DO SET x = x + 1; END WHILE;\n DROP TABLE IF EXISTS t; SELECT IF(x > 1, 1, 2);\nEND"
        )
        self.assertEqual(self.split(script + ";\nselect 2"), [(script, 1), ("select 2", 7)])
        self.assertEqual(self.split("select case when 1 then 2 end; select 3"),
                         [("select case when 1 then 2 end", 1), ("select 3", 1)])  # fmt: skip

    def test_old_parameters_are_replaced_where_there_is_a_value(self):
        values = {"t": "people", "n": "o'clock"}
        self.assertEqual(
            statements.substitute("select '$x', ${t}.a, getArgument('n') from $t", values.get),
            "select '$x', people.a, 'o\\'clock' from people",
        )


class RedactionTests(unittest.TestCase):
    def test_every_way_to_quote_a_secret_is_redacted(self):
        redactor = redaction.Redactor(['pa"ss\n<ö'])
        import html
        import json

        import urllib.parse

        forms = (str, repr, json.dumps, html.escape, lambda s: repr(s.encode()), urllib.parse.quote)
        for form in (*forms, urllib.parse.quote_plus, lambda s: urllib.parse.urlencode({"q": s})):
            shown = redactor.text("value: " + form('pa"ss\n<ö'))
            self.assertIn("[REDACTED]", shown)
            self.assertNotIn("ss", shown)

    def test_threads_that_add_secrets_at_once_lose_none_and_return_only_when_each_form_is_told(self):
        told, early = set(), []

        def tell(form):
            os.sched_yield()
            told.add(form)

        redactor = redaction.Redactor(tell=tell)

        def add(number):
            # Two threads have the same secret.
            secret = f"secret{number // 2}."
            redactor.add(secret)
            early.extend([secret] if secret.encode() not in told or redactor.text(secret) != "[REDACTED]" else [])

        threads = [threading.Thread(target=add, args=(number,)) for number in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(early, [])
        self.assertEqual(redactor.text("".join(f"secret{n}." for n in range(100))), "[REDACTED]" * 100)

    def test_a_secret_that_could_not_be_told_is_told_when_it_is_added_again(self):
        answers = iter([TimeoutError("no answer"), None])

        def tell(form):
            if error := next(answers):
                raise error

        redactor = redaction.Redactor(tell=tell)
        self.assertRaises(TimeoutError, redactor.add, "secret")
        redactor.add("secret")
        self.assertIsNone(next(answers, None))
        self.assertEqual(redactor.text("a secret"), "a [REDACTED]")

    def test_structures_are_redacted_at_every_depth(self):
        redactor = redaction.Redactor(["abc", "abcdef"])
        self.assertEqual(
            redactor.everything({"kabc": ["abcdef", {"x": ("zabc", 1)}]}),
            {"k[REDACTED]": ["[REDACTED]", {"x": ["z[REDACTED]", 1]}]},
        )

    def test_what_an_output_is_made_of_stays(self):
        redactor = redaction.Redactor(["type", "e", "data", "rows", "text/plain"])
        table = {"schema": [{"name": "type", "type": "date"}], "rows": [["e", {"type": 1}]], "truncated": False}
        shown = redactor.output({"type": "table", "data": {notebooks.TABLE: table, "text/plain": "e"}})
        self.assertEqual(shown["type"], "table")
        table = shown["data"][notebooks.TABLE]
        self.assertEqual(table["schema"], [{"name": "[REDACTED]", "type": "date"}])
        self.assertEqual(table["rows"], [["[REDACTED]", {"[REDACTED]": 1}]])
        self.assertEqual(shown["data"]["text/plain"], "[REDACTED]")
        image = {"type": "image", "data": {"image/png": "eeee", "image/svg+xml": "<e/>"}, "metadata": {"e": "e"}}
        shown = redactor.output(image)
        self.assertEqual(shown["data"], {"image/png": "eeee", "image/svg+xml": "<[REDACTED]/>"})
        self.assertEqual(shown["metadata"], {"e": "[REDACTED]"})
        error = redactor.output({"type": "error", "name": "typeError", "message": "data", "trace": "", "line": None})
        self.assertEqual((error["name"], error["message"]), ("[REDACTED]Error", "[REDACTED]"))

    def test_the_beginning_of_a_long_secret_is_redacted_as_far_as_it_goes(self):
        secret = "".join(chr(ord("a") + (n * 7 + n // 26) % 26) for n in range(200))
        redactor = redaction.Redactor([secret, "white space alone", " \n"])
        for cut in (24, 25, 47, 80, 199, 200):
            self.assertEqual(redactor.text(f"<{secret[:cut]}...>\n"), "<[REDACTED]...>\n", cut)
        self.assertEqual(redactor.text(secret[:23]), secret[:23])

    def test_in_whatever_pieces_it_comes_the_same_is_shown(self):
        numbers = random.Random(7)
        for _ in range(3000):
            secrets = ["".join(numbers.choices("abc", k=numbers.randint(1, 6))) for _ in range(numbers.randint(1, 4))]
            if numbers.random() < 0.2:
                secrets.append("".join(numbers.choices("ab", k=45)))
            text = "".join(numbers.choices([*"abcd", *secrets, secrets[-1][:30]], k=numbers.randint(0, 20)))
            redactor, shown, waiting, rest = redaction.Redactor(secrets), "", "", text
            while rest:
                size = numbers.randint(1, 9)
                waiting, rest = waiting + rest[:size], rest[size:]
                held = redactor.unfinished(waiting)
                shown += redactor.text(waiting[: len(waiting) - held])
                waiting = waiting[len(waiting) - held :]
            self.assertEqual(shown + redactor.text(waiting), redactor.text(text), (secrets, text))

    def test_the_beginning_of_a_secret_is_held_back(self):
        redactor = redaction.Redactor(["secret"])
        for text, held in (("a sec", 3), ("secret", 0), ("s", 1), ("x", 0), ("", 0), ("sesec", 3)):
            self.assertEqual(redactor.unfinished(text), held, text)


class TableTests(unittest.TestCase):
    def test_values_of_every_kind_become_json(self):
        for value, expected in (
            (decimal.Decimal("1.50"), "1.50"),
            (datetime.date(2024, 2, 3), "2024-02-03"),
            (float("nan"), "NaN"),
            (float("-inf"), "-Infinity"),
            (b"ab", "YWI="),
            ({1: {"x": (1, None)}}, {"1": {"x": [1, None]}}),
        ):
            self.assertEqual(tables.plain(value), expected)

    def test_a_table_is_cut_at_a_thousand_rows_and_says_so(self):
        schema = [{"name": "a", "type": "int"}]
        data = tables.table(schema, ([n] for n in range(1001)))["data"][notebooks.TABLE]
        self.assertEqual((len(data["rows"]), data["truncated"]), (1000, True))
        data = tables.table(schema, ([n] for n in range(1000)))["data"][notebooks.TABLE]
        self.assertEqual((len(data["rows"]), data["truncated"]), (1000, False))

    def test_a_table_is_cut_where_its_rows_are_too_long(self):
        data = tables.table([], (["x" * 300_000] for _ in range(20)))["data"][notebooks.TABLE]
        self.assertEqual((len(data["rows"]), data["truncated"]), (6, True))

    def test_pandas_frames_show_their_index_only_where_it_says_something(self):
        import pandas

        frame = pandas.DataFrame({"a": [1, None]}, index=["x", "y"])
        data = tables.of_pandas(frame)["data"][notebooks.TABLE]
        self.assertEqual([column["name"] for column in data["schema"]], ["index", "a"])
        self.assertEqual(data["rows"], [["x", 1.0], ["y", None]])
        self.assertEqual(
            tables.of_pandas(frame.reset_index(drop=True))["data"][notebooks.TABLE]["rows"], [[1.0], [None]]
        )

    def test_lists_of_records_are_tables_and_other_lists_are_not(self):
        self.assertEqual(
            tables.of_records([{"a": 1}, {"b": "x"}])["data"][notebooks.TABLE]["rows"], [[1, None], [None, "x"]]
        )
        self.assertIsNone(tables.of_records([1, 2]))
        self.assertIsNone(tables.of_records([{"a": 1}, 2]))

    def test_the_kind_of_a_bundle_is_that_of_its_richest_part(self):
        self.assertIsNone(display.of_bundle({}))
        self.assertEqual(display.of_bundle({"text/plain": "1"})["type"], "text")
        self.assertEqual(display.of_bundle({"text/plain": "1", "text/html": "<b>"})["type"], "html")
        bundle = display.of_bundle({"text/plain": "1", "image/png": b"ab"})
        self.assertEqual((bundle["type"], bundle["data"]["image/png"]), ("image", "YWI="))


if __name__ == "__main__":
    unittest.main()
