"""The files with rows, in the order of the table."""

import importlib

TOPICS = ["fan_out", "chains", "delegations", "forgery", "bailiwick", "reflection", "floods", "trouble"]


def load():
    for topic in TOPICS:
        importlib.import_module(topic)
