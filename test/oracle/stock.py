"""Prints what fail2ban makes of its own filters, in JSON: a list of {"filter", "patterns", "texts"}.

    python3 stock.py /etc/fail2ban FOLDER_OF_SAMPLE_LOGS     (with fail2ban on PYTHONPATH)

Patterns are {"pattern", "multiline"}: all regular expressions of the filter in all its modes and log types, its tags expanded. Texts are what
fail2ban would search them in: each line of the filter's samples without its date, whole, and what the prefix left of it.
"""
import glob
import json
import os
import re
import sys

from fail2ban.client.filterreader import FilterReader
from fail2ban.server.datedetector import DateDetector
from fail2ban.server.failregex import Regex

CONFIG, SAMPLES = sys.argv[1:]
LOGTYPES = ["file", "short", "journal", "rfc5424"]


def modes(path):
    """What the names of its options tell: mdre-aggressive, mode_aggressive and the like."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r"^(?:mdre|mdpr|failregex|_?mode)[-_](\w+)\s*=", file.read(), re.MULTILINE)
    return [None, *sorted(set(found))]


def options(name, mode, logtype):
    chosen = {"logtype": logtype, **({"mode": mode} if mode else {})}
    reader = FilterReader(name, "jail", chosen, share_config=None, basedir=CONFIG)
    reader.read()
    reader.getOptions(None)
    return reader.getCombined()


def expressions(combined):
    """(kind, expression, multiline) of a filter in one variant."""
    many = int(combined.get("maxlines") or 1) > 1
    for kind in ("prefregex", "failregex", "ignoreregex"):
        value = combined.get(kind) or ""
        for text in [value] if kind == "prefregex" else value.split("\n"):
            if text.strip():
                yield kind, text, many and kind == "failregex"


def detector(combined):
    made = DateDetector()
    pattern = combined.get("datepattern")
    if pattern and "\n" not in pattern:
        made.appendTemplate(pattern)
    else:
        made.addDefaultTemplate()
    return made


def without_date(dates, line):
    match, template = dates.matchTime(line)
    return line if match is None else line[: match.start(1)] + line[match.end(1):]


def lines(name):
    path = os.path.join(SAMPLES, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", errors="replace") as file:
        return [line.rstrip("\r\n") for line in file if line.strip() and not line.startswith("#")]


def collect(path):
    name = os.path.basename(path)[: -len(".conf")]
    patterns, texts, prefixes = {}, {}, set()
    for mode in modes(path):
        for logtype in LOGTYPES:
            combined = options(name, mode, logtype)
            for kind, text, multiline in expressions(combined):
                for dns in ("yes", "no"):
                    regex = Regex(text, multiline=multiline, useDns=dns)
                    patterns[regex.getRegex(), multiline] = True
                    if kind == "prefregex" and "rfc5424" != logtype:
                        prefixes.add(regex.getRegex())
    dates = detector(options(name, None, "file"))
    for line in lines(name):
        texts[line + "\n"] = texts[without_date(dates, line) + "\n"] = True
    for prefix in map(re.compile, sorted(prefixes)):
        for match in filter(None, map(prefix.search, list(texts))):
            content = match.groupdict().get("content")
            if content:
                texts[content + "\n"] = True
    found = [{"pattern": pattern, "multiline": multiline} for pattern, multiline in patterns]
    return {"filter": name, "patterns": found, "texts": list(texts)}


def dates_of(found):
    """fail2ban's own date patterns, over a few lines of each filter, as a filter of their own."""
    default = DateDetector()
    default.addDefaultTemplate()
    patterns = [{"pattern": kept.template.regex, "multiline": False} for kept in default.templates]
    return {"filter": "dates", "patterns": patterns, "texts": [text for one in found for text in one["texts"][:3]]}


filters = sorted(glob.glob(os.path.join(CONFIG, "filter.d", "*.conf")))
collected = [collect(path) for path in filters if not re.search("common", path)]
print(json.dumps([*collected, dates_of(collected)]))
