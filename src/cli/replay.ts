import type { Readable } from 'node:stream';
import { type Command, DONE, JSON_OPTION, UsageError } from './command.js';
import { DEFAULT_CONFIG } from './default-config.js';
import { Progress } from './progress.js';
import { Notes } from './replay/notes.js';
import { changed, optionsOf } from './replay/options.js';
import { recordsOf } from './replay/records.js';
import { textOf } from './replay/report.js';
import { styleOf } from './style.js';
import { write } from './write.js';

const replay: Command = {
  summary: 'say whom a configuration would have banned, from logs that are there',
  usage: '[--config FILE] [--jail NAMES] [--json] LOG...',
  help: `Reads logs as the service would have read them while they were written, with their own dates for a clock, and tells who would
have been banned: when, how long after the first failure, by which jail, what the kernel would have dropped then, and who of them
is never banned or has logged in, and so was perhaps no attacker. No service is needed, and nothing is written or banned.

  LOG               a file (.gz is unpacked), what journalctl -o json printed, a file of login records (btmp); - is standard input.
                    The order does not matter: lines are read in the order of their dates
  --config FILE     the configuration; default ${DEFAULT_CONFIG}
  --jail NAMES      these jails alone, separated by commas, whatever they read; default those that read a file of that name,
                    rotated or not (auth.log.2.gz, mail.log-20261101)
  --since TIME      pass over older lines: a span (7d) or a time (2026-01-31, 2026-01-31T12:00:00Z)
  --until TIME      pass over later lines

What another configuration would have done
  --maxretry N      failures that make a ban, in every jail that counts failures
  --findtime TIME   within this time
  --bantime TIME    for so long; never
  --siege N         one failure is enough while more than N addresses fail; 0 for never

What is told
  --success REGEX   what a login looks like, with <ADDR>, in place of what sshd, dovecot, postfix, vsftpd, proftpd and pure-ftpd say
  --suspects        only bans of who is never banned or has logged in
  --now TIME        what dates without a year are before; default now
  --json            one object {bans, jails, logs, sieges, lines, bytes, seconds, first, last, notes}: a ban is {jail, address,
                    since, until, first, failures, dropped, reason, never, loginBefore, loginAfter}, a jail {name, counts,
                    maxretry, findtime, bantime, lines, failures, addresses, bans, spared, dropped, suspects, invalid,
                    unresolved, skewed}, a siege {jail, user, since, until, bans}

A ban's failures are those since the first one. What its address does afterwards, as long as the ban lasts, does not count:
the kernel drops it. DROPPED is how many of these were failures. Names of hosts are not looked up, and no ignorecommand
is asked.

Exit codes: 0 done, 1 a log or the configuration cannot be used, 2 wrong usage.

Examples:
  dropset replay /var/log/auth.log*
  dropset replay --config ./new.toml --since 7d /var/log/auth.log /var/log/auth.log.1 --suspects
  dropset replay --jail sshd --maxretry 3 --findtime 1d ./auth.log
  journalctl -u ssh -o json | dropset replay --jail sshd - --json | jq -r '.bans[].address'`,
  options: {
    ...JSON_OPTION,
    config: { type: 'string' },
    jail: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    maxretry: { type: 'string' },
    siege: { type: 'string' },
    findtime: { type: 'string' },
    bantime: { type: 'string' },
    success: { type: 'string' },
    suspects: { type: 'boolean' },
    now: { type: 'string' },
  },

  async run(invocation) {
    const { words, options, stdin } = invocation;
    if (words.length === 0) throw new UsageError('replay needs a LOG, for example /var/log/auth.log');
    const given = optionsOf(options, Date.now());
    const [{ loadConfig }, { openLog }, { Replay }] = await Promise.all([
      import('../config/config.js'),
      import('../replay/open-log.js'),
      import('../replay/replay.js'),
    ]);
    const config = changed(loadConfig((options.config as string | undefined) ?? DEFAULT_CONFIG), given);
    const notes = new Notes();
    const { maxLine } = config.service;
    const reading = { maxLine, onEvent: ({ message }: { readonly message: string }) => notes.add(message) };
    const logs = [];
    for (const word of new Set(words)) logs.push(await openLog(word, stdin as Readable, reading));
    const made = new Replay(config, logs, { ...given, onNote: (sentence) => notes.add(sentence) });
    const began = performance.now();
    const progress = new Progress(invocation, () => performance.now());
    for await (const { lines, part } of made.run()) progress.tell(lines, part);
    progress.clear();
    const results = { replay: made, logs, notes: notes.all, seconds: (performance.now() - began) / 1000 };
    const texts = options.json ? recordsOf(results, given) : textOf(results, given, styleOf(invocation));
    for (const text of texts) await write(invocation, text);
    return DONE;
  },
};

export default replay;
