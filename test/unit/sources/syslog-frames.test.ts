import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import { FrameSplitter } from '../../../src/sources/syslog-frames.js';

/** The frames, what the end gives, and the lengths of those that were cut, if the bytes come in pieces of `size`. */
function split(text: string, size: number, limit = 100): { frames: string[]; rest: string | undefined; cut: number[] } {
  const cut: number[] = [];
  const splitter = new FrameSplitter(limit, (length) => cut.push(length));
  const frames: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    const piece = Buffer.from(text.slice(at, at + size), 'latin1');
    frames.push(...splitter.push(piece).map((frame) => frame.toString('latin1')));
    piece.fill(0x7e);
  }
  return { frames, rest: splitter.end()?.toString('latin1'), cut };
}

const each = (t: Test, text: string, expected: object, limit?: number): void => {
  for (let size = 1; size <= text.length; size++)
    t.match(split(text, size, limit), expected, `${JSON.stringify(text)} by ${size}`);
};

t.test('ended by newlines', async (t) => {
  each(t, '<1>a\n<1>b\n\n<1>c', { frames: ['<1>a', '<1>b'], rest: '<1>c', cut: [] });
  each(t, 'a\n7\n78 b\n12345678901 <x\n', { frames: ['a', '7', '78 b', '12345678901 <x'], rest: undefined });
  each(t, '0 <a\n-1 <b\n7', { frames: ['0 <a', '-1 <b'], rest: '7' });
});

t.test('counted in octets', async (t) => {
  each(t, '4 <1>a5 <1>\nb', { frames: ['<1>a', '<1>\nb'], rest: undefined, cut: [] });
  each(t, '4 <1>a\n4 <1>b\n', { frames: ['<1>a', '<1>b'], rest: undefined });
  each(t, '4 <1>a<1>b\n4 <1>c', { frames: ['<1>a', '<1>b', '<1>c'], rest: undefined });
  each(t, '9 <1>a', { frames: [], rest: undefined, cut: [] });
});

t.test('of a long message the beginning is kept', async (t) => {
  each(t, `<1>${'x'.repeat(20)}\n<1>b\n`, { frames: ['<1>xxxxxxx', '<1>b'], cut: [23] }, 10);
  each(t, `23 <1>${'x'.repeat(20)}4 <1>b`, { frames: ['<1>xxxxxxx', '<1>b'], cut: [23] }, 10);
});

t.test('what is announced is not waited for in memory', async (t) => {
  const cut: number[] = [];
  const splitter = new FrameSplitter(1000, (length) => cut.push(length));
  splitter.push(Buffer.from('99999991 <'));
  const block = Buffer.alloc(100_000, 10);
  for (let i = 0; i < 999; i++) t.same(splitter.push(block), []);
  const [frame] = splitter.push(block);
  t.equal(frame?.length, 1000);
  t.same(cut, [99_999_991]);
});

t.test('random bytes never throw', async (t) => {
  let block = Buffer.from('seed');
  const splitter = new FrameSplitter(50, () => undefined);
  for (let i = 0; i < 5000; i++) {
    block = createHash('sha512').update(block).digest();
    const bytes = block.map((byte) => (byte < 128 ? ('0123456789 <\n'.charCodeAt(byte % 13) as number) : byte));
    for (const frame of splitter.push(Buffer.from(bytes))) {
      if (frame.length === 0 || frame.length > 50) t.fail(`${frame.length} bytes`);
    }
  }
});
