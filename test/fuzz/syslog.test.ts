import fc from 'fast-check';
import t from 'tap';
import { FrameSplitter } from '../../src/sources/syslog-frames.js';
import { lineOf, parseMessage } from '../../src/sources/syslog-message.js';
import { timeOf } from '../../src/sources/syslog-time.js';
import { anyBytes, mutated, piecesOf, wordsOf } from './input.js';
import { tryProperty } from './property.js';

const NOW = Date.parse('2026-11-21T05:48:17Z');

const SAMPLES = [
  '<86>Nov 21 05:48:17 gate sshd[4711]: Failed password for root from 198.51.100.7 port 4242 ssh2\n',
  '<86>Nov 21 05:48:17 sshd: hello',
  '<38>2026-11-21T05:48:17.123456+01:00 2001:db8::1 app[1]: text',
  '<165>1 2026-11-21T05:48:17.003Z gate app 4711 ID47 [x@1 a="\\"]" b="c"][y@2] \xef\xbb\xbftext',
  '<13>1 - - - - - - text',
  '<191>no date at all',
].map((text) => Buffer.from(text, 'latin1'));

const WORDS = [
  ...['<', '>', '<13>', '<999>', '1 ', '- ', ' ', '  ', ':', ': ', '[', ']', '"', '\\', '\\"', '\n', '\r', '\0', '='],
  ...[
    'Nov 21 05:48:17 ',
    'Feb 30 25:61:61 2026 ',
    '2026-11-21T05:48:17Z ',
    '2026-13-41T99:99:99+99:99 ',
    'gate ',
    'app[1]: ',
  ],
  ...['a'.repeat(300), '['.repeat(300), '1234567890', '12 <', '9 <', '999999999 <', '\xef\xbb\xbf', '*', 'x@1 a="b"'],
];

/** Nothing is lost or made up: the text is a part of the message, and so are the others, in bounds. */
function isParsed(bytes: Buffer): void {
  const message = bytes.toString('latin1');
  const { timestamp, host, tag, text } = parseMessage(message);
  if (!message.includes(text)) throw new Error('the text is not in the message');
  if ((timestamp?.length ?? 0) > 64 || (host?.length ?? 0) > 255 || (tag?.length ?? 0) > 520)
    throw new Error('a long part');
  if (/\s/.test(`${host ?? ''}${tag ?? ''}`)) throw new Error('a space in the host or tag');
  const line = lineOf({ text, ...(host !== undefined && { host }), ...(tag !== undefined && { tag }) }, 'sender');
  if (line.length > message.length + 'sender '.length + 3) throw new Error('a line longer than its message');
  const time = timeOf(timestamp, NOW);
  if (!(Math.abs(time - NOW) <= 60_000)) throw new Error(`a time far from now: ${time}`);
}

const LIMIT = 64;

function split(pieces: readonly Buffer[]): string {
  const cut: number[] = [];
  const splitter = new FrameSplitter(LIMIT, (length) => cut.push(length));
  const frames: string[] = [];
  for (const piece of pieces) {
    frames.push(...splitter.push(piece).map((frame) => frame.toString('latin1')));
    // What is kept must be a copy.
    piece.fill(0x7e);
  }
  const rest = splitter.end()?.toString('latin1');
  return JSON.stringify({ frames, rest, cut });
}

function isSplit(bytes: Buffer): void {
  const whole = split([Buffer.from(bytes)]);
  if (split(piecesOf(bytes, 1)) !== whole) throw new Error('the pieces make a difference');
  const { frames, rest } = JSON.parse(whole) as { frames: string[]; rest?: string };
  const all = rest === undefined ? frames : [...frames, rest];
  if (all.some((frame) => frame.length === 0 || frame.length > LIMIT)) throw new Error('an empty or long frame');
  if (all.join('').length > bytes.length) throw new Error('more than was sent');
}

const bytes = fc.oneof(anyBytes(500), wordsOf(WORDS, 30), mutated(SAMPLES, WORDS));

t.test('any message has parts in bounds, which stand in it', async (t) => {
  tryProperty(t, 'syslog-message', { bytes, holds: isParsed });
});

t.test('a stream has the same messages, none longer than the limit, whatever pieces it comes in', async (t) => {
  tryProperty(t, 'syslog-frames', { bytes, holds: isSplit });
});
