import t from 'tap';
import { partsOf } from '../../../src/cli/help.js';

t.test('paragraphs, terms and examples', async (t) => {
  const help = `Does a thing,
over two lines.

  WORD            what it is
  --for TIME      how long: 1h;
                  or for ever
  --prefix PREFIX one space is enough behind an option
  --format a|b
                  one of them

What it is called
  two words   a term
Text behind it.

Examples:
  dropset x
  dropset y | z`;
  t.same(partsOf(help), [
    { kind: 'text', text: 'Does a thing, over two lines.' },
    {
      kind: 'terms',
      terms: [
        { term: 'WORD', text: 'what it is' },
        { term: '--for TIME', text: 'how long: 1h; or for ever' },
        { term: '--prefix PREFIX', text: 'one space is enough behind an option' },
        { term: '--format a|b', text: 'one of them' },
      ],
    },
    { kind: 'text', text: 'What it is called' },
    { kind: 'terms', terms: [{ term: 'two words', text: 'a term' }] },
    { kind: 'text', text: 'Text behind it.' },
    { kind: 'examples', lines: ['dropset x', 'dropset y | z'] },
  ]);
});

t.test('a help without examples', async (t) => {
  t.same(partsOf('Does a thing.'), [{ kind: 'text', text: 'Does a thing.' }]);
});
