import { type AttachMode, updateLink } from '../../bpf/links.js';
import { closeDescriptor } from '../../bpf/pins.js';
import type { Descriptor } from '../../bpf/program.js';
import { DropsetError, messageOf } from '../../model/errors.js';
import { type Link, listLinks } from '../../rtnetlink/links.js';
import { type LinkWatch, watchLinks } from '../../rtnetlink/watch.js';
import { attachTo, genericNote, modeOf } from './attachment.js';
import { wantedLinks } from './names.js';
import type { XdpOptions } from './options.js';
import type { Pinned, PinnedLink } from './pinned.js';

/** Interfaces often come in swarms, and a new one is renamed and set up in the next moment. Milliseconds. */
const QUIET = 50;

/** An interface that the program is on. */
export interface Hook {
  readonly ifindex: number;
  readonly name: string;
  readonly mode: AttachMode;
}

/**
 * Keeps the program on the interfaces that the configuration means, and on no others: those that are there, those that come, and
 * those that an earlier run left it on.
 */
export class Hooks {
  readonly #options: XdpOptions;
  readonly #pinned: Pinned;
  readonly #hooks = new Map<number, Hook & { readonly link: Descriptor }>();
  /** What was said of interfaces that the program is not on, so that it is said once. */
  readonly #said = new Map<number, string>();
  #program: Descriptor;
  #watch: LinkWatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: XdpOptions, pinned: Pinned, program: Descriptor) {
    this.#options = options;
    this.#pinned = pinned;
    this.#program = program;
  }

  get hooks(): readonly Hook[] {
    return [...this.#hooks.values()].map(({ ifindex, name, mode }) => ({ ifindex, name, mode }));
  }

  /**
   * Takes over what an earlier run left, with the program that it left there, and attaches where it is missing.
   *
   * @throws DropsetError where there are interfaces to attach to, and not one of them takes the program.
   */
  async open(): Promise<void> {
    const left = this.#pinned.links();
    // Watched before they are listed: what comes in between is told twice rather than never.
    this.#watch = watchLinks(() => this.#soon());
    const links = await listLinks();
    for (const pinnedLink of left) this.#adopt(pinnedLink, links);
    const failures = await this.#reconcile(links);
    if (this.#hooks.size === 0 && failures.length > 0) {
      throw new DropsetError('interface', `no interface takes the XDP program: ${failures.join('; ')}`);
    }
    if (this.#hooks.size === 0) this.#options.say('warning', this.#nowhere());
  }

  /** Puts a program in place of the one on all interfaces, between two packets on each. @throws BpfError */
  use(program: Descriptor): void {
    this.#program = program;
    for (const { link } of this.#hooks.values()) updateLink(link, program);
  }

  /** Stops watching. With `keep` the program stays where it is. */
  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    this.#watch?.close();
    this.#watch = undefined;
    clearTimeout(this.#timer);
    await this.#working;
    for (const hook of [...this.#hooks.values()]) this.#forget(hook.ifindex, keep);
  }

  #adopt({ ifindex, link }: PinnedLink, links: readonly Link[]): void {
    const found = links.find(({ index }) => index === ifindex);
    // It may have gone since it was asked about.
    if (!found) closeDescriptor(link);
    else this.#hooks.set(ifindex, { ifindex, name: found.name, mode: modeOf(found), link });
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#working = this.#working.then(() => this.#again());
    }, QUIET).unref();
  }

  async #again(): Promise<void> {
    try {
      if (this.#watch) await this.#reconcile(await listLinks());
    } catch (thrown) {
      this.#options.say('warning', `looking at interfaces: ${messageOf(thrown)}; those that come are not protected`);
    }
  }

  /** Answers why interfaces did not take the program. */
  async #reconcile(links: readonly Link[]): Promise<string[]> {
    const wanted = await wantedLinks(links, this.#options.interfaces);
    const there = new Set(links.map(({ index }) => index));
    const meant = new Set(wanted.map(({ index }) => index));
    for (const { ifindex, name } of this.hooks) {
      if (meant.has(ifindex)) continue;
      this.#options.say('info', there.has(ifindex) ? `detached from ${name}` : `${name} has gone`);
      this.#forget(ifindex, false);
    }
    for (const ifindex of this.#said.keys()) if (!meant.has(ifindex)) this.#said.delete(ifindex);
    return wanted.map((link) => this.#attach(link)).filter((failure) => failure !== undefined);
  }

  #attach(link: Link): string | undefined {
    if (this.#hooks.has(link.index)) return undefined;
    try {
      const { link: descriptor, mode, reason } = attachTo(link, this.#program, this.#options.mode);
      this.#pinned.keepLink({ ifindex: link.index, link: descriptor });
      this.#hooks.set(link.index, { ifindex: link.index, name: link.name, mode, link: descriptor });
      this.#options.say(
        reason ? 'warning' : 'info',
        reason ? genericNote(link, reason) : `attached to ${link.name}, ${mode}`,
      );
      return undefined;
    } catch (thrown) {
      const failure = messageOf(thrown);
      if (this.#said.get(link.index) !== failure)
        this.#options.say('warning', `${failure}; packets on ${link.name} are not dropped`);
      this.#said.set(link.index, failure);
      return failure;
    }
  }

  #forget(ifindex: number, keep: boolean): void {
    const hook = this.#hooks.get(ifindex);
    if (!hook) return;
    this.#hooks.delete(ifindex);
    closeDescriptor(hook.link);
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
