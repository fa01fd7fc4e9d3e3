import fc from 'fast-check';
import t from 'tap';
import { DateDetector } from '../../src/dates/detector.js';
import { LocalZone } from '../../src/dates/local-zone.js';
import { stockPatterns } from '../dates.js';
import { anyBytes, mutated, wordsOf } from './input.js';
import { tryProperty } from './property.js';

const NOW = Date.parse('2026-11-21T05:48:17Z');

const SAMPLES = [
  '2026-11-21T05:48:17.123456+01:00 gate sshd[1]: x\n2026-11-21 05:48:17,123 x\n2026/02/30 05:48:17 UTC x',
  'Nov 21 05:48:17 gate x\nSat Nov 21 05:48:17.123 2026 x\nPDT Nov 21 05:48:17 x\nFeb 29 05:48:17 x',
  '192.0.2.1 - - [21/Nov/2026:05:48:17 +0100] "GET /"\n192.0.2.1 - - [31/Nov/2026:05:48:17 -2359] "GET /"',
  '1795240097.123 x\n[1795240097] x\n@400000006a1f0b6123456789 x\n12:34:56 x\n<11/21/26@05:48:17> x',
  '261121  5:48:17 x\n20261121T054817 x\nNov 21, 2026 5:48:17 AM x\nNov-21-26 05:48:17 x\n11-21-2026 05:48:17.1 x',
].map((text) => Buffer.from(text));

const WORDS = [
  ...[
    '\n',
    ' ',
    '  ',
    ':',
    '-',
    '/',
    '.',
    ',',
    '+',
    'T',
    'Z',
    '[',
    ']',
    '<',
    '@',
    '0',
    '1',
    '9',
    '00',
    '24',
    '60',
    '61',
    '99',
  ],
  ...[
    '2026',
    '0000',
    '9999',
    '29',
    '31',
    '366',
    'Nov',
    'FEB',
    'm\u00e4r',
    'Sat',
    'PDT',
    'UTC+99',
    '+2460',
    '-0000',
    'AM',
    'pm',
  ],
  ...[
    'Nov 21 05:48:17',
    '2026-11-21 05:48:17',
    '99999999999999999999',
    '1795240097',
    '@4000000000000000',
    '\u0664',
    '\u00e9',
  ],
  ...['\ud83d\ude00', '\u2028', '\u017fat', 'x'.repeat(300), '1'.repeat(300), '1/'.repeat(100)],
];

/** Made before any input comes, which would pay for it. They remember what they saw: that is how they work. */
const DETECTORS = stockPatterns().map((pattern) => {
  const zone = new LocalZone('Europe/Zurich');
  const detector = new DateDetector({ now: () => NOW, zone, ...(pattern !== undefined && { datepattern: pattern }) });
  // The first searches have V8 compile.
  for (const text of ['x', '\u00e9']) for (let use = 0; use < 2; use++) detector.warmUp(text);
  return detector;
});

/** They take turns, by the input; the default one has every second. */
function detectorFor(bytes: Buffer): DateDetector {
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return DETECTORS[sum % (DETECTORS.length * 2)] ?? (DETECTORS[0] as DateDetector);
}

function isDated(detector: DateDetector, line: string): void {
  const match = detector.match(line);
  if (!match) return;
  const { start, end } = match;
  if (!(0 <= start && start <= end && end <= line.length)) throw new Error(`from ${start} to ${end} of ${line.length}`);
  const time = match.time();
  if (time !== undefined && !Number.isFinite(time)) throw new Error(`a time of ${time}`);
}

function holds(bytes: Buffer): void {
  const detector = detectorFor(bytes);
  for (const line of bytes.toString('utf8').split('\n')) isDated(detector, line);
}

t.test('a line has a date within it or none, and its time is a number or not there', async (t) => {
  tryProperty(t, 'dates', { bytes: fc.oneof(anyBytes(200), wordsOf(WORDS, 30), mutated(SAMPLES, WORDS)), holds });
});
