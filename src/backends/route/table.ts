import type { Prefix } from '../../model/prefix.js';
import { Connection } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import { NetlinkError } from '../../netlink/failure.js';
import { acknowledgement } from '../../netlink/messages.js';
import { NETLINK_ROUTE } from '../../netlink/protocol.js';
import { dumpAll } from '../../rtnetlink/dump.js';
import * as p from '../../rtnetlink/protocol.js';
import { isOurRule, type RouteKind, routeOf, type Step, writeRule, writeStep } from './messages.js';

/** errno.h */
const ENOENT = 2;
const ESRCH = 3;
const EEXIST = 17;
const ENOBUFS = 105;

/** What the kernel refused, and why. */
export interface Refused {
  readonly step: Step;
  readonly error: NetlinkError;
}

/** What stands in a routing table: our routes by the text of their prefixes, and whose are somebody else's. */
export interface Standing {
  readonly blackhole: Map<string, Prefix>;
  readonly throw: Map<string, Prefix>;
  readonly foreign: readonly Prefix[];
}

/** The routing table in the kernel: rules, routes, nothing of bans. Calls must not overlap. @throws NetlinkError from each of them. */
export class RouteTable {
  readonly #number: number;
  readonly #connection: Connection;
  readonly #encoder = new Encoder();

  private constructor(number: number, connection: Connection) {
    this.#number = number;
    this.#connection = connection;
  }

  static open(number: number): RouteTable {
    return new RouteTable(number, Connection.open(NETLINK_ROUTE));
  }

  get number(): number {
    return this.#number;
  }

  /** What changes the table: for whoever wants to hear of changes by others alone. */
  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Carries out all steps, in order; what goes has gone already is no error. Answers what was refused: each message is judged by itself.
   *
   * @throws NetlinkError ENOBUFS where the kernel had no room for all that it had to say: then dump.
   */
  async carryOut(steps: readonly Step[]): Promise<readonly Refused[]> {
    if (steps.length === 0) return [];
    const refused: Refused[] = [];
    for (let from = 0; from < steps.length; ) from = await this.#send(steps, from, refused);
    return refused;
  }

  /** Sends as many steps as fit into one request; answers the first that did not. */
  async #send(steps: readonly Step[], from: number, refused: Refused[]): Promise<number> {
    const encoder = this.#encoder.reset();
    // The largest message has 44 bytes.
    const room = Math.floor(this.#connection.largestRequest / 64);
    const end = Math.min(steps.length, from + room);
    const first = this.#connection.nextSequence();
    for (let index = from; index < end; index++) {
      const sequence = index === from ? first : this.#connection.nextSequence();
      writeStep(encoder, steps[index] as Step, this.#number, sequence, index === end - 1);
    }
    const operation = 'route';
    const { answers, failure } = await this.#connection.ask(operation, encoder.bytes);
    if (failure?.errno === ENOBUFS && failure.sequence === undefined) throw failure;
    let isAnswered = false;
    for (const message of answers) {
      const answer = acknowledgement(message);
      if (!answer) continue;
      const index = from + ((answer.sequence - first) >>> 0);
      isAnswered ||= index === end - 1;
      const step = steps[index];
      if (step && isRefusal(step, answer.errno)) refused.push({ step, error: new NetlinkError(operation, answer) });
    }
    if (!isAnswered) throw new NetlinkError(operation, { errno: ENOBUFS, sentence: 'no acknowledgement came' });
    return end;
  }

  /** Adds the rules of both families where they are missing, or removes them. */
  async rules(verb: Step['verb']): Promise<void> {
    for (const family of [4, 6] as const) {
      const encoder = this.#encoder.reset();
      writeRule(encoder, verb, family, this.#number, this.#connection.nextSequence());
      const { failure } = await this.#connection.ask('rule', encoder.bytes);
      const isDone = failure === undefined || failure.errno === (verb === 'add' ? EEXIST : ENOENT);
      if (!isDone) throw failure;
    }
  }

  /** The families whose rule is there. */
  async ruled(): Promise<ReadonlySet<4 | 6>> {
    const header = new Array<number>(p.FIB_RULE_HDR).fill(0);
    const families = await dumpAll(
      this.#connection,
      { operation: 'rules', type: p.RTM_GETRULE, header },
      ({ type, payload }) => (type === p.RTM_NEWRULE && isOurRule(payload, this.#number) ? payload[0] : undefined),
    );
    return new Set(families.map((family) => (family === p.AF_INET ? 4 : 6)));
  }

  /** What stands in this table. */
  async dump(): Promise<Standing> {
    const header = new Array<number>(p.RTMSG).fill(0);
    const routes = await dumpAll(
      this.#connection,
      { operation: 'routes', type: p.RTM_GETROUTE, header },
      ({ type, payload }) => {
        const route = type === p.RTM_NEWROUTE ? routeOf(payload) : undefined;
        return route?.table === this.#number ? route : undefined;
      },
    );
    const ours = (wanted: RouteKind): Map<string, Prefix> =>
      new Map(routes.filter(({ kind }) => kind === wanted).map(({ prefix }) => [prefix.text, prefix]));
    const foreign = routes.filter(({ kind }) => kind === undefined).map(({ prefix }) => prefix);
    return { blackhole: ours('blackhole'), throw: ours('throw'), foreign };
  }

  close(): void {
    this.#connection.close();
  }
}

const isRefusal = ({ verb }: Step, errno: number): boolean => errno !== 0 && !(verb === 'remove' && errno === ESRCH);
