"""fail2ban's own filter, asked over JSON lines: one filter and its lines a request; for each line what it found.

A request is {"options": of a filter, "usedns", "now", "zone", "lines": [text, or [now, text]]}; an answer {"found": [[failure, ..], ..]} or {"error"}.
"""

import json
import logging
import os
import sys
import time
import types

from fail2ban.server import datedetector, failregex, filter as f2b, ipdns, mytime, utils

logging.getLogger('fail2ban').setLevel(logging.CRITICAL + 1)

clock = types.SimpleNamespace(time=lambda: mytime.MyTime.time())
# The memory for sessions goes by the wall clock.
utils.time = clock


def without_none(get):
    """Groups that took no part do not overwrite those of prefregex: so it is since 1.1."""
    return lambda self: {name: value for name, value in get(self).items() if value is not None}


failregex.Regex._getGroups = without_none(failregex.Regex._getGroups)
failregex.Regex._getGroupsWithAlt = without_none(failregex.Regex._getGroupsWithAlt)

# Not the patterns' hits of the last request, and dates as of the request's time.
PATTERNS = list(datedetector.DateDetectorCache.DEFAULT_TEMPLATES)
datedetector.time = clock

# No name is looked up.
ipdns.DNSUtils.dnsToIp = staticmethod(lambda dns: {ipdns.IPAddr('dns:' + dns, ipdns.IPAddr.CIDR_RAW)})


def set_zone(name):
    os.environ['TZ'] = name
    time.tzset()


def forget_dates():
    datedetector.DD_patternCache.clear()
    datedetector.DateDetectorCache.DEFAULT_TEMPLATES[:] = PATTERNS
    datedetector.DateDetector._defCache = datedetector.DateDetectorCache()


def made(request):
    options = request['options']
    forget_dates()
    made = f2b.Filter(types.SimpleNamespace(name='x', database=None), useDns=request.get('usedns', 'warn'))
    made.checkFindTime = False
    made.setMaxLines(options.get('maxlines', 1))
    if options.get('datepattern') is not None:
        made.setDatePattern(options['datepattern'])
    if options.get('prefregex'):
        made.prefRegex = options['prefregex']
    for text in options['failregex']:
        made.addFailRegex(text)
    for text in options.get('ignoreregex', []):
        made.addIgnoreRegex(text)
    return made


def told(failure):
    number, identity, when, fail = failure
    return {
        'regex': number,
        'id': str(identity),
        'time': when,
        'matches': len(fail['matches']),
        'users': sorted(fail.get('users') or []),
        'groups': {name: value for name, value in fail.items() if isinstance(value, str)},
    }


def answer(request):
    set_zone(request['zone'])
    mytime.MyTime.setTime(request['now'])
    try:
        judge = made(request)
    except Exception as error:
        return {'error': repr(error)}
    found = []
    for line in request['lines']:
        if isinstance(line, list):
            mytime.MyTime.setTime(line[0])
            line = line[1]
        found.append(sorted(map(told, judge.processLine(line)), key=lambda failure: failure['id']))
    return {'found': found}


for text in sys.stdin:
    print(json.dumps(answer(json.loads(text))), flush=True)
