/** The only door to the addon in native/. It knows descriptors and bytes; what they mean is decided by who imports this. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** One socket. Closed by `close`, or when it is collected. */
export interface Socket {
  /** Bytes, as the kernel accounts them: a message may be as large, less 32. */
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
}

/** A netlink socket. */
export interface Channel extends Socket {
  /** The port that the kernel gave it: the socket's address, and a table's owner. */
  readonly portid: number;
  /** To be copied, while it is open: never closed by anybody else. */
  readonly descriptor: Descriptor;
}

export interface Replies {
  /** Whole netlink datagrams, one behind the other. */
  readonly replies: Buffer;
  /** Reading stopped at the limit; call again without a request for the rest. */
  readonly more: boolean;
  /** The kernel had no room for some reply (ENOBUFS). */
  readonly overrun: boolean;
}

/** What the addon throws and rejects with: a failed system call. */
export interface SystemError extends Error {
  /** Positive, as in errno.h. */
  readonly errno: number;
  readonly syscall: string;
}

/** A program that runs; whoever has launched it closes both descriptors. */
export interface Launched {
  readonly pid: number;
  readonly input: Descriptor;
  readonly output: Descriptor;
}

export interface Native {
  /** @throws SystemError */
  open(protocol: number, sendBuffer: number, receiveBuffer: number): Channel;
  /**
   * Takes over a netlink socket that another process left open; nobody else may read from it. Any other descriptor is closed, unless
   * it is standard input, output or error.
   *
   * @throws SystemError ENOTSOCK for what is no such socket, EXDEV for one of another network namespace.
   */
  adopt(descriptor: Descriptor, protocol: number, sendBuffer: number, receiveBuffer: number): Channel;
  /** Joins a multicast group. @throws SystemError */
  join(channel: Channel, group: number): void;
  /** Sends `request` (unless null) in one piece and reads replies until none is left or `limit` bytes are there. */
  exchange(channel: Channel, request: Buffer | null, limit: number): Promise<Replies>;
  /** Calls back with each datagram, until it is closed; with null where some were dropped, and those that waited with them. */
  listen(socket: Socket, callback: (datagram: Buffer | null) => void): void;
  /** While it is paused, nobody is called back, and datagrams wait in the kernel. Only behind `listen`. */
  pause(socket: Socket, paused: boolean): void;
  /** What the socket of that port causes is not heard any more, and takes no room among what is. @throws SystemError */
  ignore(channel: Channel, portid: number): void;
  /**
   * Sends a datagram to a unix socket, and a copy of a descriptor with it unless that is -1 (man 3 sd_notify). Never waits.
   *
   * @param address a path, or `@` and a name of the abstract namespace.
   * @param text at most 2047 bytes.
   * @throws SystemError
   */
  notify(address: string, text: string, descriptor: Descriptor): void;
  /** Binds a unix datagram socket, with mode 0600. The path stays when it is closed. @throws SystemError */
  bindDatagram(path: string): Socket;
  /** Returns if a datagram socket listens at the path. @throws SystemError ECONNREFUSED if its owner is gone. */
  probeDatagram(path: string): void;
  /** The status that adjtimex(2) answers, which nobody needs a capability for; -1 where the call is forbidden. */
  clockStatus(): number;
  /**
   * Resolves when no processor is at work any more on a packet that it had begun (membarrier(2), which is synchronize_rcu() in the kernel):
   * some milliseconds. False, at once, where the kernel does not do that (nohz_full, seccomp).
   */
  barrier(): Promise<boolean>;
  /**
   * Starts a program in a session of its own, with the folder / and two pipes: one to its standard input, one from its output and standard
   * error. It inherits no descriptor above 2, and none of the service's capabilities, as it would of the ambient ones that systemd gives
   * (capabilities(7)). However large the service is, nothing of it is copied, as fork(2) would.
   *
   * @param words its absolute path, and its arguments. @param variables as `NAME=value`.
   * @throws SystemError of exec(2) too.
   */
  launch(words: readonly string[], variables: readonly string[]): Launched;
  /**
   * Looks whether what `launch` started has ended; answers the status of waitpid(2), or -1 while it runs. All of its process group is
   * killed when it has. A second time is a SystemError ECHILD.
   */
  reap(pid: number): number;
  /** A second time is a SystemError EBADF. A running exchange is finished first. */
  close(socket: Socket): void;
  /** sizeof and offsetof of the kernel's structures, by name. */
  readonly layout: Readonly<Record<string, number>>;
}

/** Same distance from src/ and from dist/. */
const ADDON = '../build/Release/dropset.node';

export const native: Native = createRequire(import.meta.url)(ADDON);

/** A plain number: whoever got it closes it, unless it says otherwise. */
export type Descriptor = number;

/** Mapped memory of the maps that native/bpf/layout.h describes. */
export interface Arena {
  readonly arena: unique symbol;
}

/** What the kernel tells of an eBPF object. `kind` is `unknown` for a descriptor of anything else. */
export interface BpfObject {
  readonly kind: 'map' | 'program' | 'link' | 'unknown';
  readonly id?: number;
  /** Of maps and programs; at most 15 characters. */
  readonly name?: string;
  /** enum bpf_map_type, bpf_prog_type or bpf_link_type. */
  readonly type?: number;
  readonly keySize?: number;
  readonly valueSize?: number;
  readonly entries?: number;
  /** Of a link: the id of its program, and the interface, 0 once that is gone. */
  readonly program?: number;
  readonly ifindex?: number;
}

export interface TestRun {
  /** enum xdp_action. */
  readonly verdict: number;
  /** A run, on average. */
  readonly nanoseconds: number;
  /** The frame as the program left it. */
  readonly frame: Buffer;
}

export interface ArenaState {
  readonly magic: number;
  readonly version: number;
  /** Addresses of each family, and prefixes of each family, that there is room for. */
  readonly addresses: number;
  readonly prefixes: number;
  /** 0 or 1: whether packets are counted element by element. */
  readonly counting: number;
  /** Elements, with those that have expired and were not swept out. */
  readonly held: number;
  readonly slots: number;
  /** Of the mapped maps. */
  readonly bytes: number;
  /** In units of the table's clock. */
  readonly now: number;
  /** Whether a sweep would find somebody who has ended, or cells that nobody needs. */
  readonly due: boolean;
}

/**
 * The second addon, which needs libbpf. All functions return at once, and throw SystemError; those of `Arena` are memory accesses,
 * no system calls. Records and found elements are laid out as `layout` says.
 */
export interface XdpNative {
  /**
   * Loads the programs of an object file.
   *
   * @param sizes entries of maps that are made.
   * @param reuse maps that are there already, in place of new ones.
   * @param fragments whether the program says that it takes frames in several pieces (5.18).
   * @param drop which of the programs that decide about packets is loaded.
   * @throws SystemError with `log`, the end of what libbpf and the verifier said.
   */
  load(
    path: string,
    sizes: Readonly<Record<string, number>>,
    reuse: Readonly<Record<string, Descriptor>>,
    fragments: boolean,
    drop: string,
  ): Readonly<Record<string, Descriptor>> & { readonly maps: Readonly<Record<string, Descriptor>> };
  pin(descriptor: Descriptor, path: string): void;
  openPin(path: string): Descriptor;
  inspect(descriptor: Descriptor): BpfObject;
  programById(id: number): Descriptor;
  /** Attaches to the XDP hook; the link goes when its last descriptor and pin have gone. */
  attach(program: Descriptor, ifindex: number, flags: number): Descriptor;
  /** Puts another program in, between two packets. */
  updateLink(link: Descriptor, program: Descriptor): void;
  /** Takes the program off the interface, whoever holds or pins the link. One of an interface that has gone has nothing to take off. */
  detachLink(link: Descriptor): void;
  testRun(program: Descriptor, frame: Buffer, repeat: number): TestRun;
  close(descriptor: Descriptor): void;
  /** `size` is what the kernel writes: of a per-CPU map a value for each possible CPU. */
  lookup(map: Descriptor, key: Buffer, size: number): Buffer | undefined;
  update(map: Descriptor, key: Buffer, value: Buffer): void;
  remove(map: Descriptor, key: Buffer): boolean;
  nextKey(map: Descriptor, key: Buffer | null, size: number): Buffer | undefined;

  /** Entries that maps need which hold so many addresses and prefixes of each family. */
  plan(addresses: number, prefixes: number, counting: boolean): Readonly<Record<string, number>>;
  /** Maps the maps. Before `format` or `adopt` nothing but `closeArena` can be done with them. */
  openArena(maps: Readonly<Record<string, Descriptor>>): Arena;
  closeArena(arena: Arena): void;
  /**
   * Begins empty tables in new maps. `jiffies` is the kernel's count, read between `since`, of CLOCK_MONOTONIC in ns, and now.
   *
   * @throws SystemError EMSGSIZE: the maps are smaller than `plan` says; EEXIST: there are tables.
   */
  format(arena: Arena, addresses: number, prefixes: number, counting: boolean, jiffies: bigint, since: bigint): void;
  /**
   * Goes on with tables that are there, and mends what a writer left that was killed in the middle. Until `allow` says which prefixes
   * are allowed, their cells stay as they are.
   *
   * @throws SystemError EINVAL: there are none, or of another layout.
   */
  adopt(arena: Arena, jiffies: bigint, since: bigint): void;
  describe(arena: Arena): ArenaState;
  /** From here on, these prefixes are looked for before anything in or around them is dropped. */
  allow(arena: Arena, records: Buffer): void;
  /** Carries all records out, or none: -1, or the table that is full. An element may come once. */
  apply(arena: Arena, records: Buffer): number;
  find(arena: Arena, records: Buffer): Buffer;
  /** Live elements in `slots` slots from `from` on. */
  walk(arena: Arena, from: number, slots: number): { readonly next: number; readonly found: Buffer };
  /** Copies who is held in `slots` slots from `from` on into other tables; answers the next slot. @throws SystemError ENOSPC */
  copy(arena: Arena, into: Arena, from: number, slots: number): number;
  /** Goes on with a sweep through so many slots, or begins one; whether there is more to do. */
  sweep(arena: Arena, slots: number): boolean;
  /** sizeof and offsetof of native/bpf/layout.h, by name. */
  readonly layout: Readonly<Record<string, number>>;
}

const XDP_ADDON = '../build/Release/dropset_xdp.node';

let xdp: XdpNative | undefined;

/** The second addon. @throws Error with code MODULE_NOT_FOUND where it was not built, ERR_DLOPEN_FAILED without libbpf. */
export function xdpNative(): XdpNative {
  xdp ??= createRequire(import.meta.url)(XDP_ADDON) as XdpNative;
  return xdp;
}

/** Absolute path of the compiled eBPF programs. */
export const BPF_OBJECT = fileURLToPath(new URL('../build/Release/drop.bpf.o', import.meta.url));
