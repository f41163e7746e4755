# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A program that prints its arguments as JSON and ends."""

import json
import sys

print(json.dumps(sys.argv[1:]))
