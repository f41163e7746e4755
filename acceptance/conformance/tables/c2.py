# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C2: schedules. What is good and bad here is what Quartz 2.3 and java.util.TimeZone say."""

from contract.cases import bad, good
from contract.settings import REMOVE

C = "C2"

EXPRESSIONS = [
    "0 15 22 * * ?", "0 0 12 ? * WED", "0 0/5 14,18 * * ?", "0 0-5 14 * * ? *", "* * * * * ?", "0 0 0 L * ?",
    "0 0 0 LW * ?", "0 0 0 15W * ?", "0 0 0 L-3 * ?", "0 0 0 ? * 6L", "0 0 0 ? * FRIL", "0 0 0 ? * 6#3",
    "0 0 0 ? * MON-FRI", "0 0 0 ? * FRI-MON", "0 0 0 ? JAN,JUL 2-6", "0 0 0 ? NOV-FEB sun", "0 0 22-2 * * ?",
    "0/10 * * * * ?", "0 0 0 1 1 ? 2099", "0 0 0 1 1 ? 2025-2099", "0 0 0 29 2 ?", "0   0  0 1 1 ?",
]
BAD_EXPRESSIONS = [
    "0 2 * * *", "* * *", "0 0 0 * * *", "0 0 0 ? * ?", "60 0 0 * * ?", "0 60 0 * * ?", "0 0 24 * * ?",
    "0 0 0 32 * ?", "0 0 0 0 * ?", "0 0 0 1 13 ?", "0 0 0 ? * 8", "0 0 0 ? * 0", "0 0 0 ? * FOO", "0 0 0 ? * 6#6",
    "0 0 0 L-31 * ?", "0/60 0 0 * * ?", "every day", "0 0 0 1 1 ? 2099 x", "@daily",
]
ZONES = ["UTC", "America/Los_Angeles", "Europe/Berlin", "GMT", "GMT+8", "GMT+08:00", "GMT-0330", "PST", "EST",
         "Asia/Kolkata"]
BAD_ZONES = ["Mars/Olympus", "UTC+25", "GMT+24", "GMT+8:60", "america/los_angeles", "+08:00", " UTC", "PST8"]


def schedule(expression="0 15 22 * * ?", zone="UTC", **more):
    return {"schedule": {"quartz_cron_expression": expression, "timezone_id": zone, **more}}


GOOD = [
    *(good(C, schedule(expression)) for expression in EXPRESSIONS),
    *(good(C, schedule(zone=zone)) for zone in ZONES),
    good(C, schedule(pause_status="PAUSED")), good(C, schedule(pause_status="UNPAUSED")),
    good(C, schedule(), stored=schedule(pause_status="UNPAUSED")),
]
BAD = [
    *(bad(C, "schedule.quartz_cron_expression", expression, **schedule(expression)) for expression in BAD_EXPRESSIONS),
    *(bad(C, "schedule.quartz_cron_expression", expression, **schedule(expression))
      for expression in ("0 0 0 1 1 ? 2020", "0 0 0 30 2 ?", "0 0 0 31 4,6 ? 2030")),  # never again
    *(bad(C, "schedule.timezone_id", zone, **schedule(zone=zone)) for zone in BAD_ZONES),
    bad(C, "schedule.quartz_cron_expression", **schedule(REMOVE)),
    bad(C, "schedule.quartz_cron_expression", **schedule("")),
    bad(C, "schedule.timezone_id", **schedule(zone=REMOVE)),
    bad(C, "schedule.timezone_id", **schedule(zone="")),
    bad(C, "schedule.pause_status", "SLEEPING", "PAUSED", "UNPAUSED", **schedule(pause_status="SLEEPING")),
    bad(C, "schedule.pause_status", "paused", "PAUSED", **schedule(pause_status="paused")),
    bad(C, "schedule.quartz_cron_expression", "schedule.timezone_id", "every day", "Mars/Olympus",
        **schedule("every day", "Mars/Olympus")),
]
for case in (*GOOD, *BAD):
    case.change["schedule"] = {key: value for key, value in case.change["schedule"].items() if value is not REMOVE}
