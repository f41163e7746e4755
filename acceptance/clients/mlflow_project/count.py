# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Counts the words of a text `times` times over, and tells the tracking server and a file."""

import json
import sys

import mlflow

text, counts, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(text) as file:
    words = file.read().split() * times
if not words:
    sys.exit("the text is empty")
with mlflow.start_run():  # the run that the client made
    mlflow.log_metric("words", len(words))
    mlflow.log_param("first", words[0])
with open(counts, "w") as file:
    json.dump({word: words.count(word) for word in sorted(set(words))}, file)
