import type { Expression, FilterDefinition } from '../src/model/definition.js';

/** A filter as a test writes it. */
export interface Written {
  readonly prefregex?: string;
  readonly failregex: readonly string[];
  readonly ignoreregex?: readonly string[];
  /** `null` for none. Dates are looked for at the line's begin where absent. */
  readonly datepattern?: string | null;
  readonly maxlines?: number;
}

const expression = (text: string, index = 0): Expression => ({ text, origin: 'x.conf', line: index + 1 });

export function definitionOf(written: Written): FilterDefinition {
  const { prefregex, failregex, ignoreregex = [], datepattern = '{^LN-BEG}', maxlines = 1 } = written;
  return {
    name: 'x',
    origin: 'x.conf',
    ...(prefregex !== undefined && { prefregex: expression(prefregex) }),
    failregex: failregex.map(expression),
    ignoreregex: ignoreregex.map(expression),
    ...(datepattern !== null && { datepattern }),
    maxlines,
    journalmatch: [],
  };
}
