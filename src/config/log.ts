import type { Fault } from './faults.js';
import type { LogConfig } from './types.js';

/** As the file has it: what stands in front of a line depends on who writes it. */
type Written = Omit<LogConfig, 'prefix'> & { readonly prefix?: string | undefined };

export const logOf = ({ prefix, ...log }: Written): LogConfig => ({
  ...log,
  prefix: prefix ?? (log.dropped === 'service' ? 'dropset {jail}: ' : 'dropset: '),
});

/** Of a prefix that names the jail where the kernel writes the line. */
export function prefixFaults({ dropped, prefix }: Written): readonly Fault[] {
  if (dropped === 'service' || !prefix?.includes('{')) return [];
  const sentence = 'has {jail}, which the kernel does not know; expected dropped = "service" beside it, or no {jail}';
  return [{ path: ['log', 'prefix'], sentence }];
}
