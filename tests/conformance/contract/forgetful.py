# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A server that keeps runs for seconds. It looks for old ones once a minute, so the suite prepares this first of all and
looks at it last."""

from contract.gate import Gate
from contract.workshop import Workshop


class Forgetful:
    """What there was before anything could be removed: a run that is active and two that have ended."""

    def __init__(self, target):
        self.api = target.api
        self.gate = Gate(target.callback_host)
        self.workshop = Workshop(self.api, self.gate)
        name = self.workshop.name()
        self.active = self.workshop.submit(self.workshop.held(name))
        self.peer = self.gate.peer(name)
        self.job, (self.skipped,) = self.workshop.skipping_job(1)
        self.ended = self.workshop.submit(self.workshop.echo("a"))
        self.workshop.succeeded(self.ended)
        self.logs = self.workshop.output(self.ended)["logs"]

    @property
    def forgotten(self):
        return [self.ended, self.skipped]
