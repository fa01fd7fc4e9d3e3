import { detectLayout, ENOUGH, LAYOUTS, type UtmpLayout, type UtmpLayoutName } from './utmp-layout.js';
import { readRecord, type UtmpRecord } from './utmp-record.js';

/** Cuts bytes into records, whatever pieces they come in. Keeps at most one unfinished record, and never throws for bytes. */
export class UtmpDecoder {
  #layout: UtmpLayout | undefined;
  #held = Buffer.alloc(0);
  #broken = 0;

  /** @param layout where it is known; else the first bytes must be a file's, and tell. */
  constructor(layout?: UtmpLayoutName) {
    this.#layout = layout && LAYOUTS[layout];
  }

  get layout(): UtmpLayoutName | undefined {
    return this.#layout?.name;
  }

  /** Bytes that were pushed and belong to no record yet. */
  get pending(): number {
    return this.#held.length;
  }

  /** Records without a time, which were left out. */
  get broken(): number {
    return this.#broken;
  }

  /** The records that `bytes` complete. `bytes` is not kept. */
  push(bytes: Buffer): UtmpRecord[] {
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#layout ??= detectLayout(all.subarray(0, ENOUGH));
    const end = this.#layout ? all.length - (all.length % this.#layout.size) : 0;
    this.#held = Buffer.from(all.subarray(end));
    return this.#layout ? this.#records(all.subarray(0, end), this.#layout) : [];
  }

  #records(bytes: Buffer, layout: UtmpLayout): UtmpRecord[] {
    const records: UtmpRecord[] = [];
    for (let at = 0; at < bytes.length; at += layout.size) {
      const record = readRecord(bytes, at, layout);
      if (record) records.push(record);
      else this.#broken += 1;
    }
    return records;
  }
}
