import { DropsetError } from './errors.js';
import type { Prefix } from './prefix.js';

/**
 * Where the fault of a refused batch lies:
 * - `element`: in one of its elements; the others would go through without it.
 * - `backend`: in no element: the table is gone, a capability is missing. Searching for a guilty one is useless.
 * - `passing`: nowhere: interrupted, or short of memory or buffers for the moment. The same batch may go through later.
 */
export type Fault = 'element' | 'backend' | 'passing';

/** A backend refused a batch; none of it has taken effect, or, of a `passing` fault, perhaps all of it. */
export class Refusal extends DropsetError {
  readonly fault: Fault;
  /** The element that the kernel pointed at, where it did. */
  readonly element?: Prefix;

  constructor(fault: Fault, message: string, options: ErrorOptions & { element?: Prefix } = {}) {
    super('kernel', message, options);
    this.name = 'Refusal';
    this.fault = fault;
    if (options.element) this.element = options.element;
  }
}
