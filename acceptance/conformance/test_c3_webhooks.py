# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C3: webhooks name destinations that exist, at most three for each event."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import contains, settings
from tables.c3_c4 import EVENTS


@pytest.mark.rule("C3", "positive")
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_up_to_three_destinations(api, fixtures, destination, event, count):
    webhooks = {event: [{"id": destination}] * count}
    job = fixtures.job(settings(webhook_notifications=webhooks))
    assert contains(api.get("jobs/get", job_id=job).ok()["settings"]["webhook_notifications"], webhooks)
    api.post("jobs/delete", {"job_id": job}).ok()


@pytest.mark.rule("C3", "negative")
@pytest.mark.parametrize("event", EVENTS)
def test_not_four(api, standing_job, destination, event):
    change = {"webhook_notifications": {event: [{"id": destination}] * 4}}
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**change)).refused()
        updated = api.post("jobs/update", {"job_id": standing_job, "new_settings": change}).refused()
    for part in (f"webhook_notifications.{event}", "4", "3"):
        assert part in message and part in updated


@pytest.mark.rule("C3", "negative")
def test_a_destination_that_was_removed_is_unknown(api):
    made = api.post("notification-destinations", {
        "display_name": "gone", "config": {"slack": {"url": "http://127.0.0.1:9/x"}}}).ok()["id"]
    api.request("DELETE", f"/api/2.0/notification-destinations/{made}").ok()
    webhooks = {"webhook_notifications": {"on_failure": [{"id": made}]}}
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**webhooks)).refused()
        api.post("jobs/runs/submit", settings(**webhooks)).refused()
    assert f"Webhook with id '{made}' was not found." in message
