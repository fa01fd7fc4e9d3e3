import t from 'tap';
import { type } from '../../../terminal.js';

const SESSION = '^<F-MLFID>\\w+</F-MLFID> (?:<F-NOFAIL>ok</F-NOFAIL>|bad) <HOST>$';

const test = (log: string, ...options: string[]) => type(['filter', 'test', SESSION, log, ...options]);

t.test('lines as they come, where they are asked for', async (t) => {
  const log = 'a bad 192.0.2.1\nmissed \u001b[31m\nb ok 192.0.2.2\nc bad 192.0.2.3';
  const printed = async (...options: string[]): Promise<string> =>
    (await test(log, ...options)).stdout.split('Filter  ')[0] as string;
  t.equal(await printed(), '');
  t.equal(await printed('--print-missed'), 'missed 2: missed \\u{1b}[31m\n', 'with nothing that moves a cursor');
  t.equal(await printed('--print-ignored'), 'ignored 3: b ok 192.0.2.2\n');
  t.equal(
    await printed('--print-matched', '--print-missed'),
    'matched 1 [192.0.2.1]: a bad 192.0.2.1\nmissed 2: missed \\u{1b}[31m\nmatched 4 [192.0.2.3]: c bad 192.0.2.3\n',
  );
});

t.test('missed lines at the end, no more than twenty', async (t) => {
  const few = await test('x\ny');
  t.match(few.stdout, /\nMISSED \(2\)\n1: x\n2: y\n/);
  const many = await test(Array.from({ length: 30 }, (_, index) => `x${index}`).join('\n'));
  t.match(many.stdout, /\nMISSED \(30, the first 20; --print-missed prints all\)\n1: x0\n[\s\S]*\n20: x19\n\n30 lines/);
  t.notMatch((await test('x', '--print-missed')).stdout, /MISSED/);
});

t.test('what is tried, and the results', async (t) => {
  const { stdout } = await test('a bad 192.0.2.1');
  t.match(stdout, /^Filter {2}failregex of the command line \(command line\)\nLog {5}the text given\n\nEXPRESSION/);
  t.match(stdout, /\nADDRESSES \(1\)\n1 {2}192\.0\.2\.1\n/);
  t.match(stdout, /\n1 line: 1 matched, 0 missed, 0 ignored, 0 pending\n\d+\.\d\d s, \d+ lines\/s\n$/);
});

t.test('lines that one match spans are all told of', async (t) => {
  const words = ['filter', 'test', '^a<SKIPLINES>b <HOST>$', 'a\nb 192.0.2.1\nc', '--maxlines', '2'];
  const { stdout } = await type([...words, '--print-matched', '--print-missed']);
  t.match(stdout, /^matched 1: a\nmatched 2 \[192\.0\.2\.1\]: b 192\.0\.2\.1\nmissed 3: c\n/);
});

t.test('names are looked up where that is asked for', async (t) => {
  const words = ['filter', 'test', 'x <HOST>', 'x nobody.invalid'];
  t.match((await type(words)).stdout, /\n1 {2}nobody\.invalid\n/);
  t.match((await type([...words, '--usedns', 'yes'])).stdout, /\n1 {2}nobody\.invalid \(no address\)\n/);
});
