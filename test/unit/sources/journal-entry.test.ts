import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import t from 'tap';
import { type JournalEntry, lineOf, parseEntry, timeOf } from '../../../src/sources/journal-entry.js';

const TIMES = { __REALTIME_TIMESTAMP: '1700000000123456', __MONOTONIC_TIMESTAMP: '12345678', __CURSOR: 's=1' };
const NAMED = { _HOSTNAME: 'web', SYSLOG_IDENTIFIER: 'sshd' };

/** Fields of an entry, and its line as UTF-8. */
const LINES: [fields: JournalEntry, line: string][] = [
  [{ ...NAMED, _PID: '42', MESSAGE: 'Failed password' }, 'web sshd[42]: Failed password'],
  [{ ...NAMED, SYSLOG_PID: '7', _PID: '42', MESSAGE: 'x' }, 'web sshd[7]: x'],
  [{ ...NAMED, SYSLOG_PID: '', _PID: '42', MESSAGE: 'x' }, 'web sshd[42]: x'],
  [{ ...NAMED, SYSLOG_PID: '007', MESSAGE: 'x' }, 'web sshd[7]: x'],
  [{ ...NAMED, SYSLOG_PID: '0x10', MESSAGE: 'x' }, 'web sshd[16]: x'],
  [{ ...NAMED, SYSLOG_PID: 'main', MESSAGE: 'x' }, 'web sshd[main]: x'],
  [{ ...NAMED, MESSAGE: 'x' }, 'web sshd: x'],
  [{ _HOSTNAME: 'web', _COMM: 'sshd', _PID: '1', MESSAGE: 'x' }, 'web sshd[1]: x'],
  [{ _HOSTNAME: 'web', SYSLOG_IDENTIFIER: '', _COMM: 'sshd', MESSAGE: 'x' }, 'web sshd: x'],
  [{ _HOSTNAME: 'web', _PID: '1', MESSAGE: 'x' }, 'web x'],
  [{ SYSLOG_IDENTIFIER: 'a b', MESSAGE: 'x' }, 'a b: x'],
  [{ MESSAGE: 'x' }, 'x'],
  [{ ...NAMED, MESSAGE: '' }, 'web sshd: '],
  [{ ...NAMED }, 'web sshd: '],
  [{ ...NAMED, MESSAGE: 'ä\u{1f600}\t' }, 'web sshd: ä\u{1f600}\t'],
  [{ ...NAMED, MESSAGE: [97, 27, 98] }, 'web sshd: a\x1bb'],
  [{ ...NAMED, MESSAGE: ['a', 'b'] }, 'web sshd: a b'],
  [{ ...NAMED, MESSAGE: [[97, 27], 'b', [99]] }, 'web sshd: a\x1b b c'],
  [{ _HOSTNAME: 'web', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: 'x' }, 'web kernel: [   12.345678] x'],
  [
    { _HOSTNAME: 'web', SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: '5', MESSAGE: 'x' },
    'web kernel: [    0.000005] x',
  ],
  [{ SYSLOG_IDENTIFIER: 'kernel', _PID: '1', MESSAGE: 'x' }, 'kernel[1]: x'],
];

t.test('lines', async (t) => {
  for (const [fields, line] of LINES) t.equal(lineOf({ ...TIMES, ...fields }).toString(), line, JSON.stringify(fields));
});

t.test('the same lines from fail2ban', async (t) => {
  const script = `import datetime, json, sys, types
journal = types.ModuleType('systemd.journal')
journal.__version__ = '235'
sys.modules['systemd'] = types.ModuleType('systemd')
sys.modules['systemd'].journal = sys.modules['systemd.journal'] = journal
from fail2ban.server.filtersystemd import FilterSystemd
class Filter(FilterSystemd):
    def __init__(self): pass
    def getLogEncoding(self): return 'UTF-8'
    jailName = 'x'
def value(v):
    if isinstance(v, list): return bytes(v) if isinstance(v[0], int) else [value(x) for x in v]
    return v
def number(v):
    try: return int(v)
    except ValueError: return v
def entry(e):
    e = {k: value(v) for k, v in e.items()}
    for k in ('SYSLOG_PID', '_PID'):
        if k in e: e[k] = number(e[k])
    since = lambda v: datetime.timedelta(microseconds=int(v))
    e['__MONOTONIC_TIMESTAMP'] = (since(e['__MONOTONIC_TIMESTAMP']), 'boot')
    if '_SOURCE_MONOTONIC_TIMESTAMP' in e: e['_SOURCE_MONOTONIC_TIMESTAMP'] = since(e['_SOURCE_MONOTONIC_TIMESTAMP'])
    e['__REALTIME_TIMESTAMP'] = datetime.datetime.fromtimestamp(int(e['__REALTIME_TIMESTAMP']) / 1e6)
    return e
print(json.dumps([Filter().formatJournalEntry(entry(e))[0][2] for e in json.load(sys.stdin)]))`;
  const { stdout, stderr } = spawnSync('python3', ['-W', 'ignore', '-c', script], {
    input: JSON.stringify(LINES.map(([fields]) => ({ ...TIMES, ...fields }))),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: resolve('.cache/fail2ban/usr/lib/python3/dist-packages') },
  });
  t.same(
    stdout === '' ? stderr : JSON.parse(stdout),
    LINES.map(([, line]) => line),
  );
});

t.test('bytes that are no UTF-8 stay as they are', async (t) => {
  t.same(lineOf({ ...TIMES, MESSAGE: [0xff, 10, 0xc3] }), Buffer.from([0xff, 10, 0xc3]));
});

t.test('what journalctl cannot have meant makes no line longer, and throws nothing', async (t) => {
  for (const value of [null, 7, true, {}, [], [null], [[]], [{}], [[[1]]]]) {
    const entry = { ...TIMES, _HOSTNAME: value, SYSLOG_IDENTIFIER: value, SYSLOG_PID: value, MESSAGE: value };
    t.ok(lineOf(entry).length <= 1, JSON.stringify(value));
  }
});

t.test('times', async (t) => {
  t.equal(timeOf(TIMES), 1700000000123);
  t.equal(timeOf({ ...TIMES, _SOURCE_REALTIME_TIMESTAMP: '1600000000999999' }), 1600000000999);
  t.equal(timeOf({ ...TIMES, _SOURCE_REALTIME_TIMESTAMP: 'soon' }), 1700000000123);
  t.equal(timeOf({ ...TIMES, _SOURCE_REALTIME_TIMESTAMP: ['1', '2'] }), 1700000000123);
  t.equal(timeOf({ MESSAGE: 'x' }), undefined);
});

t.test('what is an entry', async (t) => {
  t.match(parseEntry(Buffer.from(JSON.stringify(TIMES))), TIMES);
  for (const text of ['', '{', 'null', '7', '"x"', '[]', '{}', '{"__CURSOR":"x"}', '{"__REALTIME_TIMESTAMP":"1"}']) {
    t.equal(parseEntry(Buffer.from(text)), undefined, text);
  }
  t.equal(parseEntry(Buffer.from([0xff, 0xfe])), undefined);
});
