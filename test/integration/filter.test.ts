import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadFilter } from '../../src/fail2ban/filter.js';
import type { FilterDefinition } from '../../src/model/definition.js';
import { CONFIGURATION, FAIL2BAN, Oracle } from '../fail2ban.js';
import { definitionOf, type Written } from '../filter-definition.js';
import { compareFilter, type Read, type Trial, type Usedns } from '../filter-oracle.js';
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

const HOSTS = ['192.0.2.7', '198.51.100.1', '2001:db8::7', '::ffff:192.0.2.8', 'host.example', '::1', '999.1.1.1'];
const USERS = ['root', 'admin', 'x', 'a b', '', 'jörg'];

/** What sshd says of one connection. */
function sshd(random: Random): string {
  const [user, other] = [random.pick(USERS), random.pick(USERS)];
  const host = random.pick(HOSTS);
  return random.pick([
    `Failed password for ${user} from ${host} port 42 ssh2`,
    `Failed password for invalid user ${user} from ${host} port 42 ssh2`,
    `Failed publickey for ${user} from ${host} port 42 ssh2: RSA SHA256:abc`,
    `Failed none for ${user} from ${host} port 42 ssh2`,
    `error: PAM: Authentication failure for ${user} from ${host}`,
    `Invalid user ${user} from ${host} port 42`,
    `User ${user} from ${host} not allowed because not listed in AllowUsers`,
    `User ${user} not allowed because account is locked`,
    `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=${other} rhost=${host}  user=${user}`,
    `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${host}`,
    `Connection from ${host} port 42 on 192.0.2.200 port 22`,
    `Connection closed by authenticating user ${user} ${host} port 42 [preauth]`,
    `Connection closed by ${host} port 42 [preauth]`,
    `Connection reset by ${host} port 42`,
    `Disconnected from user ${user} ${host} port 42`,
    `Disconnected from invalid user ${user} ${host} port 42 [preauth]`,
    `Received disconnect from ${host} port 42:11: Bye [preauth]`,
    `Received disconnect from ${host} port 42:3: x: Auth fail [preauth]`,
    `Received disconnect from ${host} port 42:14: No supported authentication methods available [preauth]`,
    `Disconnecting: Too many authentication failures for ${user} [preauth]`,
    'Disconnecting: Too many authentication failures [preauth]',
    `Disconnecting invalid user ${user} ${host} port 42: Change of username or service not allowed: (a,b) -> (c,d) [preauth]`,
    `error: maximum authentication attempts exceeded for ${user} from ${host} port 42 ssh2 [preauth]`,
    `Unable to negotiate with ${host} port 42: no matching cipher found. Their offer: x`,
    'error: no matching cipher found: x',
    'Read from socket failed: Connection reset by peer',
    'error: kex_exchange_identification: Connection closed by remote host',
    `Accepted password for ${user} from ${host} port 42 ssh2`,
    `Accepted publickey for ${user} from ${host} port 42 ssh2`,
    'pam_unix(sshd:session): session opened for user root by (uid=0)',
  ]);
}

/** Lines of a few sessions, some of which tend to stay with one user. */
function sessions(random: Random, count: number, say: (random: Random) => string, daemon: string): string[] {
  return Array.from({ length: count }, () => `host ${daemon}[${1 + random.below(4)}]: ${say(random)}`);
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

function sendmail(random: Random): string {
  const host = random.pick(['[192.0.2.7]', 'h.example [192.0.2.8]', '[IPv6:2001:db8::7]', 'h [2001:db8::9]']);
  const forged = random.pick(['', ' (may be forged)']);
  return random.pick([
    `ruleset=check_rcpt, arg1=<a@b.example>, relay=${host}${forged}, reject=550 5.7.1 <a@b.example>... Relaying denied. Proper authentication required.`,
    `ruleset=check_rcpt, arg1=<a@b.example>, relay=${host}, reject=553 5.1.8 <c@b.example>... Domain of sender address a@b does not exist`,
    `ruleset=check_relay, arg1=x, relay=${host}${forged}, reject=421 4.3.2 Connection rate limit exceeded.`,
    `rejecting commands from ${host} due to pre-greeting traffic after 0 seconds`,
    `${host}: EXPN root [rejected]`,
    '<nobody@b.example>... No such user here',
    '<root@b.example>... No such user here',
    `from=<a@b.example>, size=1, class=0, nrcpts=1, bodytype=8BITMIME, proto=ESMTP, daemon=MTA, relay=h.example [192.0.2.${random.below(3)}]`,
    `${host}${forged} did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA`,
    `${host}${forged}: possible SMTP attack: command=AUTH, count=5`,
    `AUTH failure (LOGIN): authentication failure: checkpass failed, user=${random.pick(USERS)}, relay=${host}${forged}`,
    `AUTH failure (LOGIN): user not found: x, relay=${host}`,
  ]);
}

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

function slapd(random: Random): string {
  const connection = `conn=${random.below(4)}`;
  return random.pick([
    `${connection} fd=1${random.below(3)} ACCEPT from IP=${random.pick(HOSTS)}:3${random.below(9)} (IP=0.0.0.0:389)`,
    `${connection} op=0 BIND dn="cn=x" method=128`,
    `${connection} op=${random.below(3)} RESULT tag=97 err=49 text=`,
    `${connection} op=${random.below(3)} RESULT tag=97 err=0 text=`,
    `${connection} fd=12 closed`,
  ]);
}

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

/** Pieces that the filters below are made for, in any order. */
function pieces(random: Random): string {
  const words = Array.from({ length: 1 + random.below(5) }, () =>
    random.pick([
      `from ${random.pick(HOSTS)}`,
      `user=${random.pick(USERS)}`,
      `alt=${random.pick(USERS)}`,
      `id=${random.pick(['k1', '192.0.2.9', '[2001:db8::9]', '2001:DB8::A', '192.0.2.7'])}`,
      `net 192.0.2.${random.below(256)}/${1 + random.below(32)}`,
      `net 2001:db8:ffff::${random.below(9)}/${1 + random.below(128)}`,
      `name=${random.pick(['h.example', '192.0.2.7', '-'])}`,
      'ok',
      'fail',
      'skip',
      `s${random.below(3)}`,
    ]),
  );
  return words.join(' ');
}

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
