"""fail2ban's own date detector, asked over JSON lines: one detector and its lines a request, one answer a request."""

import datetime
import json
import os
import sys
import time
import types

from fail2ban.server import datedetector, mytime, strptime

PATTERNS = list(datedetector.DateDetectorCache.DEFAULT_TEMPLATES)


def set_clock(now):
    mytime.MyTime.setTime(now)
    datedetector.time = types.SimpleNamespace(time=lambda: now)


def set_zone(name):
    """The C library's mktime starts from its last answer; one in UTC brings it back to what it is in a fresh process."""
    os.environ['TZ'] = 'UTC'
    time.tzset()
    time.mktime((2005, 1, 1, 0, 0, 0, 0, 0, -1))
    os.environ['TZ'] = name
    time.tzset()


def set_years(now):
    """%ExY reaches three years beyond the start of the process; let that be at `now`."""
    clock = types.SimpleNamespace(
        now=lambda: datetime.datetime.fromtimestamp(now), fromtimestamp=datetime.datetime.fromtimestamp)
    strptime.datetime = types.SimpleNamespace(datetime=clock)
    strptime._updateTimeRE()
    strptime.datetime = datetime


def fresh_detector(request):
    datedetector.DD_patternCache.clear()
    datedetector.DateDetectorCache.DEFAULT_TEMPLATES[:] = PATTERNS
    datedetector.DateDetector._defCache = datedetector.DateDetectorCache()
    detector = datedetector.DateDetector()
    detector.default_tz = request.get('timezone')
    for pattern in filter(None, map(str.strip, request.get('datepattern', '').split('\n'))):
        detector.appendTemplate(pattern)
    if not detector.templates:
        detector.addDefaultTemplate()
    for template in detector.templates:
        template.template._compileRegex()
    return detector


def find(detector, line):
    match, template = detector.matchTime(line)
    if match is None:
        return None
    start, end = match.start(1), match.end(1)
    text = line[start:end]
    answer = {'name': template.name, 'start': max(start, 0), 'end': max(end, 0), 'time': None}
    if text:
        try:
            found = detector.getTime(text, (match, template))
            answer['time'] = found and found[0]
        except Exception as error:
            answer['error'] = repr(error)
    return answer


def answer(request):
    set_zone(request['zone'])
    set_years(request.get('started', request['now']))
    set_clock(request['now'])
    try:
        detector = fresh_detector(request)
    except Exception as error:
        return {'error': repr(error)}
    found = []
    for line in request['lines']:
        if isinstance(line, list):
            set_clock(line[0])
            line = line[1]
        found.append(find(detector, line))
    return {'found': found, 'templates': [[template.name, template.hits] for template in detector.templates]}


for text in sys.stdin:
    print(json.dumps(answer(json.loads(text))), flush=True)
