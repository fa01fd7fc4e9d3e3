import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadFilter } from '../../src/fail2ban/filter.js';
import type { FilterDefinition } from '../../src/model/definition.js';
import { CONFIGURATION, FAIL2BAN, Oracle } from '../fail2ban.js';
import { definitionOf, type Written } from '../filter-definition.js';
import { compareFilter, type Read, type Trial, type Usedns } from '../filter-oracle.js';
import { pieces, sendmail, sessions, slapd, sshd } from '../log-lines.js';
import { Random } from '../random.js';

const oracle = new Oracle('filter.py');
t.teardown(() => oracle.close());

/** 2026-11-21 06:00 UTC */
const NOW = 1_795_240_800;

const USEDNS: readonly Usedns[] = ['warn', 'no', 'raw'];

let lines = 0;
let failures = 0;
t.teardown(() => process.stderr.write(`filter: ${lines} lines, ${failures} failures\n`));

async function compare(t: Test, title: string, trial: Trial): Promise<void> {
  const outcome = await compareFilter(oracle, trial);
  lines += trial.lines.length;
  failures += outcome.failures;
  t.strictSame(outcome.differences.slice(0, 3), [], title);
}

const stock = (reference: string): FilterDefinition =>
  loadFilter(reference, { directories: [join(CONFIGURATION, 'filter.d')] });

const two = (number: number): string => String(number).padStart(2, '0');

/** As syslog writes it, in Zurich. */
function date(seconds: number): string {
  const local = new Date((seconds + 3600) * 1000);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  return `Nov ${two(local.getUTCDate())} ${time}`;
}

/** Gives lines dates and times: seconds lie between them, sometimes minutes; now and then a date is missing. */
function read(random: Random, texts: readonly string[]): Read[] {
  let now = NOW;
  return texts.map((text) => {
    now += random.below(100) === 0 ? 290 + random.below(20) : random.below(3);
    return [now, random.below(30) === 0 ? text : `${date(now)} ${text}`];
  });
}

t.test('sessions of sshd', async (t) => {
  const variants = ['', 'mode=ddos', 'mode=extra', 'mode=aggressive'];
  variants.push('publickey=any', 'publickey=invalid', 'publickey=ignore', 'mode=aggressive, publickey=any');
  for (const [seed, variant] of variants.entries()) {
    for (const usedns of USEDNS) {
      const random = new Random(seed * 3 + USEDNS.indexOf(usedns));
      const texts = sessions(random, 800, sshd, 'sshd');
      await compare(t, `sshd[${variant}], usedns = ${usedns}`, {
        definition: stock(variant ? `sshd[${variant}]` : 'sshd'),
        usedns,
        lines: read(random, texts),
      });
    }
  }
});

t.test('sessions of sendmail', async (t) => {
  const names = ['sendmail-reject', 'sendmail-reject[mode=aggressive]', 'sendmail-auth'];
  for (const [seed, name] of names.entries()) {
    const random = new Random(100 + seed);
    const queued = (random: Random): string =>
      `${random.pick(['', 'x5Sw8mCQ01234: ', 'x5Sw8mCQ05678: '])}${sendmail(random)}`;
    const texts = sessions(random, 2000, queued, 'sm-mta');
    await compare(t, name, { definition: stock(name), lines: read(random, texts) });
  }
});

t.test('several lines of slapd', async (t) => {
  const random = new Random(200);
  const texts = sessions(random, 800, slapd, 'slapd').map((line) => line.replace(/\[\d/, '[1'));
  await compare(t, 'slapd', { definition: stock('slapd'), lines: read(random, texts) });
});

/** Lines of a filter's samples, in another order, some of them often. */
function shuffled(random: Random, name: string, count: number): string[] {
  const samples = readFileSync(join(FAIL2BAN, 'fail2ban/tests/files/logs', name), 'utf8').split('\n');
  const texts = samples.filter((line) => line !== '' && !line.startsWith('#'));
  const found: string[] = [];
  while (found.length < count) {
    const at = random.below(texts.length);
    found.push(...texts.slice(at, at + 1 + random.below(4)));
  }
  return found;
}

t.test('several lines of the stock filters', async (t) => {
  const names = ['ejabberd-auth', 'guacamole', 'mongodb-auth', 'slapd', 'sogo-auth', 'dovecot', 'postfix', 'vsftpd'];
  for (const [seed, name] of names.entries()) {
    for (const usedns of USEDNS) {
      const random = new Random(300 + seed * 3 + USEDNS.indexOf(usedns));
      let now = NOW;
      const lines = shuffled(random, name, 300).map((line): Read => {
        now += random.below(3);
        return [now, line];
      });
      await compare(t, `${name}, usedns = ${usedns}`, { definition: stock(name), usedns, lines });
    }
  }
});

/**
 * Where names are raw, fail2ban lets an id of its own win over a name beside it. Neither can be dropped, and for dropset it
 * is the name that was not resolved.
 */
const NAMED: readonly Usedns[] = ['warn', 'no'];

const WRITTEN: readonly (Written & { readonly usedns?: readonly Usedns[] })[] = [
  { failregex: ['fail.* from <HOST>', 'ok.* from <ADDR>', 'user=<F-USER>\\S*</F-USER> .*from <HOST>'] },
  { failregex: ['net <SUBNET>'] },
  { failregex: ['net <ADDR>/<CIDR>\\b'] },
  { failregex: ['net <IP6>/<F-CIDR/>', 'from <F-IP4/>(?!\\S)'] },
  { failregex: ['id=<F-ID/>'] },
  { failregex: ['id=<F-ID>\\S+</F-ID>(?: .*from <ADDR>)?'] },
  { failregex: ['id=<F-ID>\\S+</F-ID> .*name=<DNS>', 'name=<DNS>'], usedns: NAMED },
  {
    failregex: [
      'id=<F-ID>\\S+</F-ID> .*user=<F-TUPLE_ID>\\w*</F-TUPLE_ID>(?:.* from <F-TUPLE_ID_1>\\S+</F-TUPLE_ID_1>)?',
    ],
  },
  { failregex: ['user=<F-TUPLE_ID>\\w*</F-TUPLE_ID>.* from <HOST>'], usedns: NAMED },
  {
    prefregex: 'user=<F-TUPLE_ID>\\w*</F-TUPLE_ID>',
    failregex: ['fail.* from <HOST>', 'alt=<F-TUPLE_ID_2>\\w*</F-TUPLE_ID_2>.* id=<F-ID>\\S+</F-ID>', 'from <ADDR>'],
    usedns: NAMED,
  },
  { failregex: ['user=<F-USER>\\w*</F-USER>.* alt=<F-ALT_USER>\\w*</F-ALT_USER>.* from <HOST>'] },
  { failregex: ['from <HOST>(?:.* alt=<F-ALT_USER_1>\\w*</F-ALT_USER_1>)?(?:.* user=<F-ALT_USER>\\w*</F-ALT_USER>)?'] },
  { prefregex: '<F-CONTENT>fail.*</F-CONTENT>', failregex: ['^fail.*from <HOST>', '^fail'.concat('.* id=<F-ID/>')] },
  {
    prefregex: 'from <HOST>(?: user=<F-USER>\\w*</F-USER>)? <F-CONTENT>.*</F-CONTENT>',
    failregex: ['^(?:user=<F-USER>\\w*</F-USER>)? ?fail', 'ok'],
  },
  { prefregex: 'from <HOST>(?: <F-CONTENT>fail</F-CONTENT>)?', failregex: ['^fail$', 'skip'] },
  { prefregex: 'alt=<F-ALT_USER>\\w*</F-ALT_USER>', failregex: ['(?:user=<F-USER>\\w*</F-USER>)?.* from <HOST>'] },
  { failregex: ['from <HOST>'], ignoreregex: ['ok'] },
  { failregex: ['fail.*from <HOST>', 'skip.* from <HOST>', 'user.* from <HOST>', 'from <HOST>'], ignoreregex: ['ok'] },
  { prefregex: '<F-CONTENT>fail.*</F-CONTENT>', failregex: ['^fail.*from <HOST>'], ignoreregex: ['^ok', 'skip'] },
  {
    prefregex: '<F-CONTENT>fail.*</F-CONTENT>',
    failregex: ['s0.*from <HOST>', 's1.*from <HOST>', 's2.*from <HOST>', 'from <HOST>'],
    ignoreregex: ['^(?:\\S+ )?ok'],
  },
  {
    failregex: [
      '<F-MLFID>s\\d</F-MLFID>.* fail',
      '<F-MLFID>s\\d</F-MLFID>.* from <HOST>',
      '<F-MLFID>s\\d</F-MLFID>.* <F-NOFAIL>ok</F-NOFAIL>',
    ],
  },
  {
    prefregex: '<F-MLFID>s\\d</F-MLFID> <F-CONTENT>.+</F-CONTENT>',
    failregex: [
      '^<F-MLFFORGET><F-MLFGAINED>ok</F-MLFGAINED></F-MLFFORGET>(?: user=<F-USER>\\w*</F-USER>)?',
      '^(?:<F-NOFAIL>skip</F-NOFAIL> )?from <HOST>',
      '^user=<F-USER>\\w*</F-USER>',
      '^<F-MLFFORGET>fail</F-MLFFORGET>',
      '^id=<F-ID/>',
    ],
    usedns: NAMED,
  },
  {
    prefregex: '<F-MLFID>s\\d</F-MLFID> <F-CONTENT>.+</F-CONTENT>',
    failregex: [
      '^<F-MLFGAINED>ok</F-MLFGAINED>',
      '^<F-NOFAIL>fail</F-NOFAIL>(?: from <HOST>)?',
      'from <HOST>',
      'user=<F-USER>\\w*</F-USER>',
    ],
  },
  { maxlines: 3, failregex: ['^.*fail.*$<SKIPLINES>.*from <HOST>'] },
  { maxlines: 3, failregex: ['fail\\n.*from <HOST>', 'ok\\n.*ok\\n.*from <ADDR>'], ignoreregex: ['skip'] },
  { maxlines: 5, failregex: ['^.*(?P<s>s\\d).*$<SKIPLINES>^.*(?P=s).*from <HOST>'], ignoreregex: ['ok'] },
  { maxlines: 4, failregex: ['fail<SKIPLINES>.*ok<SKIPLINES>.*from <HOST>', '^skip$<SKIPLINES>.*id=<F-ID/>'] },
  {
    maxlines: 4,
    failregex: ['s0 from <HOST>', 's1 from <HOST>', 's2<SKIPLINES>.*from <HOST>', 'fail\\n.*id=<F-ID/>'],
    ignoreregex: ['skip'],
  },
  { maxlines: 3, failregex: ['user=<F-USER>\\w+</F-USER>.*(?:\\n.*)*fail(?:\\n.*)* from <HOST>'] },
  { maxlines: 2, failregex: ['(?=[\\s\\S]*fail[\\s\\S]*from <HOST>)'] },
  { maxlines: 3, failregex: ['<F-MLFID>s\\d</F-MLFID>.*\\n.*fail', '<F-MLFID>s\\d</F-MLFID>.* from <HOST>'] },
];

t.test('filters that use every part of the language', async (t) => {
  for (const [index, options] of WRITTEN.entries()) {
    for (const usedns of options.usedns ?? USEDNS) {
      const random = new Random(400 + index * 3 + USEDNS.indexOf(usedns));
      const texts = Array.from({ length: 500 }, () => pieces(random));
      const { prefregex = '', failregex, ignoreregex = [] } = options;
      const title = [prefregex, ...failregex, ...ignoreregex, `usedns = ${usedns}`].join(' | ');
      await compare(t, title, { definition: definitionOf(options), usedns, lines: read(random, texts) });
    }
  }
});
