import { allowsOnly } from '../../bpf/allow.js';
import { inspect } from '../../bpf/pins.js';
import { MAPS } from '../../bpf/program.js';
import type { Prefix } from '../../model/prefix.js';
import type { Generation } from './generation.js';
import type { Hooks } from './hooks.js';
import type { Pinned } from './pinned.js';

/** What packets meet, and what the next start will find. */
export interface Frame {
  readonly generation: Generation;
  readonly hooks: Hooks;
  readonly pinned: Pinned;
  readonly allow: readonly Prefix[];
}

/** What is wrong with it, as sentences. Asks the kernel, not what we remember. @throws BpfError */
export function frameFaults({ generation, hooks, pinned, allow }: Frame): string[] {
  const { maps } = generation.program;
  const ids = pinned.mapIds();
  const strange = MAPS.filter((name) => ids.get(name) !== inspect(maps[name]).id);
  return [
    ...hooks.faults(),
    ...(strange.length > 0 ? [`the pinned tables are not those of the program: ${strange.join(', ')}`] : []),
    ...(allowsOnly(maps, allow) ? [] : ['somebody else is allowed']),
  ];
}
