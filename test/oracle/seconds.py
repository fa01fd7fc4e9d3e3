"""fail2ban's own reading of times, asked over JSON lines: a list of texts, a list of seconds (null for what it refuses)."""

import json
import sys
import warnings

from fail2ban.server.mytime import MyTime

warnings.simplefilter('ignore')


def seconds(text):
    try:
        value = MyTime.str2seconds(text)
    except Exception:
        return None
    return value if type(value) in (int, float) else None


for line in sys.stdin:
    print(json.dumps([seconds(text) for text in json.loads(line)]), flush=True)
