import t from 'tap';
import { Scanner } from '../../../src/scan/scanner.js';

/** What the scanner stops at: the line's text, its literals, and whether it is ASCII. */
function stops(scanner: Scanner, literals: readonly string[], text: string): [string, string[], boolean][] {
  const bytes = Buffer.from(text);
  scanner.take(bytes);
  const found: [string, string[], boolean][] = [];
  while (scanner.next()) {
    const line = bytes.toString('utf8', scanner.start, scanner.end);
    found.push([line, literals.filter((_, number) => scanner.has(number)), scanner.isAscii]);
  }
  return found;
}

t.test('stops at lines that contain a literal, in either case, and says which', async (t) => {
  const literals = ['Failed', 'invalid user', 'led pass'];
  const text = 'nothing here\nFAILED password for invalid\nInvalid User x\n\nfailed passed\n';
  t.same(stops(new Scanner(literals), literals, text), [
    ['FAILED password for invalid', ['Failed', 'led pass'], true],
    ['Invalid User x', ['invalid user'], true],
    ['failed passed', ['Failed', 'led pass'], true],
  ]);
});

t.test('counts the lines that it passes', async (t) => {
  const scanner = new Scanner(['x']);
  t.same(stops(scanner, ['x'], 'a\nb\nx\nc\n').length, 1);
  t.equal(scanner.lines, 4);
});

t.test('a literal does not reach over a line break, nor over a byte beyond ASCII', async (t) => {
  const literals = ['abcd'];
  t.same(stops(new Scanner(literals), literals, 'ab\ncd\nab\u00e9cd\n'), []);
});

t.test('says which lines are not ASCII', async (t) => {
  const literals = ['user'];
  t.same(stops(new Scanner(literals), literals, 'üser user\nuser\nuser é\n'), [
    ['üser user', ['user'], false],
    ['user', ['user'], true],
    ['user é', ['user'], false],
  ]);
});

t.test('stops at every line when it is asked to', async (t) => {
  const literals = ['b'];
  t.same(stops(new Scanner(literals, { stopsAlways: true }), literals, 'a\nb\n\n'), [
    ['a', [], true],
    ['b', ['b'], true],
    ['', [], true],
  ]);
});

t.test('agrees with a plain search, on random text over a small alphabet', async (t) => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const word = (letters: string, most: number): string =>
    Array.from({ length: 1 + random(most) }, () => letters[random(letters.length)]).join('');
  for (let round = 0; round < 300; round++) {
    const literals = Array.from({ length: 1 + random(6) }, () => word('abAB ', 5));
    const lines = Array.from({ length: 20 }, () => word('abcABC é', 12));
    const expected = lines
      .map((line) => [line, literals.filter((literal) => line.toLowerCase().includes(literal.toLowerCase()))] as const)
      .filter(([, found]) => found.length > 0)
      .map(([line, found]) => [line, found, !line.includes('é')]);
    t.strictSame(stops(new Scanner(literals), literals, `${lines.join('\n')}\n`), expected, JSON.stringify(literals));
  }
});

t.test('new bytes begin anew', async (t) => {
  const scanner = new Scanner(['ab']);
  t.same(stops(scanner, ['ab'], 'a\n'), []);
  t.same(stops(scanner, ['ab'], 'b\nab\n').length, 1);
});

t.test('stops only at the literals that it is told to, and notes the others', async (t) => {
  const literals = ['ab', 'cd', 'ef'];
  const scanner = new Scanner(literals, { stopsAt: [true, false, true] });
  const bytes = Buffer.from('cd\nab cd ab\nef ab\n');
  scanner.take(bytes);
  t.ok(scanner.next());
  t.same([scanner.count, scanner.found(0), scanner.has(1), scanner.has(2)], [1, 0, true, false]);
  t.ok(scanner.next());
  t.same([scanner.count, scanner.found(0), scanner.found(1), scanner.has(1)], [2, 2, 0, false]);
  t.notOk(scanner.next());
});

t.test('stops at lines that are not ASCII when it is asked to', async (t) => {
  const literals = ['ab'];
  t.same(stops(new Scanner(literals, { stopsAtForeign: true }), literals, 'x\né\nab\n'), [
    ['é', [], false],
    ['ab', ['ab'], true],
  ]);
});
