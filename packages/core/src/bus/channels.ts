import { MessagingError } from "../ground/messaging-error.ts";
import type { Contract } from "../message/contract.ts";

/** One destination, as all contracts on it agree. */
export interface Channel {
  readonly name: string;
  readonly kind: Contract["kind"];
  readonly lanes: number | undefined;
  readonly retainMs: number | undefined;
  /** The one contract of a channel that is plain. */
  readonly plain: string | undefined;
  /** The service that owns a command channel, once one does. */
  readonly owner: string | undefined;
}

/** The destinations a process knows, kept free of contradictions. */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #contracts = new Map<string, Contract>();

  /** Whether this very contract, or an equal one, was added. */
  has(contract: Contract): boolean {
    const known = this.#contracts.get(contract.name);
    return known === contract || (known !== undefined && differences(known, contract).length === 0);
  }

  all(): Iterable<Channel> {
    return this.#channels.values();
  }

  /** All contracts, in the order they became known. */
  contracts(): Iterable<Contract> {
    return this.#contracts.values();
  }

  /** The service of this process that owns a command channel. */
  ownerOf(channel: string): string | undefined {
    return this.#channels.get(channel)?.owner;
  }

  /**
   * Adds a contract, handled by `owner` or only sent.
   * @throws MessagingError `conflicting-contracts`, `duplicate-owner`
   */
  add(contract: Contract, owner: string | undefined): void {
    this.check(contract);
    const { name, kind, channel, lanes } = contract;
    const known = this.#channels.get(channel);
    const owned = kind === "command" ? (owner ?? known?.owner) : undefined;
    if (owned !== undefined && known?.owner !== undefined && known.owner !== owned)
      throw twoOwners(channel, known.owner, owned);
    this.#contracts.set(name, contract);
    const plain = contract.plain === undefined ? undefined : name;
    this.#channels.set(channel, {
      name: channel,
      kind,
      lanes,
      retainMs: contract.retainMs,
      plain,
      owner: owned,
    });
  }

  /**
   * Whether a contract fits to all that are known.
   * @throws MessagingError `conflicting-contracts`
   */
  check(contract: Contract): void {
    const { name, kind, channel, lanes } = contract;
    const namesake = this.#contracts.get(name);
    const differing = namesake === undefined ? [] : differences(namesake, contract);
    if (differing.length > 0) throw conflict(`contract ${name}`, `they differ in ${differing.join(", ")}`);
    const known = this.#channels.get(channel);
    const retainMs = contract.retainMs;
    if (known !== undefined && known.plain !== (contract.plain && name))
      throw conflict(
        `channel ${channel}`,
        `${known.plain ?? name} is plain, and a plain channel carries one contract`,
      );
    if (known !== undefined && (known.kind !== kind || known.lanes !== lanes || known.retainMs !== retainMs))
      throw conflict(
        `channel ${channel}`,
        `${describe(known)}, and ${name} ${describe({ kind, lanes, retainMs })}`,
      );
  }
}

const COMPARED = ["kind", "channel", "lanes", "mode", "codec", "plain", "maxBytes"] as const;

function differences(one: Contract, other: Contract): readonly string[] {
  return COMPARED.filter((property) => one[property] !== other[property]);
}

function describe({ kind, lanes, retainMs }: Pick<Channel, "kind" | "lanes" | "retainMs">): string {
  const order = lanes === undefined ? "no key" : `${lanes} lanes`;
  return `${kind}s with ${order}${retainMs === undefined ? "" : ` and ${retainMs} ms of history`}`;
}

function conflict(what: string, difference: string): MessagingError {
  return new MessagingError("conflicting-contracts", {
    what: `Two declarations of ${what} disagree: ${difference}.`,
    advice:
      "Declare a contract once and share the module; contracts on one channel need the same kind, lanes and retain.",
  });
}

function twoOwners(channel: string, one: string, other: string): MessagingError {
  return new MessagingError("duplicate-owner", {
    what: `Services ${one} and ${other} both handle commands on queue ${channel}.`,
    advice: "A command has one owner: handle it in one service, or make it an event.",
  });
}
