import { BpfError } from '../../bpf/failure.js';
import { type AttachMode, detachLink, updateLink } from '../../bpf/links.js';
import { closeDescriptor, inspect } from '../../bpf/pins.js';
import type { Descriptor } from '../../bpf/program.js';
import { DropsetError, messageOf } from '../../model/errors.js';
import { type Link, listLinks } from '../../rtnetlink/links.js';
import { attachTo, genericNote, modeOf } from './attachment.js';
import { wantedLinks } from './names.js';
import type { XdpOptions } from './options.js';
import type { Pinned, PinnedLink } from './pinned.js';
import { Surroundings } from './surroundings.js';

/** An interface that the program is on. */
export interface Hook {
  readonly ifindex: number;
  readonly name: string;
  readonly mode: AttachMode;
}

interface Held {
  /** The interface as it was last seen. */
  on: Link;
  readonly mode: AttachMode;
  readonly link: Descriptor;
  /** An earlier run attached it, with another program, and perhaps in another mode. */
  left?: boolean;
}

/**
 * Keeps the program on the interfaces that the configuration means, and on no others: those that are there, those that come, and
 * those that an earlier run left it on.
 */
export class Hooks {
  readonly #options: XdpOptions;
  readonly #pinned: Pinned;
  readonly #surroundings: Surroundings;
  readonly #held = new Map<number, Held>();
  /** What was said of interfaces that the program is not on, so that it is said once. */
  readonly #said = new Map<number, string>();
  #program: Descriptor;

  constructor(options: XdpOptions, pinned: Pinned, program: Descriptor) {
    this.#options = options;
    this.#pinned = pinned;
    this.#program = program;
    this.#surroundings = new Surroundings(options.interfaces === 'auto', () => this.#again(), options.lookEvery);
  }

  get hooks(): readonly Hook[] {
    return [...this.#held].map(([ifindex, { on, mode }]) => ({ ifindex, name: on.name, mode }));
  }

  /**
   * Takes over what an earlier run left, with the program that it left there, and attaches where it is missing.
   *
   * @throws DropsetError where there are interfaces to attach to, and not one of them takes the program.
   */
  async open(): Promise<void> {
    const left = this.#pinned.links();
    // Watched before they are listed: what comes in between is told twice rather than never.
    this.#surroundings.watch();
    const links = await listLinks();
    for (const pinnedLink of left) this.#adopt(pinnedLink, links);
    const failures = await this.#reconcile(links);
    if (this.#held.size > 0) return;
    if (failures.length > 0)
      throw new DropsetError('interface', `no interface takes the XDP program: ${failures.join('; ')}`);
    this.#options.say('warning', this.#nowhere());
  }

  /** Has interfaces that come from here on get this program; those that have one keep it. */
  offer(program: Descriptor): void {
    this.#program = program;
  }

  /** Puts a program in place of the one on all interfaces, between two packets on each. */
  use(program: Descriptor): void {
    this.#program = program;
    for (const held of [...this.#held.values()]) this.#replace(held);
  }

  /** What is wrong on the interfaces that the program should be on, as sentences. @throws BpfError */
  faults(): string[] {
    const { id } = inspect(this.#program);
    return [...this.#held.values()].flatMap(({ on, link }) => {
      const { ifindex, program, id: linkId } = inspect(link);
      if (ifindex !== on.index) return [`the program was taken off ${on.name}`];
      if (program !== id) return [`another program is on ${on.name}`];
      return this.#pinned.holdsLink(on.index, linkId) ? [] : [`what holds the program on ${on.name} is not pinned`];
    });
  }

  /** Puts the program back where something is wrong with it. @throws Error where it cannot be pinned. */
  async mend(): Promise<void> {
    for (const { on, link } of this.#held.values()) {
      const { ifindex, id } = inspect(link);
      if (ifindex === on.index && !this.#pinned.holdsLink(on.index, id))
        this.#pinned.keepLink({ ifindex: on.index, link });
    }
    this.use(this.#program);
    await this.#again();
  }

  /** Stops watching. With `keep` the program stays where it is. */
  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    await this.#surroundings.close();
    for (const ifindex of [...this.#held.keys()]) this.#forget(ifindex, keep);
  }

  #adopt({ ifindex, link }: PinnedLink, links: readonly Link[]): void {
    const on = links.find(({ index }) => index === ifindex);
    // It may have gone since it was asked about.
    if (!on) closeDescriptor(link);
    else this.#held.set(ifindex, { on, mode: modeOf(on), link, left: true });
  }

  #replace(held: Held): void {
    const { mode } = this.#options;
    try {
      updateLink(held.link, this.#program);
      if (held.left && mode !== 'auto' && mode !== held.mode) this.#changeMode(held);
      held.left = false;
    } catch (thrown) {
      if (!(thrown instanceof BpfError)) throw thrown;
      // Most likely the interface has gone: what is still there gets it anew.
      this.#forget(held.on.index, false);
      this.#surroundings.soon();
    }
  }

  /** No interface has a program in both modes, so packets pass for a moment. Where the new mode is refused, it is the old one again. */
  #changeMode({ on, mode }: Held): void {
    this.#forget(on.index, false);
    if (this.#attach(on) !== undefined) this.#attach(on, mode);
  }

  async #again(): Promise<void> {
    try {
      await this.#reconcile(await listLinks());
    } catch (thrown) {
      this.#options.say('warning', `looking at interfaces: ${messageOf(thrown)}; those that come are not protected`);
    }
  }

  /** Answers why interfaces did not take the program. */
  async #reconcile(links: readonly Link[]): Promise<string[]> {
    const wanted = await wantedLinks(links, this.#options.interfaces, new Set(this.#held.keys()));
    for (const ifindex of [...this.#held.keys()]) this.#review(ifindex, links, wanted);
    for (const ifindex of this.#said.keys())
      if (!wanted.some(({ index }) => index === ifindex)) this.#said.delete(ifindex);
    return wanted.map((link) => this.#attach(link)).filter((failure) => failure !== undefined);
  }

  /** Lets go of an interface that is not meant any more, or that the program is not on any more. */
  #review(ifindex: number, links: readonly Link[], wanted: readonly Link[]): void {
    const held = this.#held.get(ifindex) as Held;
    const link = links.find(({ index }) => index === ifindex);
    const isOn = inspect(held.link).ifindex === ifindex;
    if (link && isOn && wanted.includes(link)) {
      held.on = link;
      return;
    }
    if (!link || !isOn) this.#options.say('info', `${held.on.name} has gone, or the program was taken off it`);
    else this.#options.say('info', `detached from ${link.name}`);
    this.#forget(ifindex, false);
  }

  #attach(on: Link, wanted = this.#options.mode): string | undefined {
    if (this.#held.has(on.index)) return undefined;
    try {
      const { link, mode, reason } = attachTo(on, this.#program, wanted);
      this.#held.set(on.index, { on, mode, link });
      this.#pinned.keepLink({ ifindex: on.index, link });
      this.#said.delete(on.index);
      this.#options.say(
        reason ? 'warning' : 'info',
        reason ? genericNote(on, reason) : `attached to ${on.name}, ${mode}`,
      );
      return undefined;
    } catch (thrown) {
      // What cannot be pinned would go with us, and nobody would know.
      this.#forget(on.index, false);
      const failure = messageOf(thrown);
      if (this.#said.get(on.index) !== failure)
        this.#options.say('warning', `${failure}; packets on ${on.name} are not dropped`);
      this.#said.set(on.index, failure);
      return failure;
    }
  }

  #forget(ifindex: number, keep: boolean): void {
    const held = this.#held.get(ifindex);
    if (!held) return;
    this.#held.delete(ifindex);
    if (!keep) detachLink(held.link);
    closeDescriptor(held.link);
    if (!keep) this.#pinned.dropLink(ifindex);
  }

  #nowhere(): string {
    const { interfaces } = this.#options;
    if (interfaces === 'auto') {
      return 'no interface has a default route yet: nothing is dropped until one has; name some with interfaces in [backend]';
    }
    return `no interface is named ${interfaces.join(', ')} yet: nothing is dropped until one comes`;
  }
}
