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
  /** How long an undeclared contract waits for an unreachable broker, in milliseconds. */
  readonly timeoutMs: number;
}

/** Provisions destinations: the declared ones at start, that of an undeclared contract before its first message is sent. */
export class Provisioner {
  readonly #transport: Transport;
  readonly #mode: ProvisionMode;
  readonly #registry: ContractRegistry;
  readonly #retrying: Retrying;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /**
   * The provisioned contracts by name, not by object, because an application may create a new contract object for each
   * call.
   */
  readonly #checked = new Map<string, Contract>();
  readonly #pending = new Map<string, Promise<void>>();

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

  /** Provisions the destination of a contract. Returns undefined when it is provisioned already, the usual case. */
  ensure(contract: Contract): Promise<void> | undefined {
    const { name } = contract;
    if (this.#checked.get(name) === contract) return undefined;
    if (this.#registry.has(contract)) {
      this.#checked.set(name, contract);
      return undefined;
    }
    const pending = this.#pending.get(name);
    if (pending !== undefined) return pending.then(() => this.ensure(contract));
    const started = this.#provisionUndeclared(contract);
    this.#pending.set(name, started);
    const done = (): void => void this.#pending.delete(name);
    started.then(done, done);
    return started;
  }

  async #provisionUndeclared(contract: Contract): Promise<void> {
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
      ? "Provision it (with provision: 'apply', or by hand), or correct the declarations."
      : "Waybill changes no existing entity: correct the declarations, or migrate the entities by hand. A change of lanes moves keys to other lanes and loses their order.";
  return new MessagingError("topology-drift", {
    what: `The topology of the broker differs from the declarations: ${lines.join("; ")}.`,
    advice: drift.every(({ advice }) => advice !== undefined) ? known.join(" ") : [...known, usual].join(" "),
  });
}
