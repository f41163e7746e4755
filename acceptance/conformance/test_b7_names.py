# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B7: names."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings

NAMES = ["Untitled", "", " ", "Ночной расчёт", "夜間訓練", "🌒" * 50, "e\u0301 \u00e9", "<b>&amp;'\"</b>", "a\nb\tc",
         "\u202edrow", "null", "{{job_id}}", "x" * 4096]


@pytest.mark.rule("B7", "positive")
@pytest.mark.parametrize("name", NAMES, ids=[ascii(name)[:30] for name in NAMES])
def test_a_job_may_have_any_name(api, fixtures, name):
    job = fixtures.job(settings(name=name, max_concurrent_runs=0))
    stored = api.get("jobs/get", job_id=job).ok()["settings"]["name"]
    assert stored in ([name] if name.strip() else [name, "Untitled"])
    assert fixtures.run(fixtures.run_now(job))["run_name"] == stored


@pytest.mark.rule("B7", "positive")
@pytest.mark.parametrize("name", ["x" * 4096, "é" * 2048, "🌒" * 1024], ids=["ascii", "two bytes", "four bytes"])
def test_a_run_name_may_have_4096_bytes(fixtures, name):
    run = fixtures.submit(fixtures.echo(), run_name=name)
    assert fixtures.run(run)["run_name"] == name


@pytest.mark.rule("B7", "positive")
def test_a_run_without_a_name_is_untitled(fixtures):
    assert fixtures.run(fixtures.submit(fixtures.echo()))["run_name"] == "Untitled"


@pytest.mark.rule("B7", "negative")
@pytest.mark.parametrize("name", ["x" * 4097, "é" * 2048 + "x", "🌒" * 1025], ids=["ascii", "two bytes", "four bytes"])
def test_and_not_one_more(api, fixtures, name):
    with nothing_changes(api):
        message = api.post("jobs/runs/submit", {**fixtures.echo(), "run_name": name}).refused()
    for part in ("run_name", "4096", str(len(name.encode()))):
        assert part in message
