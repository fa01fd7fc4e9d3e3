"""What fail2ban-regex finds, question by question: {"config": DIR, "filter": REFERENCE, "log": PATH}.

Answers {"failures": [[id, time, groups], ...], "matched": N, "ignored": N, "missed": N}, or {"error": ...}. The failures are those
of `-o row`, where the first failregex that matches wins; the counts are those that it prints without -o, where all are tried.
"""
import json
import logging
import sys

from fail2ban.client import fail2banregex

logging.disable(logging.CRITICAL)
fail2banregex.output = lambda text: None


def start(question, options):
    parser = fail2banregex.get_opt_parser()
    arguments = ["--config", question["config"], "--raw", *options, question["log"], question["filter"]]
    opts, words = parser.parse_args(arguments)
    # What exec_command_line fills in.
    opts.verbose = 0
    return fail2banregex.Fail2banRegex(opts), words


def failures(question):
    regex, words = start(question, ["--out", "row"])
    found = []

    def keep(matches):
        # At once: the session's next line changes them.
        found.extend([str(match[1]), match[2], texts(match[3])] for match in matches)

    regex._prepaireOutput = lambda: keep
    if not regex.start(words):
        raise ValueError("fail2ban-regex refuses it")
    return found


def texts(groups):
    return {name: value for name, value in groups.items() if isinstance(value, str)}


def answer(question):
    regex, words = start(question, [])
    if not regex.start(words):
        raise ValueError("fail2ban-regex refuses it")
    stats = regex._line_stats
    counts = {"matched": stats.matched, "ignored": stats.ignored, "missed": stats.missed}
    return {**counts, "failures": failures(question)}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as fault:
        print(json.dumps({"error": "%s: %s" % (type(fault).__name__, fault)}), flush=True)
