import { createBus, type Bus } from "@waybill/core";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import type { ProcessSpec } from "./app.ts";
import { SimProcess, runAs } from "./process.ts";
import type { RunParts } from "./parts.ts";
import { portOf } from "./platform/port-of.ts";
import { SimTransport } from "./sim-transport.ts";

/** A place where a process runs: its present life, if it has one. */
export interface Slot {
  readonly name: string;
  readonly spec: ProcessSpec | undefined;
  process: SimProcess;
  transport: SimTransport;
  bus: Bus | undefined;
  isConnected: boolean;
}

/** All processes of one run. */
export class Deployment {
  readonly slots: Slot[] = [];
  readonly #parts: RunParts;
  /** What went wrong at a start: nothing else runs then. */
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

  /** Starts a process without services, for what clients do. */
  addClient(name: string): Slot {
    return this.#add(name, undefined);
  }

  slotOf(owner: SimProcess): Slot | undefined {
    return this.slots.find(({ process }) => process === owner);
  }

  /** The process is gone between two instants; a new one takes its place later. */
  crash(slot: Slot): void {
    const { agenda, clock, history } = this.#parts;
    const { process, transport } = slot;
    process.isAlive = false;
    transport.crash();
    process.handlings.clear();
    agenda.purge(process);
    clock.purge(process);
    slot.bus = undefined;
    agenda.add({
      kind: "start",
      owner: undefined,
      run: () => {
        history.tell({ who: slot.name, what: "starts" });
        this.#live(slot);
      },
      describe: () => `${slot.name} is started again`,
    });
  }

  /** The connection is lost; what its handlers do goes on. */
  disconnect(slot: Slot): void {
    const { agenda, history } = this.#parts;
    slot.transport.cut();
    slot.isConnected = false;
    agenda.add({
      kind: "restore",
      owner: slot.process,
      run: () => {
        history.tell({ who: slot.name, what: "notes", note: "is connected again" });
        slot.transport.memory.restore();
        slot.isConnected = true;
      },
      describe: () => `${slot.name} is connected again`,
    });
  }

  #add(name: string, spec: ProcessSpec | undefined): Slot {
    const { process, transport } = this.#birth(name, spec === undefined);
    const slot: Slot = { name, spec, process, transport, bus: undefined, isConnected: true };
    this.slots.push(slot);
    this.#start(slot);
    return slot;
  }

  #live(slot: Slot): void {
    const { process, transport } = this.#birth(slot.name, slot.spec === undefined);
    slot.process = process;
    slot.transport = transport;
    slot.isConnected = true;
    this.#start(slot);
  }

  #birth(name: string, isClient: boolean): { process: SimProcess; transport: SimTransport } {
    const process = new SimProcess(name, isClient, (self) => portOf(self, this.#parts));
    const transport = new SimTransport(this.#parts, process, () => {
      const slot = this.slotOf(process);
      if (slot !== undefined) this.crash(slot);
    });
    return { process, transport };
  }

  /** Started once promises have settled: nothing here takes time. */
  #start(slot: Slot): void {
    const { clock, random } = this.#parts;
    const { process, spec, transport, name } = slot;
    const environment = { clock: clock.of(process), random: seededRandom(random.uint32()) };
    const start = async (): Promise<void> => {
      const services = spec?.services() ?? [];
      const bus = await createBus({ ...spec?.bus, name: busName(name), transport, services, environment });
      slot.bus = bus;
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
