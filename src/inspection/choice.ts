import { existsSync } from 'node:fs';
import { type Logtype, loadFilter } from '../fail2ban/filter.js';
import { filterNames } from '../fail2ban/filter-files.js';
import type { Expression, FilterDefinition } from '../model/definition.js';

/** A filter as a command line chooses it. */
export interface Choice {
  /** Where names are looked up. */
  readonly directories: readonly string[];
  readonly logtype?: Logtype;
  /** Besides the filter's own. */
  readonly ignoreregex?: string;
  /** In place of the filter's own; several one a line. */
  readonly datepattern?: string;
  readonly maxlines?: number;
}

/** What errors call the command line. */
const COMMAND_LINE = 'command line';

/**
 * The filter that a text stands for: a name with its options (`sshd[mode=aggressive]`), the path of a file, or a failregex.
 * The rule is fail2ban-regex's: a name or a path is letters, digits, `_`, `-`, `.` and `/`, perhaps with options in brackets.
 * What looks like one and is not there is a failregex only if it blames somebody.
 *
 * @throws DropsetError `filter`
 */
export function chooseFilter(text: string, choice: Choice): FilterDefinition {
  const { directories, logtype, ignoreregex, datepattern, maxlines } = choice;
  const reference = referenceOf(text, directories);
  const definition =
    reference === undefined
      ? failregexAlone(text)
      : loadFilter(reference, { directories, ...(logtype && { logtype }) });
  return {
    ...definition,
    ...(ignoreregex !== undefined && { ignoreregex: [...definition.ignoreregex, given(ignoreregex)] }),
    ...(datepattern !== undefined && { datepattern }),
    ...(maxlines !== undefined && { maxlines }),
  };
}

const given = (text: string): Expression => ({ text, origin: COMMAND_LINE });

const failregexAlone = (text: string): FilterDefinition => ({
  name: 'failregex of the command line',
  origin: COMMAND_LINE,
  failregex: [given(text)],
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
});

/** A reference as `loadFilter` takes it, to a name or to the path of a file; a text that leads nowhere stays what it is. */
export const referenceTo = (text: string, directories: readonly string[]): string =>
  referenceOf(text, directories) ?? text;

const REFERENCE = /^([\p{L}\p{N}_./-]+)((?:\[.*\])?)$/su;

/** Undefined for a regular expression. */
function referenceOf(text: string, directories: readonly string[]): string | undefined {
  const [, name, options = ''] = REFERENCE.exec(text) ?? [];
  if (name === undefined) return undefined;
  const known = knownName(name, directories);
  // A class of characters at the end looks like options: x[<HOST>].
  if (known === undefined && text.includes('<')) return undefined;
  return `${known ?? name}${options}`;
}

/** As `loadFilter` takes it: a file is told from a name by its slash. */
function knownName(name: string, directories: readonly string[]): string | undefined {
  if (name.includes('/')) return existsSync(name) || existsSync(`${name}.conf`) ? name : undefined;
  const names = filterNames(directories);
  const bare = name.replace(/\.(?:conf|local)$/, '');
  return [name, bare].find((one) => names.includes(one)) ?? (existsSync(name) ? `./${name}` : undefined);
}
