import t from 'tap';
import { banner, inOneLine, stock, textsOf, tried } from './blame.js';
import { tryProperty } from './property.js';
import { SERVICES } from './services.js';

const SENDERS = ['198.51.100.7', '2001:db8::7'];

for (const [name, { filters, words, lines }] of Object.entries(SERVICES)) {
  t.test(`nobody but the sender is counted, whatever he writes (${name})`, async (t) => {
    const banned = banner(...filters.map(stock));
    // Each as often as the words that all have in common are there.
    const many = words.flatMap((word) => [word, word, word, word, word]);
    const holds = (bytes: Buffer): void => {
      const text = inOneLine(bytes);
      const sender = SENDERS[text.length % 2] as string;
      tried(banned, sender, lines(text, sender));
    };
    tryProperty(t, 'bystanders', { bytes: textsOf(many), holds });
    for (const filter of filters) {
      const one = banner(stock(filter));
      for (const sender of SENDERS) t.same(one(lines('x', sender)), new Set([sender]), `${filter} is for such lines`);
    }
  });
}
