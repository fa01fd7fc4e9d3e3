import t from 'tap';
import { expandTokens, hasWords } from '../../../src/dates/tokens.js';

const YEARS = { first: 2000, last: 2029 };

const matches = (token: string, text: string): boolean => {
  const { regex } = expandTokens(token, YEARS);
  return new RegExp(`^(?:${regex.replaceAll('(?P<', '(?<')})$`).test(text);
};

t.test('what each token takes, and what it does not', async (t) => {
  const table: [token: string, taken: string, refused: string][] = [
    ['%%', '%', '%%'],
    ['%a', 'mon sun', 'Mon monday'],
    ['%A', 'monday sunday', 'mon'],
    ['%b', 'jan dec', 'january'],
    ['%B', 'january may', 'jan'],
    ['%d', '1 01 21 31', '0 32 001'],
    ['%f', '1 123456', '1234567'],
    ['%G', '2026', '26'],
    ['%H', '0 00 23', '24'],
    ['%I', '1 01 12', '0 13'],
    ['%j', '1 01 001 366', '000 367'],
    ['%k', '0 05 29', '30'],
    ['%l', '1 19', '20'],
    ['%m', '1 01 12', '00 13'],
    ['%M', '0 59', '60'],
    ['%p', 'am pm', 'AM'],
    ['%S', '0 61', '62'],
    ['%u', '1 7', '0 8'],
    ['%U', '0 53', '54'],
    ['%V', '0 01 53', '54'],
    ['%w', '0 6', '7'],
    ['%W', '0 53', '54'],
    ['%x', '1/2/26 11/21/26', '11/21/2026'],
    ['%X', '1:2:3 05:48:17', '24:00:00'],
    ['%y', '26', '2026'],
    ['%Y', '0000 9999', '999'],
    ['%z', 'Z UTC GMT +01 -0530 +05:30', 'CET z +2000'],
    ['%Z', 'Z CET UTC', 'X cet'],
    ['%Exd', '01 31', '1 00'],
    ['%ExH', '00 23', '5 24'],
    ['%Exk', '5 23', '24'],
    ['%Exl', '1 12', '13'],
    ['%Exm', '01 12', '1 13'],
    ['%ExM', '00 59', '5'],
    ['%ExS', '00 61', '5 62'],
    ['%Exy', '26', '6'],
    ['%ExY', '2000 2029', '1999 2030'],
    ['%Exz', '+01 CET CET+0100 Z', '+2 CETCETCET'],
    ['%ExZ', 'Z CET', '+01'],
  ];
  for (const [token, taken, refused] of table) {
    for (const text of taken.split(' ')) t.ok(matches(token, text), `${token} takes ${text}`);
    for (const text of refused.split(' ')) t.notOk(matches(token, text), `${token} does not take ${text}`);
  }
  t.ok(matches('%c', 'sat nov 21 05:48:17 2026'));
  t.ok(matches('%d', ' 1'), 'a day may have a space for its zero');
  t.ok(matches('%k', ' 5'), 'and so may an hour');
});

t.test('names as fail2ban-regex prints them', async (t) => {
  t.equal(
    expandTokens('(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?', YEARS).name,
    '(?:DAY )?MON Day %k:Minute:Second(?:\\.Microseconds)?(?: ExYear)?',
  );
  t.equal(expandTokens('100%% %y%m%dT%H', YEARS).name, '100% Year2MonthDayT24hour');
});

t.test('what is no token', async (t) => {
  for (const [pattern, piece] of [
    ['%Y-%q', '%q'],
    ['100%', '%'],
    ['%5d', '%'],
    ['%Ex', '%E'],
    ['%Exq', '%Exq'],
  ]) {
    const message = `date pattern '${pattern}': '${piece}' is no date token; write %% for a percent sign, or see strptime(3)`;
    t.throws(() => expandTokens(pattern as string, YEARS), { code: 'filter', message });
  }
});

t.test('which patterns have words, whose case does not matter', async (t) => {
  for (const pattern of ['%a', '%A', '%b', '%B', '%p', '%c', 'x%b']) t.ok(hasWords(pattern), pattern);
  for (const pattern of ['%Y', 'b', '%%b', '%Z']) t.notOk(hasWords(pattern), pattern);
});
