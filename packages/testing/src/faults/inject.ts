import type { PlannedFault } from "../schedule/schedule.ts";
import type { Deployment, Slot } from "../world/deployment.ts";
import type { Handling } from "../world/handling.ts";
import type { RunParts } from "../world/parts.ts";
import type { FaultName } from "./fault-name.ts";

/** How long things are held up, in milliseconds: shorter and longer than any retry, timeout or lease. */
const DELAYS_MS = [10, 500, 3_000, 20_000, 90_000, 600_000] as const;

type Step = (fault: PlannedFault, parts: RunParts, deployment: Deployment) => void;
interface StepFault {
  /** Whether there is anything it could strike. */
  readonly canInject: (parts: RunParts, deployment: Deployment) => boolean;
  readonly inject: Step;
}

/** Faults that strike between two steps; the others strike inside a call. */
const STEP_FAULTS: Readonly<Partial<Record<FaultName, StepFault>>> = {
  crash: {
    canInject: (_parts, deployment) => deployment.slots.some(isBusy),
    inject: (fault, { history }, deployment) => {
      const slot = oneOf(deployment.slots.filter(isBusy), fault);
      if (slot === undefined) return;
      history.tell({ who: slot.name, what: "fault", note: `dies${handWork(slot)}` });
      deployment.crash(slot);
    },
  },
  disconnect: {
    canInject: (_parts, deployment) => deployment.slots.some(hasHeld),
    inject: (fault, { history }, deployment) => {
      const slot = oneOf(deployment.slots.filter(hasHeld), fault);
      if (slot === undefined) return;
      history.tell({ who: slot.name, what: "fault", note: `loses its connection${handWork(slot)}` });
      deployment.disconnect(slot);
    },
  },
  "broker-restart": {
    canInject: (_parts, deployment) => deployment.slots.some(hasHeld),
    inject: (_fault, { history }, deployment) => {
      history.tell({ who: "broker", what: "fault", note: "restarts: every process loses its connection" });
      for (const slot of deployment.slots) if (isUp(slot)) deployment.disconnect(slot);
    },
  },
  rebalance: {
    canInject: (_parts, deployment) => deployment.slots.some(hasHeld),
    inject: (fault, { history }, deployment) => {
      const slot = oneOf(deployment.slots.filter(hasHeld), fault);
      if (slot === undefined) return;
      history.tell({
        who: "broker",
        what: "fault",
        note: `shares out the work anew: takes back what ${slot.name} has`,
      });
      slot.transport.rebalance();
    },
  },
  "lease-expiry": {
    canInject: (_parts, deployment) => deployment.slots.some(({ process }) => process.handlings.size > 0),
    inject: (fault, { history }, deployment) => {
      const held = deployment.slots.flatMap((slot) =>
        [...slot.process.handlings].map((handling) => ({ slot, handling })),
      );
      const chosen = oneOf(held, fault);
      if (chosen === undefined) return;
      const { message, attempt } = chosen.handling.delivery;
      history.tell({
        who: "broker",
        what: "fault",
        message,
        attempt,
        note: `takes it back from ${chosen.slot.name}, which still works on it`,
      });
      chosen.slot.transport.memory.expire(chosen.handling.delivery);
    },
  },
  stall: {
    canInject: (_parts, deployment) => deployment.slots.some(isBusy),
    inject: (fault, { agenda, clock, history }, deployment) => {
      const slot = oneOf(deployment.slots.filter(isBusy), fault);
      if (slot === undefined) return;
      const ms = delayOf(fault);
      history.tell({ who: slot.name, what: "fault", note: `stands still for ${ms} ms` });
      agenda.stall(slot.process, clock.now() + ms);
      clock.schedule(ms, () => undefined);
    },
  },
  delay: {
    canInject: ({ agenda }) => agenda.deliveries.length > 0,
    inject: (fault, { agenda, clock, history }) => {
      const event = oneOf(agenda.deliveries, fault);
      if (event === undefined) return;
      const ms = delayOf(fault);
      history.tell({
        who: "broker",
        what: "fault",
        note: `holds up for ${ms} ms what comes next: ${event.describe()}`,
      });
      agenda.remove(event);
      clock.schedule(ms, () => agenda.add(event));
    },
  },
  "early-timer": {
    canInject: ({ agenda, clock }) => agenda.size > 0 && clock.hasAlarms,
    inject: (_fault, { clock, history }) => {
      const before = clock.now();
      clock.ringNext();
      history.tell({
        who: "time",
        what: "fault",
        note: `passes, ${clock.now() - before} ms, before anything else happens`,
      });
    },
  },
};

/** Lets the faults whose opportunity has come strike. Called between two steps. */
export function strikeBetweenSteps(parts: RunParts, deployment: Deployment): void {
  const { faults } = parts;
  for (const name of new Set(faults.names)) {
    const fault = STEP_FAULTS[name];
    if (fault === undefined || !fault.canInject(parts, deployment)) continue;
    const planned = faults.opportunity(name);
    if (planned !== undefined) fault.inject(planned, parts, deployment);
  }
}

/** Processes of the application that have something in hand: a fault would strike nothing in others. */
function isBusy({ process }: Slot): boolean {
  return process.isAlive && !process.isClient && process.handlings.size > 0;
}

/** Processes of the application with a connection to lose; clients of the application keep theirs. */
function isUp({ process, isConnected }: Slot): boolean {
  return process.isAlive && !process.isClient && isConnected;
}

function hasHeld(slot: Slot): boolean {
  return isUp(slot) && isBusy(slot);
}

function oneOf<Item>(items: readonly Item[], { pick }: PlannedFault): Item | undefined {
  return items[pick % Math.max(1, items.length)];
}

function delayOf({ pick }: PlannedFault): number {
  return DELAYS_MS[(pick >> 3) % DELAYS_MS.length] ?? 10;
}

function handWork({ process }: Slot): string {
  const [first] = process.handlings;
  if (first === undefined) return "";
  const at: (handling: Handling) => string = ({ isAnswered }) =>
    isAnswered ? "after it has handled" : "while it handles";
  return ` ${at(first)} ${first.delivery.message.type ?? "a message"}, before the broker knows`;
}
