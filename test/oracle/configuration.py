"""Reads configuration as fail2ban itself does: each line of standard input is a JSON list of questions, and gets one of answers.

    {"filter": NAME, "parameters": {}, "logtype": "file", "directory": "/etc/fail2ban"} -> options, tags put in
    {"jails": "/etc/fail2ban"} -> the commands of `fail2ban-client -d`, and each enabled jail's options and times
    {"ini": TEXT} -> sections; {"reference": TEXT} -> name and parameters; {"split": TEXT} -> pieces

What fails is answered as {"error": ...}. Paths of Python modules come from PYTHONPATH.
"""
import json
import logging
import resource
import sys

from fail2ban.client.configparserinc import SafeConfigParserWithIncludes
from fail2ban.client.configurator import Configurator
from fail2ban.client.filterreader import FilterReader
from fail2ban.helpers import extractOptions, splitWithOptions
from fail2ban.server.mytime import MyTime

logging.disable(logging.CRITICAL)

# Tags that double each other have no measure in fail2ban: it runs until this.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

# dropset's own measure (src/fail2ban/interpolate.ts).
LONGEST = 1 << 20


def assume_logtype(reader, logtype):
    """fail2ban assumes the first two only; the other two take the same way."""
    if reader._initOpts.get("logtype"):
        return
    reader.applyAutoOptions("systemd" if logtype == "journal" else "auto")
    if logtype in ("rfc5424", "short") and reader._initOpts.get("logtype"):
        reader._initOpts["logtype"] = logtype


def filter_options(question):
    reader = FilterReader(
        question["filter"], "oracle", dict(question.get("parameters", {})), basedir=question["directory"]
    )
    if not reader.read():
        raise ValueError("no such filter")
    if question.get("logtype"):
        assume_logtype(reader, question["logtype"])
    reader.getOptions(None)
    combined = reader.getCombined()
    names = FilterReader._configOpts
    options = {name: combined[name] for name in names if combined.get(name) is not None}
    if any(len(str(value)) > LONGEST for value in options.values()):
        raise ValueError("longer than anybody wants")
    return options


def jails(directory):
    configurator = Configurator()
    configurator.setBaseDir(directory)
    configurator.readAll()
    configurator.getOptions()
    configurator.convertToProtocol(allow_no_files=True)
    readers = configurator._Configurator__jails.jails
    return {
        "stream": configurator.getConfigStream(),
        "options": {reader.getName(): reader.options for reader in readers},
        "seconds": {reader.getName(): seconds(reader.options) for reader in readers},
    }


def seconds(options):
    names = ("findtime", "bantime", "bantime.maxtime", "bantime.rndtime")
    return {name: MyTime.str2seconds(options[name]) for name in names if options.get(name)}


def sections(text):
    parser = SafeConfigParserWithIncludes()
    parser.read_string(text)
    return {"defaults": parser.defaults(), "sections": parser.get_sections()}


def answer(question):
    if "filter" in question:
        return filter_options(question)
    if "jails" in question:
        return jails(question["jails"])
    if "ini" in question:
        return sections(question["ini"])
    if "reference" in question:
        return extractOptions(question["reference"])
    return [piece.strip() for piece in splitWithOptions(question["split"])]


def guarded(question):
    try:
        return answer(question)
    except (Exception, RecursionError) as fault:
        return {"error": ("%s: %s" % (type(fault).__name__, fault))[:500]}


for line in sys.stdin:
    print(json.dumps([guarded(question) for question in json.loads(line)]), flush=True)
