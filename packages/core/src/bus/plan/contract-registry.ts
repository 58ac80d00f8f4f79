import { showMilliseconds } from "../../environment/duration.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Contract } from "../../message/contract.ts";

/** One destination, with the facts that all its contracts share. */
export interface DestinationFacts {
  readonly name: string;
  readonly kind: Contract["kind"];
  readonly lanes: number | undefined;
  readonly retainMs: number | undefined;
  /** The name of the one contract of a plain destination; undefined for a destination of messages with envelopes. */
  readonly plain: string | undefined;
  /** The service of this process that handles the commands of the destination; undefined until one is added. */
  readonly owner: string | undefined;
}

/** The contracts and destinations of a process. It refuses contracts that contradict each other. */
export class ContractRegistry {
  readonly #destinations = new Map<string, DestinationFacts>();
  readonly #contracts = new Map<string, Contract>();

  /** Returns whether this contract or an equal one was added. */
  has(contract: Contract): boolean {
    const known = this.#contracts.get(contract.name);
    return known === contract || (known !== undefined && differences(known, contract).length === 0);
  }

  all(): Iterable<DestinationFacts> {
    return this.#destinations.values();
  }

  /** Returns all contracts, in the order in which they were added. */
  contracts(): Iterable<Contract> {
    return this.#contracts.values();
  }

  /** Returns the service of this process that owns a command destination. */
  ownerOf(destination: string): string | undefined {
    return this.#destinations.get(destination)?.owner;
  }

  /**
   * Adds a contract. @param owner the service that handles it; undefined for a contract that is only sent
   * @throws MessagingError `conflicting-contracts`, `duplicate-owner`
   */
  add(contract: Contract, owner: string | undefined): void {
    this.check(contract);
    const { name, kind, destination, lanes } = contract;
    const known = this.#destinations.get(destination);
    const owned = kind === "command" ? (owner ?? known?.owner) : undefined;
    if (owned !== undefined && known?.owner !== undefined && known.owner !== owned)
      throw twoOwners(destination, known.owner, owned);
    this.#contracts.set(name, contract);
    const plain = contract.plain === undefined ? undefined : name;
    this.#destinations.set(destination, {
      name: destination,
      kind,
      lanes,
      retainMs: contract.retainMs,
      plain,
      owner: owned,
    });
  }

  /**
   * Compares a contract with all contracts of the registry.
   * @throws MessagingError `conflicting-contracts`
   */
  check(contract: Contract): void {
    const { name, kind, destination, lanes } = contract;
    const namesake = this.#contracts.get(name);
    const differing = namesake === undefined ? [] : differences(namesake, contract);
    if (differing.length > 0)
      throw conflict(`contract ${name}`, `they have different values of ${differing.join(", ")}`);
    const known = this.#destinations.get(destination);
    const retainMs = contract.retainMs;
    if (known !== undefined && known.plain !== (contract.plain && name))
      throw conflict(
        `destination ${destination}`,
        `${known.plain ?? name} is plain, and a plain destination has one contract`,
      );
    if (known !== undefined && (known.kind !== kind || known.lanes !== lanes || known.retainMs !== retainMs))
      throw conflict(
        `destination ${destination}`,
        `it is declared for ${describe(known)}, and by ${name} for ${describe({ kind, lanes, retainMs })}`,
      );
  }
}

const COMPARED = ["kind", "destination", "lanes", "mode", "codec", "plain", "maxBytes"] as const;

function differences(one: Contract, other: Contract): readonly string[] {
  return COMPARED.filter((property) => one[property] !== other[property]);
}

function describe({ kind, lanes, retainMs }: Pick<DestinationFacts, "kind" | "lanes" | "retainMs">): string {
  const order = lanes === undefined ? "without a key" : `in ${lanes} lanes`;
  return `${kind}s ${order}${retainMs === undefined ? "" : ` with ${showMilliseconds(retainMs)} of history`}`;
}

function conflict(what: string, difference: string): MessagingError {
  return new MessagingError("conflicting-contracts", {
    what: `Two declarations of ${what} contradict each other: ${difference}.`,
    advice:
      "Declare a contract once and share its module; contracts of one destination need the same kind, lanes and retain.",
  });
}

function twoOwners(destination: string, one: string, other: string): MessagingError {
  return new MessagingError("duplicate-owner", {
    what: `Services ${one} and ${other} both handle commands on queue ${destination}.`,
    advice: "A command has one owner: handle it in one service, or make it an event.",
  });
}
