import { type Logtype, loadFilter } from '../src/fail2ban/filter.js';
import type { Expression, FilterDefinition } from '../src/model/definition.js';
import { DropsetError } from '../src/model/errors.js';
import { ask } from './fail2ban-configuration.js';

/** The options of a filter as fail2ban has them, all of them text but one. */
interface Options {
  readonly [option: string]: string | number;
}

/** A filter that both sides are asked for. */
export interface Question {
  readonly filter: string;
  /** The folder that `filter.d` is in. */
  readonly directory: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly logtype: Logtype;
}

export interface Comparison {
  readonly question: Question;
  /** What each side says; `{ error }` where it refuses. */
  readonly ours: object;
  readonly theirs: object;
  /** Whether both say the same, or both refuse. */
  readonly same: boolean;
  readonly refused: boolean;
}

/** Loads filters with dropset and with fail2ban. */
export async function compareFilters(questions: readonly Question[]): Promise<Comparison[]> {
  const answers = await ask<Options>(questions);
  return questions.map((question, index) => {
    const answer = answers[index] as Options | { error: string };
    const ours = loaded(question);
    const refused = 'error' in answer;
    const theirs = refused ? answer : expected(answer);
    const same = refused ? 'error' in ours : JSON.stringify(ours) === JSON.stringify(theirs);
    return { question, ours, theirs, same, refused };
  });
}

const lines = (text: string | number | undefined): string[] =>
  `${text ?? ''}`.split('\n').filter((line) => line !== '');

/** What fail2ban's options mean, in the shape of ours. */
const expected = (options: Options): object => ({
  prefregex: options.prefregex || undefined,
  failregex: lines(options.failregex),
  ignoreregex: lines(options.ignoreregex),
  datepattern: options.datepattern,
  maxlines: options.maxlines ?? 1,
  journalmatch: lines(options.journalmatch),
  usedns: options.usedns,
});

const texts = (expressions: readonly Expression[]): string[] => expressions.map(({ text }) => text);

const seen = (definition: FilterDefinition): object => ({
  prefregex: definition.prefregex?.text,
  failregex: texts(definition.failregex),
  ignoreregex: texts(definition.ignoreregex),
  datepattern: definition.datepattern,
  maxlines: definition.maxlines,
  journalmatch: definition.journalmatch,
  usedns: definition.usedns,
});

function loaded({ filter, directory, parameters, logtype }: Question): object {
  try {
    return seen(loadFilter(filter, { directories: [`${directory}/filter.d`], parameters, logtype, isPart: true }));
  } catch (thrown) {
    if (thrown instanceof DropsetError) return { error: thrown.message };
    throw thrown;
  }
}
