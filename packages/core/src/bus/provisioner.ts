import { MessagingError } from "../ground/messaging-error.ts";
import type { Contract } from "../message/contract.ts";
import type { Drift, Topology } from "../spi/topology.ts";
import type { Transport } from "../spi/transport.ts";
import type { Channels } from "./channels.ts";
import { checkContract } from "./capability-check.ts";
import type { Provision } from "./options.ts";
import { topologyOfContract } from "./plan.ts";

/** Sees to it that destinations exist: those declared, at start; a contract that is sent undeclared, before it is first sent. */
export class Provisioner {
  readonly #transport: Transport;
  readonly #mode: Provision;
  readonly #channels: Channels;
  readonly #checked = new Set<Contract>();
  readonly #learning = new Map<Contract, Promise<void>>();

  constructor(transport: Transport, mode: Provision, channels: Channels) {
    this.#transport = transport;
    this.#mode = mode;
    this.#channels = channels;
  }

  /** @throws MessagingError `topology-drift`, `provisioning-failed` */
  async provision(topology: Topology): Promise<void> {
    if (this.#mode === "none") return;
    const drift = await this.#transport.provision(topology, this.#mode);
    const wrong = drift.filter(({ kind }) => kind !== "extra");
    if (wrong.length > 0) throw drifted(wrong, this.#mode);
  }

  /** Nothing to wait for, once a contract is known: the usual case, asked for every message. */
  ensure(contract: Contract): Promise<void> | undefined {
    if (this.#checked.has(contract)) return undefined;
    const pending = this.#learning.get(contract);
    if (pending !== undefined) return pending;
    if (this.#channels.has(contract)) {
      this.#checked.add(contract);
      return undefined;
    }
    const learning = this.#learn(contract);
    this.#learning.set(contract, learning);
    // Noted by the first who waits, not before: a message sent now must not overtake those that wait.
    const done = (): void => void this.#learning.delete(contract);
    learning.then(() => void this.#checked.add(contract)).then(done, done);
    return learning;
  }

  async #learn(contract: Contract): Promise<void> {
    checkContract(contract, this.#transport);
    this.#channels.check(contract);
    await this.provision(topologyOfContract(contract));
    this.#channels.add(contract, undefined);
  }
}

function drifted(drift: readonly Drift[], mode: "apply" | "verify"): MessagingError {
  const lines = drift.map(({ kind, entity, property, expected, actual }) =>
    kind === "missing"
      ? `${entity} is missing`
      : `${entity} has ${property} ${actual} instead of ${expected}`,
  );
  return new MessagingError("topology-drift", {
    what: `The broker differs from what is declared: ${lines.join("; ")}.`,
    advice:
      mode === "verify"
        ? "Provision it (provision: 'apply', or by hand), or correct the declarations."
        : "Nothing that exists is changed: correct the declarations, or migrate the entities by hand. Other lanes place keys anew: order across the change is lost.",
  });
}
