# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A server that keeps runs for seconds. It looks for old ones once a minute, so the suite prepares this first of all and
looks at it last."""

from contract.gate import Gate
from contract.fixtures import Fixtures


class ShortRetention:
    """What there was before anything could be removed: a run that is active and two that have ended."""

    def __init__(self, target):
        self.api = target.api
        self.gate = Gate(target.callback_host)
        self.fixtures = Fixtures(self.api, self.gate)
        name = self.fixtures.name()
        self.active = self.fixtures.submit(self.fixtures.held(name))
        self.peer = self.gate.peer(name)
        self.job, (self.skipped,) = self.fixtures.skipping_job(1)
        self.ended = self.fixtures.submit(self.fixtures.echo("a"))
        self.fixtures.succeeded(self.ended)
        self.logs = self.fixtures.output(self.ended)["logs"]

    @property
    def forgotten(self):
        return [self.ended, self.skipped]
