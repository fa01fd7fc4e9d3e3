import type { Readable } from 'node:stream';
import { chooseFilter } from '../../inspection/choice.js';
import { linesOf, openLog } from '../../inspection/log.js';
import { recordOf } from '../../inspection/outcome.js';
import { LINE_BUDGET, MOST_OVERRUNS, Trial } from '../../inspection/trial.js';
import { DropsetError } from '../../model/errors.js';
import {
  type Command,
  complain,
  DONE,
  FAILED,
  type Invocation,
  JSON_OPTION,
  UNUSABLE,
  UsageError,
} from '../command.js';
import { Progress } from '../progress.js';
import { write } from '../write.js';
import { Reporter } from './reporter.js';
import { choiceOf, encodingOption, trialOptionsOf } from './trial-options.js';

const PRINTS = ['print-missed', 'print-ignored', 'print-matched'] as const;

const test: Command = {
  summary: 'try a filter on a log, or on a line',
  usage: '[OPTIONS] FILTER LOG',
  help: `Shows which lines of a log a filter matches, by which expression, whom it blames, and what that costs. Nobody is banned,
and no service is needed.

  FILTER              the name of a filter, with options if need be (sshd[mode=aggressive]); the path of a filter's file;
                      or a failregex. A name or a path is letters, digits, _ - . and /, all else is a failregex
  LOG                 a file (.gz is unpacked), - for standard input, or the text of a line

What the filter is
  --filter-dir DIR    look filters up there and nowhere else: a fail2ban tree (/etc/fail2ban), or a folder such as its
                      filter.d; default /etc/dropset/filter.d, dropset's own, /etc/fail2ban/filter.d
  --logtype TYPE      what the lines look like: file (default), journal, rfc5424, short; as in fail2ban
  --ignoreregex REGEX besides the filter's own
  --datepattern TEXT  in place of the filter's own
  --maxlines N        lines that one expression may span, in place of the filter's own; from 1 to 1000
  --usedns MODE       no: <HOST> is an address; raw (default): or a host's name, shown as it is; yes or warn: and the
                      addresses of the names that are shown are looked up

What the log is
  --encoding NAME     default utf-8
  --timezone TZ       of dates that do not say theirs: a name (Europe/Zurich), or an offset as in logtimezone (UTC+0200);
                      default this machine's
  --now SECONDS       what counts as now, since the epoch: dates without a year are of the year before it

What is done
  --all-regexes       try every failregex on each line; default the first that matches wins, as in the service
  --print-missed      print all lines that no failregex matched, as they come; default the first 20, at the end
  --print-ignored     print all lines that were ignored
  --print-matched     print all lines that matched, and whom they blame
  --top N             addresses to show; default 20
  --json              one object for each line of the log, in order:
                      {"line": 1, "matches": [{"regex": 0, "id": "192.0.2.1", "time": 1700000000.5, "groups": {}}]}
                      line from 1, regex from 0, time in seconds or null; matches is empty where nobody is blamed

Every line counts, empty ones and comments (#) too, as in the service; fail2ban-regex passes those over. A line is
  matched     if a failregex blames somebody
  pending     if it fails somebody whom a later line of the session has to name, and <F-MLFID> ties them together
  ignored     if ignoreregex takes it back, or it tells that nothing failed (<F-NOFAIL>)
  missed      if no failregex matches
An expression that takes more than ${LINE_BUDGET} ms on a line is stopped and passes the line over; after ${MOST_OVERRUNS} such lines it is tried
no more. Dates may be of any year from 1970 on.

Exit codes: 0 a line matched, 1 none did, 2 wrong usage, 3 the filter or the log cannot be used.

Examples:
  dropset filter test sshd /var/log/auth.log
  dropset filter test 'sshd[mode=aggressive]' /var/log/auth.log.2.gz --print-matched
  journalctl -u ssh -o short | dropset filter test sshd - --json | jq -r '.matches[].id' | sort | uniq -c
  dropset filter test '^Login of <F-USER>.*</F-USER> from <HOST> failed$' 'Login of root from 192.0.2.1 failed'`,
  options: {
    ...JSON_OPTION,
    'filter-dir': { type: 'string' },
    logtype: { type: 'string' },
    ignoreregex: { type: 'string' },
    datepattern: { type: 'string' },
    maxlines: { type: 'string' },
    usedns: { type: 'string' },
    encoding: { type: 'string' },
    timezone: { type: 'string' },
    now: { type: 'string' },
    'all-regexes': { type: 'boolean' },
    'print-missed': { type: 'boolean' },
    'print-ignored': { type: 'boolean' },
    'print-matched': { type: 'boolean' },
    top: { type: 'string' },
  },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length !== 2) throw new UsageError('filter test needs a filter and a log, and nothing else');
    const print = PRINTS.find((name) => options[name]);
    if (options.json && print) throw new UsageError(`--json tells of every line: leave --${print} out`);
    try {
      return (await tried(invocation)) ? DONE : FAILED;
    } catch (error) {
      if (!(error instanceof DropsetError)) throw error;
      complain(invocation, error.message);
      return UNUSABLE;
    }
  },
};

export default test;

/** Whether a line matched. */
async function tried(invocation: Invocation): Promise<boolean> {
  const [text, from] = invocation.words as [string, string];
  const { options } = invocation;
  const encoding = encodingOption(options);
  const trialOptions = trialOptionsOf(options, Date.now());
  const definition = chooseFilter(text, choiceOf(options));
  const trial = new Trial(definition, trialOptions);
  const log = openLog(from, invocation.stdin as Readable);
  const lines = linesOf(log, encoding);
  if (options.json) return asJson(invocation, trial, lines);
  const reporter = new Reporter(invocation, trial, log, () => performance.now());
  const progress = new Progress(invocation, () => performance.now());
  for await (const { lines: some, part } of lines) {
    for (const outcomes of trial.judge(some)) {
      const printed = reporter.take(outcomes);
      if (printed !== '') progress.clear();
      if (printed !== '') await write(invocation, printed);
      progress.tell(reporter.lines, part);
    }
  }
  progress.clear();
  await write(invocation, await reporter.end());
  return reporter.matched > 0;
}

async function asJson(invocation: Invocation, trial: Trial, lines: ReturnType<typeof linesOf>): Promise<boolean> {
  let isMatched = false;
  for await (const { lines: some } of lines) {
    for (const outcomes of trial.judge(some)) {
      const records = outcomes.map(recordOf);
      isMatched ||= records.some(({ matches }) => matches.length > 0);
      if (records.length > 0) await write(invocation, `${records.map((one) => JSON.stringify(one)).join('\n')}\n`);
    }
  }
  return isMatched;
}
