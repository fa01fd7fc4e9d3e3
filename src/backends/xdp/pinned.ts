import { join } from 'node:path';
import { BpfError } from '../../bpf/failure.js';
import {
  closeDescriptor,
  inspect,
  isBpfFs,
  makeFolder,
  openPin,
  pin,
  pinsIn,
  removeFolder,
  renamePin,
  unpin,
} from '../../bpf/pins.js';
import { type Descriptor, isThisLayout, MAPS, type Maps } from '../../bpf/program.js';
import { DropsetError } from '../../model/errors.js';

/** BPF_LINK_TYPE_XDP of linux/bpf.h. */
const XDP_LINK = 6;

/** A pinned link. Whoever got it closes the descriptor. */
export interface PinnedLink {
  readonly ifindex: number;
  readonly link: Descriptor;
}

/**
 * What outlives the service, in a folder of a BPF file system:
 *
 *     maps/NAME      the tables
 *     links/ifINDEX  the program on an interface
 *
 * A name there has no dot: the kernel reserves those.
 */
export class Pinned {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws DropsetError `unsupported` where nothing can be pinned. */
  check(): void {
    if (isBpfFs(this.#folder)) return;
    throw new DropsetError(
      'unsupported',
      `${this.#folder} is on no BPF file system: run 'mount -t bpf bpf /sys/fs/bpf', or set pins in [backend] to a folder of one`,
    );
  }

  /**
   * The pinned maps, if they are all there and laid out as this version has them; undefined where there are none, or others.
   *
   * @throws DropsetError `busy` where something is pinned that is not ours.
   */
  maps(): Maps | undefined {
    const found: [string, Descriptor][] = [];
    try {
      for (const name of pinsIn(this.#path('maps'))) found.push([name, this.#open(join('maps', name), 'map')]);
    } catch (thrown) {
      for (const [, map] of found) closeDescriptor(map);
      throw thrown;
    }
    const maps = Object.fromEntries(found);
    if (MAPS.every((name) => name in maps) && isThisLayout(maps.shape as Descriptor)) return maps as Maps;
    for (const [, map] of found) closeDescriptor(map);
    return undefined;
  }

  /** Pins a generation's maps; in place of others, at once. @throws BpfError */
  keepMaps(maps: Maps): void {
    for (const folder of ['maps-new', 'maps-old']) removeFolder(this.#path(folder));
    makeFolder(this.#path('maps-new'));
    for (const name of MAPS) pin(maps[name], this.#path('maps-new', name));
    if (pinsIn(this.#path('maps')).length > 0) renamePin(this.#path('maps'), this.#path('maps-old'));
    else removeFolder(this.#path('maps'));
    renamePin(this.#path('maps-new'), this.#path('maps'));
    removeFolder(this.#path('maps-old'));
  }

  /** The links of interfaces that are still there; pins of others are taken away. @throws DropsetError `busy` */
  links(): PinnedLink[] {
    const found: PinnedLink[] = [];
    for (const name of pinsIn(this.#path('links'))) {
      const link = this.#open(join('links', name), 'link');
      const { type, ifindex = 0 } = inspect(link);
      if (type !== XDP_LINK) throw this.#foreign(join('links', name), `a link of type ${type}`);
      if (ifindex > 0 && name === linkName(ifindex)) found.push({ ifindex, link });
      else {
        closeDescriptor(link);
        unpin(this.#path('links', name));
      }
    }
    return found;
  }

  hasLinks(): boolean {
    return pinsIn(this.#path('links')).length > 0;
  }

  keepLink({ ifindex, link }: PinnedLink): void {
    makeFolder(this.#path('links'));
    pin(link, this.#path('links', linkName(ifindex)));
  }

  /** With its last descriptor, the program leaves the interface. */
  dropLink(ifindex: number): void {
    const name = linkName(ifindex);
    if (pinsIn(this.#path('links')).includes(name)) unpin(this.#path('links', name));
  }

  /** Takes everything away; the folder too. Answers how many interfaces there were. */
  removeAll(): number {
    const links = this.links();
    for (const { link } of links) closeDescriptor(link);
    for (const folder of ['links', 'maps', 'maps-new', 'maps-old']) removeFolder(this.#path(folder));
    if (pinsIn(this.#folder).length === 0) removeFolder(this.#folder);
    return links.length;
  }

  #path(...names: readonly string[]): string {
    return join(this.#folder, ...names);
  }

  #open(name: string, kind: 'map' | 'link'): Descriptor {
    let descriptor: Descriptor;
    try {
      descriptor = openPin(this.#path(name));
    } catch (thrown) {
      if (thrown instanceof BpfError) throw this.#foreign(name, thrown.message);
      throw thrown;
    }
    const found = inspect(descriptor);
    if (found.kind === kind) return descriptor;
    closeDescriptor(descriptor);
    throw this.#foreign(name, `a ${found.kind}${found.name ? ` named ${found.name}` : ''}`);
  }

  #foreign(name: string, what: string): DropsetError {
    return new DropsetError(
      'busy',
      `${this.#path(name)} is not dropset's (${what}): remove it, or set pins in [backend] to another folder`,
    );
  }
}

const linkName = (ifindex: number): string => `if${ifindex}`;
