import t, { type Test } from 'tap';
import { UsageError } from '../../../../src/cli/command.js';
import {
  choiceOf,
  encodingOption,
  numberOf,
  trialOptionsOf,
  usednsOf,
} from '../../../../src/cli/filter/trial-options.js';

const refuses = (t: Test, work: () => unknown, message: string | RegExp): void => {
  t.throws(work, UsageError);
  t.throws(work, { message });
};

t.test('which filter', async (t) => {
  const folder = t.testdir({});
  t.same(choiceOf({ 'filter-dir': folder }), { directories: [folder] });
  t.same(choiceOf({ 'filter-dir': folder, logtype: 'short', ignoreregex: 'x', datepattern: 'EPOCH', maxlines: '9' }), {
    directories: [folder],
    logtype: 'short',
    ignoreregex: 'x',
    datepattern: 'EPOCH',
    maxlines: 9,
  });
  refuses(t, () => choiceOf({ logtype: 'x' }), "--logtype takes one of file, journal, rfc5424, short, not 'x'");
});

t.test('whole numbers', async (t) => {
  t.equal(numberOf({}, 'top', 0, 9), undefined);
  t.equal(numberOf({ top: '9' }, 'top', 0, 9), 9);
  for (const top of ['10', '-1', 'x', '', '1.5', '1e1']) {
    refuses(t, () => numberOf({ top }, 'top', 0, 9), `--top takes a whole number from 0 to 9, not '${top}'`);
  }
});

t.test('what counts as now', async (t) => {
  t.equal(trialOptionsOf({}, 7).now(), 7);
  t.equal(trialOptionsOf({ now: '1.5' }, 7).now(), 1500);
  for (const now of ['', 'x', '1e99']) refuses(t, () => trialOptionsOf({ now }, 7), /^--now takes seconds/);
});

t.test('zones by name, and by offset', async (t) => {
  const zone = (timezone: string) => {
    const { zone, logtimezone } = trialOptionsOf({ timezone }, 0);
    return zone ?? `fixed ${logtimezone}`;
  };
  t.equal(zone('Europe/Zurich'), 'Europe/Zurich');
  for (const offset of ['UTC+0200', '-0530', '+02', 'GMT-01:00', 'UTC', 'Z']) t.equal(zone(offset), `fixed ${offset}`);
  for (const none of ['', 'Mars/Crater', 'UTC+9999']) refuses(t, () => zone(none), /^--timezone takes a name/);
});

t.test('host names, and every expression', async (t) => {
  t.match(trialOptionsOf({}, 0), { everyRegex: false, takesNames: true });
  t.match(trialOptionsOf({ usedns: 'no', 'all-regexes': true }, 0), { everyRegex: true, takesNames: false });
  t.equal(usednsOf({}), 'raw');
  refuses(t, () => usednsOf({ usedns: 'maybe' }), /^--usedns takes one of no, raw, yes, warn/);
  t.type(trialOptionsOf({}, 0).stopwatch(), 'number');
});

t.test('encodings', async (t) => {
  t.equal(encodingOption({}), 'utf-8');
  t.equal(encodingOption({ encoding: 'auto' }), 'utf-8');
  t.equal(encodingOption({ encoding: 'latin1' }), 'windows-1252');
  refuses(t, () => encodingOption({ encoding: 'klingon' }), /^--encoding 'klingon' is none/);
  refuses(t, () => encodingOption({ encoding: 'utf-16' }), /is not supported; convert the log first/);
});
