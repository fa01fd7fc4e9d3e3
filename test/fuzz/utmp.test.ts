import fc from 'fast-check';
import t from 'tap';
import { UtmpDecoder } from '../../src/sources/utmp-decoder.js';
import { LAYOUTS, type UtmpLayoutName } from '../../src/sources/utmp-layout.js';
import { lineOf } from '../../src/sources/utmp-line.js';
import type { UtmpRecord } from '../../src/sources/utmp-record.js';
import { loginRecord } from '../login-records.js';
import { anyBytes, mutated, piecesOf } from './input.js';
import { tryProperty } from './property.js';

const WORDS = ['\0', '\n', '"', '\\', '" from 192.0.2.99', '192.0.2.99', '2001:db8::99', '%eth0', '\x1b[2J', '\xff'];

const record = (user: string, host: string, address: string, layout: 'x86-64' | 'arm64' = 'x86-64'): Buffer =>
  loginRecord({ user, host, address, type: user.length % 2 === 0 ? 6 : 7 }, layout);

const SAMPLES = [
  record('root', '198.51.100.7', 'c6336407'),
  Buffer.concat([record('root', '', 'c6336407'), record('ann', '2001:db8::7', '20010db8000000000000000000000007')]),
  Buffer.concat([record('x" on "y', 'fe80::1%eth0', '00000000'), loginRecord({ type: 2 }), record('', '', '00000000')]),
  Buffer.concat([record('a', '', 'c6336407', 'arm64'), record('b', '2001:db8::', '20010db8', 'arm64')]),
  record('root', '', '00000000000000000000ffffc6336407'),
];

interface Decoded {
  readonly records: readonly UtmpRecord[];
  readonly pending: number;
  readonly broken: number;
}

function decode(pieces: readonly Buffer[], layout?: UtmpLayoutName): Decoded {
  const decoder = new UtmpDecoder(layout);
  const records = pieces.flatMap((piece) => decoder.push(piece));
  return { records, pending: decoder.pending, broken: decoder.broken };
}

function isSameInPieces(bytes: Buffer, layout: UtmpLayoutName): void {
  const whole = decode([bytes], layout);
  const cut = decode(piecesOf(bytes, 1), layout);
  if (JSON.stringify(whole) !== JSON.stringify(cut)) throw new Error('the pieces make a difference');
  if (whole.pending !== bytes.length % LAYOUTS[layout].size) throw new Error('a whole record is held back');
}

const LINE = /^[bw]tmp\[\d+\]: (?:login failed for|logged in) "[ !#-[\]-~\\x]*" on "[ !#-[\]-~\\x]*" from (\S+)$/;

function isPlain(record: UtmpRecord): void {
  for (const log of ['btmp', 'wtmp'] as const) {
    const line = lineOf(record, log);
    if (line === undefined) continue;
    const found = LINE.exec(line);
    if (!found || found[1] !== (record.address?.text ?? '-')) throw new Error(`no line of the form: ${line}`);
  }
}

function holds(bytes: Buffer): void {
  for (const layout of ['x86-64', 'arm64'] as const) isSameInPieces(bytes, layout);
  for (const record of decode(piecesOf(bytes, 2)).records) isPlain(record);
}

t.test(
  'records, whatever pieces they come in, make lines that hold nothing of an attacker but words in quotes',
  async (t) => {
    tryProperty(t, 'utmp', { bytes: fc.oneof(anyBytes(2000), mutated(SAMPLES, WORDS)), holds });
  },
);
