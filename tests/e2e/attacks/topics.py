"""The files with rows, in the order of the table."""

import importlib

TOPICS = ["fan_out", "chains", "delegations", "forgery", "bailiwick", "reflection", "floods", "trouble",
          "validation", "exhaustion"]


def load():
    for topic in TOPICS:
        importlib.import_module(topic)
