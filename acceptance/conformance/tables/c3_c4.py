# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C3 and C4: who is told, and when."""

from contract.cases import bad, good

EVENTS = ("on_start", "on_success", "on_failure", "on_duration_warning_threshold_exceeded")
LONG = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".org"

ADDRESSES = ["a@example.com", "first.last+tag@sub.example.co.uk", "x_y-z@example.org", "1@1.de", LONG]
BAD_ADDRESSES = ["", "nobody", "@example.com", "a@", "a b@example.com", "a@@example.com", "a@b@example.com",
                 "é@example.com", "a@exämple.com", "夜@example.com", "a@example.com\nBcc: b@example.com",
                 "a..b@example.com", ".a@example.com", "a@example..com", "a@-example.com", "A <a@example.com>",
                 "a@example.com,b@example.com", "a" * 65 + "@example.com"]


def mails(event, *addresses):
    return {"email_notifications": {event: list(addresses)}}


def rule(metric="RUN_DURATION_SECONDS", operator="GREATER_THAN", value=1, without=None):
    made = {"metric": metric, "operator": operator, "value": value}
    made.pop(without, None)
    return {"health": {"rules": [made]}}


def unknown(event, count):
    return {"webhook_notifications": {event: [{"id": f"nobody-{number}"} for number in range(count)]}}


GOOD = [
    *(good("C3", mails("on_start", address)) for address in ADDRESSES),
    *(good("C3", mails(event, "a@example.com", "b@example.com")) for event in EVENTS),
    good("C3", mails("on_start")),
    good("C3", {"email_notifications": {"no_alert_for_skipped_runs": True}}),
    good("C3", {"webhook_notifications": {event: [] for event in EVENTS}}),
    good("C3", {"notification_settings": {
        "no_alert_for_skipped_runs": True, "no_alert_for_canceled_runs": True, "alert_on_last_attempt": True}}),
    *(good("C4", rule(value=value)) for value in (1, 2**31 - 1)),
    good("C4", {"health": {"rules": []}}),
]
BAD = [
    *(bad("C3", "email_notifications.on_start[0]", address.split("\n")[0], **mails("on_start", address))
      for address in BAD_ADDRESSES),
    *(bad("C3", f"email_notifications.{event}[1]", "nobody", **mails(event, "a@example.com", "nobody"))
      for event in EVENTS),
    *(bad("C3", f"webhook_notifications.{event}", "nobody-0", **unknown(event, 1)) for event in EVENTS),
    *(bad("C3", f"webhook_notifications.{event}", "4", "3", **unknown(event, 4)) for event in EVENTS),
    bad("C3", "webhook_notifications.on_start[0].id", webhook_notifications={"on_start": [{}]}),
    bad("C3", "webhook_notifications.on_start[0].id", webhook_notifications={"on_start": [{"id": ""}]}),
    bad("C3", "webhook_notifications.on_start[0]", code="MALFORMED_REQUEST",
        webhook_notifications={"on_start": ["nobody"]}),
    *(bad("C4", "health.rules[0].value", str(value), "1", **rule(value=value)) for value in (0, -1, -(2**31))),
    bad("C4", "health.rules[0].value", str(2**31), code="MALFORMED_REQUEST", **rule(value=2**31)),
    bad("C4", "health.rules[0].metric", "RUN_COST", "RUN_DURATION_SECONDS", **rule(metric="RUN_COST")),
    bad("C4", "health.rules[0].operator", "LESS_THAN", "GREATER_THAN", **rule(operator="LESS_THAN")),
    *(bad("C4", f"health.rules[0].{name}", **rule(without=name)) for name in ("metric", "operator", "value")),
    bad("C4", "health.rules", code="MALFORMED_REQUEST", health={"rules": {}}),
]
