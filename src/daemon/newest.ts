import type { Event } from '../model/events.js';
import type { Ban } from '../model/street.js';
import type { Listener } from './events.js';

/** The bans that came last, since the service started; of a million at a time it looks at the last ones alone. */
export class Newest implements Listener {
  readonly #most: number;
  #bans: Ban[] = [];

  /** @param most bans that are remembered. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The newest first. */
  get bans(): readonly Ban[] {
    return this.#bans.toReversed();
  }

  hear(event: Event): void {
    if (event.kind === 'ban') this.#remember([event.ban]);
  }

  hearMany(events: readonly Event[]): void {
    this.#remember(events.slice(-this.#most).flatMap((event) => (event.kind === 'ban' ? [event.ban] : [])));
  }

  #remember(bans: readonly Ban[]): void {
    this.#bans.push(...bans);
    if (this.#bans.length > this.#most) this.#bans = this.#bans.slice(-this.#most);
  }
}
