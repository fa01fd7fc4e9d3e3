import type { Filter } from '../filters/filter.js';

/** Texts that are too short to take time, one of each kind that patterns are compiled for. */
const SHORT = { ascii: 'x', other: '\u00e9' } as const;

/** V8 interprets a pattern at first, and compiles it to machine code when it is used again. */
const USES = 2;

/**
 * Has a filter's patterns compiled, so that the first line does not pay for it: the default dates alone take some 100 ms, which
 * is more than a line may take. Tells the filter nothing.
 */
export function warm(filter: Filter, kind: keyof typeof SHORT): void {
  const { prefregex, failregex, ignoreregex } = filter.expressions;
  const expressions = [...(prefregex ? [prefregex] : []), ...failregex, ...ignoreregex];
  const patterns = [
    ...expressions.map(({ pattern }) => pattern),
    ...filter.detector.templates.map((one) => one.compile()),
  ];
  for (const pattern of patterns) for (let use = 0; use < USES; use++) pattern.exec(SHORT[kind], kind === 'ascii');
}
