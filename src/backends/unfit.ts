import { Refusal } from '../model/refusal.js';
import type { AddChange, Change } from '../model/street.js';
import type { Backend } from './backend.js';

/** For backends that turn an address away as a whole. */
export const unfitScope = ({ scope }: AddChange): string | undefined =>
  scope && `it is for '${scope.text}' only, and all of an address can be turned away here, or nothing`;

/** Refuses a batch for the first element that the backend never holds. @throws Refusal `element` */
export function refuseUnfit(changes: readonly Change[], backend: Required<Pick<Backend, 'unfit' | 'kind'>>): void {
  for (const change of changes) {
    const reason = change.verb === 'add' ? backend.unfit(change) : undefined;
    if (reason === undefined) continue;
    const { prefix } = change;
    throw new Refusal('element', `${prefix} is not for ${backend.kind}: ${reason}`, { element: prefix });
  }
}
