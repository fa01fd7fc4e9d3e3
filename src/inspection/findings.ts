import type { Compiled } from '../filters/compiled.js';
import type { Pattern } from '../regex/pattern.js';
import { letsOthersBeBlamed } from './catch-all.js';

/**
 * What is to be said of a filter:
 * - `fault`: it cannot be used so.
 * - `warning`: whoever writes the log may misuse it.
 * - `note`: good to know.
 */
export type Severity = 'fault' | 'warning' | 'note';

export interface Finding {
  readonly severity: Severity;
  /** Names file and line, where they are known. */
  readonly sentence: string;
}

/** `/etc/fail2ban/filter.d/sshd.conf:40` */
export const placeOf = ({ expression: { origin, line } }: Compiled): string =>
  line === undefined ? origin : `${origin}:${line}`;

/** `failregex 3`, from 1 as people count. */
export const labelOf = ({ role, index }: Compiled): string => (role === 'prefregex' ? role : `${role} ${index + 1}`);

/** What is to be said of an expression that can be used. */
export function findingsOf(compiled: Compiled, multiline: boolean): Finding[] {
  const label = `${placeOf(compiled)}: ${labelOf(compiled)}`;
  const risk = riskOf(compiled.pattern);
  const isLoose = compiled.role === 'failregex' && letsOthersBeBlamed(compiled.python, multiline);
  const loose =
    'takes any text (.*) before the address and does not end behind it: a text such as "from 192.0.2.1" in a name may get ' +
    'somebody else banned; say what may stand there, or end it with $';
  return [
    ...(risk ? [{ severity: risk.severity, sentence: `${label} ${risk.sentence}` }] : []),
    ...(isLoose ? [{ severity: 'warning' as const, sentence: `${label} ${loose}` }] : []),
  ];
}

const GROWTH = {
  exponential: 'may take twice as long with each further character of a crafted line',
  polynomial: "may take a time that is a power of a crafted line's length",
} as const;

/** The engine decides whether a risk is one for the service. */
export function riskOf({ risk, engine }: Pick<Pattern, 'risk' | 'engine'>): Finding | undefined {
  if (risk === 'none') return undefined;
  if (engine === 'linear') {
    const sentence = `${GROWTH[risk]} in other engines; the linear engine searches for it, which is slower but safe`;
    return { severity: 'note', sentence };
  }
  if (engine === 'v8' && risk === 'polynomial') return { severity: 'note', sentence: GROWTH[risk] };
  return {
    severity: 'warning',
    sentence: `${GROWTH[risk]}, and is stopped and left out then; repeat less inside what is repeated`,
  };
}
