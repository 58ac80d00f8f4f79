import { createBus, type Bus } from "@waybill/core";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import type { ProcessSpec } from "./app.ts";
import { SimProcess, runAs } from "./process.ts";
import type { RunParts } from "./parts.ts";
import { portOf } from "./platform/port-of.ts";
import { SimTransport } from "./sim-transport.ts";

/** An instance of a kind of process, with its current process and bus. */
export interface Instance {
  readonly name: string;
  readonly spec: ProcessSpec | undefined;
  process: SimProcess;
  transport: SimTransport;
  bus: Bus | undefined;
  isConnected: boolean;
}

/** All processes of one run. */
export class Deployment {
  readonly instances: Instance[] = [];
  readonly #parts: RunParts;
  /** The error of a failed start; it ends the run. */
  failure: unknown = undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Starts the instances of a kind of process. */
  addProcess(spec: ProcessSpec, instances: number): void {
    for (let number = 1; number <= instances; number++) {
      const name = instances === 1 ? spec.name : `${spec.name}/${number}`;
      this.#add(name, spec);
    }
  }

  /** Starts a process without services, for the acts of a client. */
  addClient(name: string): Instance {
    return this.#add(name, undefined);
  }

  instanceOf(owner: SimProcess): Instance | undefined {
    return this.instances.find(({ process }) => process === owner);
  }

  /** Ends a process at once, and adds the start of its successor to the agenda. */
  crash(instance: Instance): void {
    const { agenda, clock, history } = this.#parts;
    const { process, transport } = instance;
    process.isAlive = false;
    transport.crash();
    process.handlings.clear();
    agenda.purge(process);
    clock.purge(process);
    instance.bus = undefined;
    agenda.add({
      kind: "start",
      owner: undefined,
      run: () => {
        history.record({ who: instance.name, what: "starts" });
        this.#restart(instance);
      },
      describe: () => `${instance.name} starts again`,
    });
  }

  /** Cuts the connection of an instance. Its running handlers continue. */
  disconnect(instance: Instance): void {
    const { agenda, history } = this.#parts;
    instance.transport.cut();
    instance.isConnected = false;
    agenda.add({
      kind: "restore",
      owner: instance.process,
      run: () => {
        history.record({ who: instance.name, what: "notes", note: "connects again" });
        instance.transport.memory.restore();
        instance.isConnected = true;
      },
      describe: () => `${instance.name} connects again`,
    });
  }

  #add(name: string, spec: ProcessSpec | undefined): Instance {
    const { process, transport } = this.#createProcess(name, spec === undefined);
    const instance: Instance = { name, spec, process, transport, bus: undefined, isConnected: true };
    this.instances.push(instance);
    this.#start(instance);
    return instance;
  }

  #restart(instance: Instance): void {
    const { process, transport } = this.#createProcess(instance.name, instance.spec === undefined);
    instance.process = process;
    instance.transport = transport;
    instance.isConnected = true;
    this.#start(instance);
  }

  #createProcess(name: string, isClient: boolean): { process: SimProcess; transport: SimTransport } {
    const process = new SimProcess(name, isClient, (self) => portOf(self, this.#parts));
    const transport = new SimTransport(this.#parts, process, () => {
      const instance = this.instanceOf(process);
      if (instance !== undefined) this.crash(instance);
    });
    return { process, transport };
  }

  /** Starts the bus of an instance. The start needs no time: it is complete when all promises have settled. */
  #start(instance: Instance): void {
    const { clock, random } = this.#parts;
    const { process, spec, transport, name } = instance;
    const environment = { clock: clock.of(process), random: seededRandom(random.uint32()) };
    const start = async (): Promise<void> => {
      const services = spec?.services() ?? [];
      const bus = await createBus({ ...spec?.bus, name: busName(name), transport, services, environment });
      instance.bus = bus;
      await bus.start();
    };
    runAs(process, start).catch((error: unknown) => {
      if (process.isAlive) this.failure ??= error;
    });
  }
}

function busName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}
