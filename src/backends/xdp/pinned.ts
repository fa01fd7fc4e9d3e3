import { join } from 'node:path';
import { BpfError } from '../../bpf/failure.js';
import { detachLink } from '../../bpf/links.js';
import {
  type BpfObject,
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
import { type Descriptor, hasMagic, isThisLayout, MAPS, type Maps } from '../../bpf/program.js';
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
   * The pinned maps, if they are all there and laid out as this version has them; undefined where there are none, or others of ours.
   * Whoever gets them closes them.
   *
   * @throws DropsetError `busy` where something is pinned that is not ours.
   */
  maps(): Maps | undefined {
    const found = this.#openAll('maps', 'map');
    const ours = new Set<string>();
    try {
      this.#refuseForeign(found);
      const shape = found.get('shape');
      if (shape === undefined || !MAPS.every((name) => found.has(name)) || !isThisLayout(shape)) return undefined;
      for (const name of MAPS) ours.add(name);
      return Object.fromEntries(found) as Maps;
    } finally {
      for (const [name, map] of found) if (!ours.has(name)) closeDescriptor(map);
    }
  }

  /** The ids of what is pinned as tables, by name. */
  mapIds(): ReadonlyMap<string, number | undefined> {
    const found = this.#openAll('maps', 'map');
    const ids = new Map([...found].map(([name, map]) => [name, inspect(map).id]));
    for (const map of found.values()) closeDescriptor(map);
    return ids;
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
    const found = this.#openAll('links', 'link');
    const links: PinnedLink[] = [];
    for (const [name, link] of found) {
      const { ifindex = 0 } = inspect(link);
      if (ifindex > 0 && name === linkName(ifindex)) {
        links.push({ ifindex, link });
      } else {
        closeDescriptor(link);
        unpin(this.#path('links', name));
      }
    }
    return links;
  }

  hasLinks(): boolean {
    return pinsIn(this.#path('links')).length > 0;
  }

  /** Whether a link of that id is pinned for an interface. */
  holdsLink(ifindex: number, id: number | undefined): boolean {
    if (!pinsIn(this.#path('links')).includes(linkName(ifindex))) return false;
    const pinned = this.#open(join('links', linkName(ifindex)), 'link');
    const found = inspect(pinned).id;
    closeDescriptor(pinned);
    return found === id;
  }

  keepLink({ ifindex, link }: PinnedLink): void {
    makeFolder(this.#path('links'));
    this.dropLink(ifindex);
    pin(link, this.#path('links', linkName(ifindex)));
  }

  /** With its last descriptor, the program leaves the interface. */
  dropLink(ifindex: number): void {
    const name = linkName(ifindex);
    if (pinsIn(this.#path('links')).includes(name)) unpin(this.#path('links', name));
  }

  /** Takes everything away; the folder too, if nothing else is in it. Answers how much there was. @throws DropsetError `busy` */
  removeAll(): { readonly links: number; readonly maps: number } {
    const maps = this.#openAll('maps', 'map');
    try {
      this.#refuseForeign(maps);
    } finally {
      for (const map of maps.values()) closeDescriptor(map);
    }
    const links = this.links();
    for (const { link } of links) {
      detachLink(link);
      closeDescriptor(link);
    }
    for (const folder of ['links', 'maps', 'maps-new', 'maps-old']) removeFolder(this.#path(folder));
    if (pinsIn(this.#folder).length === 0) removeFolder(this.#folder);
    return { links: links.length, maps: maps.size };
  }

  #path(...names: readonly string[]): string {
    return join(this.#folder, ...names);
  }

  /** All that is pinned in a folder, by name. Whoever gets them closes them. */
  #openAll(folder: string, kind: 'map' | 'link'): Map<string, Descriptor> {
    const found = new Map<string, Descriptor>();
    try {
      for (const name of pinsIn(this.#path(folder))) found.set(name, this.#open(join(folder, name), kind));
      return found;
    } catch (thrown) {
      for (const descriptor of found.values()) closeDescriptor(descriptor);
      throw thrown;
    }
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
    if (found.kind === kind && (kind === 'map' || found.type === XDP_LINK)) return descriptor;
    closeDescriptor(descriptor);
    throw this.#foreign(name, describe(found));
  }

  /** Another version may have other maps beside its `shape`; a removal that was cut short leaves some of ours without it. */
  #refuseForeign(found: ReadonlyMap<string, Descriptor>): void {
    const shape = found.get('shape');
    if (shape !== undefined && hasMagic(shape)) return;
    for (const [name, map] of found) {
      if (name === 'shape' || !MAPS.some((known) => known === name))
        throw this.#foreign(join('maps', name), describe(inspect(map)));
    }
  }

  #foreign(name: string, what: string): DropsetError {
    return new DropsetError(
      'busy',
      `${this.#path(name)} is not dropset's (${what}): remove it, or set pins in [backend] to another folder`,
    );
  }
}

const describe = ({ kind, name, type }: BpfObject): string =>
  `a ${kind}${name ? ` named ${name}` : ''}${kind === 'link' ? ` of type ${type}` : ''}`;

const linkName = (ifindex: number): string => `if${ifindex}`;
