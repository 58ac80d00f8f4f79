import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Contract } from "../../message/contract.ts";
import type { Drift, Topology } from "../../spi/topology.ts";
import type { Transport } from "../../spi/transport.ts";
import type { ContractRegistry } from "./contract-registry.ts";
import { checkContract } from "./capability-check.ts";
import type { ProvisionMode } from "../config/options.ts";
import { topologyOfContract } from "./plan.ts";
import type { Retrying } from "../send/retrying.ts";

export interface ProvisionerParts {
  readonly transport: Transport;
  readonly mode: ProvisionMode;
  readonly registry: ContractRegistry;
  readonly retrying: Retrying;
  readonly clock: Clock;
  /** How long is waited for a broker that is away, for a contract that is sent undeclared. */
  readonly timeoutMs: number;
}

/** Sees to it that destinations exist: those declared, at start; a contract that is sent undeclared, before it is first sent. */
export class Provisioner {
  readonly #transport: Transport;
  readonly #mode: ProvisionMode;
  readonly #registry: ContractRegistry;
  readonly #retrying: Retrying;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** By name, for a contract may be made anew for each call; of those that are known. */
  readonly #checked = new Map<string, Contract>();
  readonly #learning = new Map<string, Promise<void>>();

  constructor({ transport, mode, registry, retrying, clock, timeoutMs }: ProvisionerParts) {
    this.#transport = transport;
    this.#mode = mode;
    this.#registry = registry;
    this.#retrying = retrying;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
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
    const { name } = contract;
    if (this.#checked.get(name) === contract) return undefined;
    if (this.#registry.has(contract)) {
      this.#checked.set(name, contract);
      return undefined;
    }
    const pending = this.#learning.get(name);
    if (pending !== undefined) return pending.then(() => this.ensure(contract));
    const learning = this.#learn(contract);
    this.#learning.set(name, learning);
    const done = (): void => void this.#learning.delete(name);
    learning.then(done, done);
    return learning;
  }

  async #learn(contract: Contract): Promise<void> {
    checkContract(contract, this.#transport);
    this.#registry.check(contract);
    const until = this.#clock.now() + this.#timeoutMs;
    await this.#retrying.run(() => this.provision(topologyOfContract(contract)), { until });
    this.#registry.add(contract, undefined);
  }
}

function drifted(drift: readonly Drift[], mode: "apply" | "verify"): MessagingError {
  const lines = drift.map(({ kind, entity, property, expected, actual }) =>
    kind === "missing"
      ? `${entity} is missing`
      : `${entity} has ${property} ${actual} instead of ${expected}`,
  );
  const known = [...new Set(drift.flatMap(({ advice }) => advice ?? []))];
  const usual =
    mode === "verify"
      ? "Provision it (provision: 'apply', or by hand), or correct the declarations."
      : "Nothing that exists is changed: correct the declarations, or migrate the entities by hand. Other lanes place keys anew: order across the change is lost.";
  return new MessagingError("topology-drift", {
    what: `The broker differs from what is declared: ${lines.join("; ")}.`,
    advice: drift.every(({ advice }) => advice !== undefined) ? known.join(" ") : [...known, usual].join(" "),
  });
}
