import type { PlannedFault } from "../schedule/schedule.ts";
import type { Deployment, Instance } from "../world/deployment.ts";
import { timeText } from "../story/time-text.ts";
import type { RunParts } from "../world/parts.ts";
import type { FaultName } from "./fault-name.ts";

/** The durations of delays and stalls: shorter and longer than any retry, timeout or lease. */
const DELAYS_MS = [10, 500, 3_000, 20_000, 90_000, 600_000] as const;

type Step = (fault: PlannedFault, parts: RunParts, deployment: Deployment) => void;
interface StepFault {
  /** Whether the fault can be injected now. */
  readonly canInject: (parts: RunParts, deployment: Deployment) => boolean;
  readonly inject: Step;
}

/** The faults that are injected between two steps; the others are injected inside a call. */
const STEP_FAULTS: Readonly<Partial<Record<FaultName, StepFault>>> = {
  crash: {
    canInject: (_parts, deployment) => deployment.instances.some(isBusy),
    inject: (fault, { history }, deployment) => {
      const instance = oneOf(deployment.instances.filter(isBusy), fault);
      if (instance === undefined) return;
      history.record({ who: instance.name, what: "fault", note: `crashes${currentWork(instance)}` });
      deployment.crash(instance);
    },
  },
  disconnect: {
    canInject: (_parts, deployment) => deployment.instances.some(isConnectedAndBusy),
    inject: (fault, { history }, deployment) => {
      const instance = oneOf(deployment.instances.filter(isConnectedAndBusy), fault);
      if (instance === undefined) return;
      history.record({
        who: instance.name,
        what: "fault",
        note: `loses its connection${currentWork(instance)}`,
      });
      deployment.disconnect(instance);
    },
  },
  "broker-restart": {
    canInject: (_parts, deployment) => deployment.instances.some(isConnectedAndBusy),
    inject: (_fault, { history }, deployment) => {
      history.record({ who: "broker", what: "fault", note: "restarts: every process loses its connection" });
      for (const instance of deployment.instances) if (isUp(instance)) deployment.disconnect(instance);
    },
  },
  rebalance: {
    canInject: (_parts, deployment) => deployment.instances.some(isConnectedAndBusy),
    inject: (fault, { history }, deployment) => {
      const instance = oneOf(deployment.instances.filter(isConnectedAndBusy), fault);
      if (instance === undefined) return;
      history.record({
        who: "broker",
        what: "fault",
        note: `rebalances: takes back the messages in flight at ${instance.name}`,
      });
      instance.transport.rebalance();
    },
  },
  "lease-expiry": {
    canInject: (_parts, deployment) => deployment.instances.some(({ process }) => process.handlings.size > 0),
    inject: (fault, { history }, deployment) => {
      const inFlight = deployment.instances.flatMap((instance) =>
        [...instance.process.handlings].map((handling) => ({ instance, handling })),
      );
      const chosen = oneOf(inFlight, fault);
      if (chosen === undefined) return;
      const { message, attempt } = chosen.handling.delivery;
      history.record({
        who: "broker",
        what: "fault",
        message,
        attempt,
        note: `lets the lease of ${chosen.instance.name} expire while its handler runs`,
      });
      chosen.instance.transport.memory.expire(chosen.handling.delivery);
    },
  },
  stall: {
    canInject: (_parts, deployment) => deployment.instances.some(isBusy),
    inject: (fault, { agenda, clock, history }, deployment) => {
      const instance = oneOf(deployment.instances.filter(isBusy), fault);
      if (instance === undefined) return;
      const ms = delayOf(fault);
      history.record({ who: instance.name, what: "fault", note: `stalls for ${timeText(ms)}` });
      agenda.stall(instance.process, clock.now() + ms);
      clock.schedule(ms, () => undefined);
    },
  },
  delay: {
    canInject: ({ agenda }) => agenda.deliveries.length > 0,
    inject: (fault, { agenda, clock, history }) => {
      const event = oneOf(agenda.deliveries, fault);
      if (event === undefined) return;
      const ms = delayOf(fault);
      history.record({
        who: "broker",
        what: "fault",
        note: `delays a delivery by ${timeText(ms)}: ${event.describe()}`,
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
      history.record({
        who: "time",
        what: "fault",
        note: `${timeText(clock.now() - before)} pass before the events that are due now`,
      });
    },
  },
};

/** Injects the faults whose opportunity has come. The run calls this between two steps. */
export function injectBetweenSteps(parts: RunParts, deployment: Deployment): void {
  const { faults } = parts;
  for (const name of new Set(faults.names)) {
    const fault = STEP_FAULTS[name];
    if (fault === undefined || !fault.canInject(parts, deployment)) continue;
    const planned = faults.opportunity(name);
    if (planned !== undefined) fault.inject(planned, parts, deployment);
  }
}

/** Returns whether a process of the application handles a message; a fault of an idle process shows nothing. */
function isBusy({ process }: Instance): boolean {
  return process.isAlive && !process.isClient && process.handlings.size > 0;
}

/** Returns whether a process of the application is connected; clients never lose their connection. */
function isUp({ process, isConnected }: Instance): boolean {
  return process.isAlive && !process.isClient && isConnected;
}

function isConnectedAndBusy(instance: Instance): boolean {
  return isUp(instance) && isBusy(instance);
}

function oneOf<Item>(items: readonly Item[], { pick }: PlannedFault): Item | undefined {
  return items[pick % Math.max(1, items.length)];
}

function delayOf({ pick }: PlannedFault): number {
  return DELAYS_MS[(pick >> 3) % DELAYS_MS.length] ?? 10;
}

/** Returns what a process does at the moment of a fault, as the end of a sentence. */
function currentWork({ process }: Instance): string {
  const [first] = process.handlings;
  if (first === undefined) return "";
  const type = first.delivery.message.type ?? "a message";
  return first.isAnswered
    ? ` after it has handled ${type}, before the broker receives the settlement`
    : ` while it handles ${type}`;
}
