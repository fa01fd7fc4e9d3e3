import fc from 'fast-check';
import t from 'tap';
import { JournalReader } from '../../src/sources/journal-reader.js';
import { anyBytes, mutated, piecesOf, wordsOf } from './input.js';
import { tryProperty } from './property.js';

const ENTRY = {
  __CURSOR: 's=1;i=2',
  __REALTIME_TIMESTAMP: '1795240097000000',
  __MONOTONIC_TIMESTAMP: '4711000000',
  _HOSTNAME: 'gate',
  SYSLOG_IDENTIFIER: 'sshd',
  SYSLOG_PID: '4711',
  MESSAGE: 'Failed password for root from 198.51.100.7 port 4242 ssh2',
};

const SAMPLES = [
  ENTRY,
  { ...ENTRY, MESSAGE: [102, 10, 255, 0], _SOURCE_REALTIME_TIMESTAMP: '1795240097000001' },
  { ...ENTRY, MESSAGE: ['two', 'parts\n'], SYSLOG_PID: null, _PID: ['1', '2'] },
  { ...ENTRY, SYSLOG_IDENTIFIER: 'kernel', SYSLOG_PID: undefined, _SOURCE_MONOTONIC_TIMESTAMP: '12' },
  { ...ENTRY, MESSAGE: null, _HOSTNAME: [[1], [2]], SYSLOG_IDENTIFIER: ['a\nb', 'c'], SYSLOG_PID: '0x10' },
].map((entry) => Buffer.from(`${JSON.stringify(entry)}\n`));

const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    '\\n',
    '\\u0000',
    '\\ud800',
    'null',
    'true',
    '10',
    '-1',
    '1e999',
    '{}',
    '[]',
  ],
  ...[
    '[10]',
    '[[10]]',
    '["\\n"]',
    '[null]',
    '[10,"x"]',
    '["x",10]',
    '[-1,256,1e9,"a",null,{"length":9}]',
    '"\\n"',
    '""',
  ],
  ...Object.keys(ENTRY).map((name) => `"${name}":`),
  ...['{"__CURSOR":"c","__REALTIME_TIMESTAMP":"1",', '"__proto__":', '"length":', '-- Boot --\n', '9'.repeat(40)],
];

const MAX_LINE = 200;

interface Reading {
  readonly lines: string;
  readonly times: readonly number[];
  readonly cursor: string | undefined;
}

function read(pieces: readonly Buffer[]): Reading {
  const onEvent = (): void => undefined;
  const reader = new JournalReader({ source: 'journal', maxLine: MAX_LINE, onEvent, cursor: undefined });
  const chunks = pieces.flatMap((piece) => reader.read(piece) ?? []);
  for (const piece of pieces) reader.complain(piece);
  const lines = chunks.map(({ bytes }) => bytes.toString('latin1')).join('');
  return { lines, times: chunks.flatMap(({ times }) => times ?? []), cursor: reader.cursor };
}

/** One line for each time, and so for each entry: none could be smuggled in. */
function holds(bytes: Buffer): void {
  const whole = read([bytes]);
  if (JSON.stringify(read(piecesOf(bytes, 1))) !== JSON.stringify(whole))
    throw new Error('the pieces make a difference');
  const { lines, times } = whole;
  const entries = bytes.toString('latin1').split('\n').length - 1;
  const found = lines.split('\n').slice(0, -1);
  if (found.length !== times.length || found.length > entries) throw new Error('more lines than entries');
  if (found.some((line) => line.length > MAX_LINE)) throw new Error('a long line');
  if (!times.every((time) => Number.isSafeInteger(time) && time >= 0)) throw new Error('a time that is none');
}

t.test('what journalctl prints becomes one line an entry, or none, whatever an entry holds', async (t) => {
  const bytes = fc.oneof(anyBytes(200), wordsOf(WORDS, 30), mutated(SAMPLES, WORDS));
  tryProperty(t, 'journal', { bytes, holds });
});
