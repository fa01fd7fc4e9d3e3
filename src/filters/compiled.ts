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
  const { compiled, faults } = compileEach(definition, resolvesNames);
  if (faults[0]) throw faults[0];
  const of = (role: Role): readonly Compiled[] => compiled.filter((one) => one.role === role);
  return { prefregex: of('prefregex')[0], failregex: of('failregex'), ignoreregex: of('ignoreregex') };
}

/** What can be used of a filter's expressions, and what is wrong with the others. */
export interface CompiledEach {
  readonly compiled: readonly Compiled[];
  readonly faults: readonly DropsetError[];
}

/** As compileExpressions, but goes on behind what cannot be used. */
export function compileEach(definition: FilterDefinition, resolvesNames: boolean): CompiledEach {
  const isMultiline = definition.maxlines > 1;
  const results = sourcesOf(definition).map(({ role, expression, index }) =>
    tried(() => compileOne(role, index, expression, resolvesNames, role === 'failregex' && isMultiline)),
  );
  const compiled = results.filter((result): result is Compiled => !(result instanceof DropsetError));
  const faults = results.filter((result) => result instanceof DropsetError);
  return { compiled, faults: [...faults, ...blameless(definition, compiled)] };
}

type Source = Pick<Compiled, 'role' | 'index' | 'expression'>;

function sourcesOf({ prefregex, failregex, ignoreregex }: FilterDefinition): Source[] {
  const all = (role: Role, expressions: readonly Expression[]): Source[] =>
    expressions.map((expression, index) => ({ role, expression, index }));
  return [
    ...all('prefregex', prefregex ? [prefregex] : []),
    ...all('failregex', failregex),
    ...all('ignoreregex', ignoreregex),
  ];
}

function tried(make: () => Compiled): Compiled | DropsetError {
  try {
    return make();
  } catch (error) {
    if (error instanceof DropsetError) return error;
    throw error;
  }
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

/** Faults of expressions that name nobody. A prefregex that cannot be used might have. */
function blameless(definition: FilterDefinition, compiled: readonly Compiled[]): DropsetError[] {
  const prefregex = compiled.find(({ role }) => role === 'prefregex');
  if (definition.prefregex && (!prefregex || blames(prefregex))) return [];
  const why = 'it names nobody: put <HOST>, <ADDR>, <F-ID>..</F-ID> or <F-MLFID>..</F-MLFID> in it';
  const wanting = compiled.filter((one) => one.role === 'failregex' && !blames(one));
  return wanting.map(({ role, expression }) => refused(role, expression, why));
}

function refused(role: Role, { origin, line, text }: Expression, why: string, cause?: unknown): DropsetError {
  const place = line === undefined ? origin : `${origin}:${line}`;
  return new DropsetError('filter', `${place}: ${role} '${shortened(text)}': ${why}`, { cause });
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
