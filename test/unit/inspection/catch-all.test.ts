import t from 'tap';
import { expandTags } from '../../../src/filters/tags.js';
import { letsOthersBeBlamed } from '../../../src/inspection/catch-all.js';

const isLoose = (text: string): boolean => letsOthersBeBlamed(expandTags(text, true), false);

t.test('any text before the address, and no end behind it', async (t) => {
  for (const text of [
    '^login of .* from <HOST>',
    '^login of .+? from <HOST>',
    '^login of <F-USER>.*</F-USER> from <HOST> port \\d+',
    '^login of .* from <HOST>.*$',
    '^login of .* from <HOST>(?: port \\d+|.*)?$',
    '^(?:a|.*) from <ADDR>',
    '^(?s:.{3,}) <F-ID>\\d+</F-ID>',
    '^(?:.*)+ <HOST>',
    '^(?:x .*)* <HOST>',
    '^(?P<a>x)?(?(a).*|y) <HOST>',
    '^(?>.*) <HOST>',
    '^.* <HOST>(?:$|x)',
  ]) {
    t.ok(isLoose(text), text);
  }
});

t.test('what is tied down', async (t) => {
  for (const text of [
    '^login of .* from <HOST>$',
    '^login of .* from <HOST>\\s*$',
    '^login of .* from <HOST>(?: port \\d+)?\\s*\\Z',
    '^login of \\S+ from <HOST>',
    '^login of "[^"]*" from <HOST>',
    '^login of .{0,20} from <HOST>',
    '^login of (?:(?! from ).)* from <HOST>',
    '^login from <HOST>.*',
    '^login from <HOST>: .*',
    '^no address at all .*',
    '^(?!.*never) from <HOST>',
  ]) {
    t.notOk(isLoose(text), text);
  }
});
