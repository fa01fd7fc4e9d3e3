import type { Expression, FilterDefinition } from '../model/definition.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { compilePattern, type Pattern } from '../regex/pattern.js';
import { expandTags } from './tags.js';

export type Role = 'prefregex' | 'failregex' | 'ignoreregex';

/** One regular expression of a filter, ready to be searched for. */
export interface Compiled {
  readonly role: Role;
  /** Among those of its role, from 0. */
  readonly index: number;
  readonly expression: Expression;
  /** In Python's dialect, tags expanded. */
  readonly python: string;
  readonly pattern: Pattern;
}

/** A filter's regular expressions. */
export interface CompiledFilter {
  readonly prefregex: Compiled | undefined;
  readonly failregex: readonly Compiled[];
  readonly ignoreregex: readonly Compiled[];
}

/** Groups that blame somebody, or tie a line to one that does. */
const BLAMING = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];

/**
 * Compiles every regular expression of a filter.
 *
 * @param resolvesNames whether `<HOST>` may be a host name.
 * @throws DropsetError `filter` that names file and line, for an expression that cannot be translated, is empty, or
 *   blames nobody.
 */
export function compileExpressions(definition: FilterDefinition, resolvesNames: boolean): CompiledFilter {
  const one = (role: Role, expression: Expression, index: number): Compiled =>
    compileOne(role, index, expression, resolvesNames, role === 'failregex' && definition.maxlines > 1);
  const prefregex = definition.prefregex && one('prefregex', definition.prefregex, 0);
  const failregex = definition.failregex.map((expression, index) => one('failregex', expression, index));
  const ignoreregex = definition.ignoreregex.map((expression, index) => one('ignoreregex', expression, index));
  if (!prefregex || !blames(prefregex)) failregex.forEach(requireBlame);
  return { prefregex, failregex, ignoreregex };
}

function compileOne(role: Role, index: number, expression: Expression, names: boolean, multiline: boolean): Compiled {
  const python = expandTags(expression.text, names);
  if (python.trim() === '') throw refused(role, expression, 'it is empty');
  try {
    return { role, index, expression, python, pattern: compilePattern(python, { multiline }) };
  } catch (error) {
    throw refused(role, expression, messageOf(error), error);
  }
}

const blames = ({ pattern }: Compiled): boolean => pattern.groupNames.some((name) => BLAMING.includes(name));

function requireBlame(compiled: Compiled): void {
  if (blames(compiled)) return;
  const why = 'it names nobody: put <HOST>, <ADDR>, <F-ID>..</F-ID> or <F-MLFID>..</F-MLFID> in it';
  throw refused(compiled.role, compiled.expression, why);
}

function refused(role: Role, { origin, line, text }: Expression, why: string, cause?: unknown): DropsetError {
  const place = line === undefined ? origin : `${origin}:${line}`;
  return new DropsetError('filter', `${place}: ${role} '${shortened(text)}': ${why}`, { cause });
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
