# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Counts checks by rule, says at the end how each rule stands, and fails a run in which a rule has no check."""

import pathlib

import pytest

from contract.rules import KINDS, RULES


class RuleReport:
    """A plugin of pytest. `checks` maps a test to the rules it is about, `outcomes` to how it went."""

    def __init__(self, config):
        self.config = config
        self.checks = {}
        self.outcomes = {}
        self.reasons = {}
        self.gaps = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config, items):
        if config.getoption("--no-extensions"):
            left_out = [item for item in items if item.get_closest_marker("extension")]
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
        for item in items:
            self.checks[item.nodeid] = rules_of(item)
            mark = item.get_closest_marker("not_yet")
            if mark:
                item.add_marker(pytest.mark.xfail(reason=f"not yet: {mark.args[0]}", strict=False))
        if is_whole_suite(items):
            known = {check for checks in self.checks.values() for check in checks}
            self.gaps = [f"{rule} {kind}" for rule in RULES for kind in KINDS if (rule, kind) not in known]

    def pytest_runtest_logreport(self, report):
        outcome = outcome_of(report)
        if outcome and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = outcome
            if outcome == "not yet":
                self.reasons[report.nodeid] = report.wasxfail.removeprefix("not yet: ")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if self.gaps and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        path = self.config.getoption("--conformance-report")
        if path:
            pathlib.Path(path).write_text("\n".join(self.lines()) + "\n")

    def pytest_terminal_summary(self, terminalreporter):
        if self.outcomes:
            terminalreporter.section("conformance by rule")
            terminalreporter.write_line("\n".join(self.lines()))

    def lines(self):
        """The report: a Markdown table, then what is not yet, and what has no check."""
        yield f"| {'rule':4} | {'positive':>8} | {'negative':>8} | {'other':14} | title |"
        yield "|---|---|---|---|---|"
        for rule, title in RULES.items():
            cells = [self.share(rule, kind) for kind in KINDS]
            yield f"| {rule:4} | {cells[0]:>8} | {cells[1]:>8} | {self.rest(rule):14} | {title} |"
        now = [node for node, outcome in self.outcomes.items() if outcome == "works now"]
        sections = {
            "Not yet": [f"{node.split('::', 1)[1]}: {reason}" for node, reason in self.reasons.items()],
            "Expected to fail, but passed; take the mark away": now,
            "No check at all": self.gaps,
        }
        for title, entries in sections.items():
            if entries:
                yield ""
                yield f"{title}:"
                yield from (f"- {entry}" for entry in entries)

    def share(self, rule, kind):
        """`ok/total` of the checks that could be made."""
        outcomes = self.of(rule, kind)
        ok = sum(outcome in ("ok", "works now") for outcome in outcomes)
        total = sum(outcome in ("ok", "works now", "failed") for outcome in outcomes)
        return f"{ok}/{total}"

    def rest(self, rule):
        outcomes = [outcome for kind in KINDS for outcome in self.of(rule, kind)]
        counts = {name: outcomes.count(name) for name in ("not yet", "skipped")}
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count)

    def of(self, rule, kind):
        return [self.outcomes[node] for node, checks in self.checks.items()
                if (rule, kind) in checks and node in self.outcomes]


def rules_of(item):
    """The `rule` marks of a test, checked: a check that is about no rule would be counted nowhere."""
    checks = []
    for mark in item.iter_markers("rule"):
        if len(mark.args) != 2 or mark.args[0] not in RULES or mark.args[1] not in KINDS:
            raise pytest.UsageError(f"{item.nodeid}: rule{mark.args} is not a rule and a kind")
        checks.append(tuple(mark.args))
    if not checks:
        raise pytest.UsageError(f"{item.nodeid} is about no rule: mark it with @pytest.mark.rule")
    return checks


def is_whole_suite(items):
    """Whether every file of checks was collected, so that a rule without a check is a gap and not a choice."""
    directory = pathlib.Path(__file__).parent.parent
    return {item.path for item in items} >= set(directory.glob("test_*.py"))


def outcome_of(report):
    if report.failed:
        return "failed"
    if hasattr(report, "wasxfail"):
        return "works now" if report.passed else "not yet"
    if report.skipped:
        return "skipped"
    return "ok" if report.when == "call" else None
