"""Answers with CPython's re: one question a line of standard input, one answer a line of standard output, both in JSON.

    {"pattern": ..., "multiline": ..., "texts": [...]}
    {"names": [[name, number], ...], "answers": [[span or null, ...] or null or "late", ...]} or {"error": ...}

A search has as many milliseconds as "limit" says: nothing but a signal can interrupt a pattern that runs for ever. Spans count UTF-16 units.
"""
import json
import re
import signal
import sys
import warnings


class Late(Exception):
    pass


def late(*_):
    raise Late


def units(text, index):
    return index if text.isascii() else len(text[:index].encode("utf-16-le")) // 2


def search(pattern, text, limit):
    try:
        signal.setitimer(signal.ITIMER_REAL, limit / 1000)
        match = pattern.search(text)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except Late:
        return "late"
    if match is None:
        return None
    spans = [match.span(group) for group in range(pattern.groups + 1)]
    return [None if start < 0 else [units(text, start), units(text, end)] for start, end in spans]


def answer(question):
    flags = (re.MULTILINE if question["multiline"] else 0) | (re.IGNORECASE if question["ignoreCase"] else 0)
    try:
        pattern = re.compile(question["pattern"], flags)
    except (re.error, OverflowError, RecursionError) as error:
        return {"error": str(error)}
    answers = [search(pattern, text, question["limit"]) for text in question["texts"]]
    return {"names": list(pattern.groupindex.items()), "answers": answers}


signal.signal(signal.SIGALRM, late)
warnings.simplefilter("ignore")
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
