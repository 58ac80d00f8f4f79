import type { PlannedFault } from "../schedule/schedule.ts";
import type { Deployment, Instance } from "../world/deployment.ts";
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
    canInject: (_parts, deployment) => deployment.instances.some(isBusy),
    inject: (fault, { history }, deployment) => {
      const instance = oneOf(deployment.instances.filter(isBusy), fault);
      if (instance === undefined) return;
      history.record({ who: instance.name, what: "fault", note: `dies${currentWork(instance)}` });
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
        note: `shares out the work anew: takes back what ${instance.name} has`,
      });
      instance.transport.rebalance();
    },
  },
  "lease-expiry": {
    canInject: (_parts, deployment) => deployment.instances.some(({ process }) => process.handlings.size > 0),
    inject: (fault, { history }, deployment) => {
      const held = deployment.instances.flatMap((instance) =>
        [...instance.process.handlings].map((handling) => ({ instance, handling })),
      );
      const chosen = oneOf(held, fault);
      if (chosen === undefined) return;
      const { message, attempt } = chosen.handling.delivery;
      history.record({
        who: "broker",
        what: "fault",
        message,
        attempt,
        note: `takes it back from ${chosen.instance.name}, which still works on it`,
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
      history.record({ who: instance.name, what: "fault", note: `stands still for ${ms} ms` });
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
      history.record({
        who: "time",
        what: "fault",
        note: `passes, ${clock.now() - before} ms, before anything else happens`,
      });
    },
  },
};

/** Lets the faults whose opportunity has come strike. Called between two steps. */
export function injectBetweenSteps(parts: RunParts, deployment: Deployment): void {
  const { faults } = parts;
  for (const name of new Set(faults.names)) {
    const fault = STEP_FAULTS[name];
    if (fault === undefined || !fault.canInject(parts, deployment)) continue;
    const planned = faults.opportunity(name);
    if (planned !== undefined) fault.inject(planned, parts, deployment);
  }
}

/** Processes of the application that have something in hand: a fault would strike nothing in others. */
function isBusy({ process }: Instance): boolean {
  return process.isAlive && !process.isClient && process.handlings.size > 0;
}

/** Processes of the application with a connection to lose; clients of the application keep theirs. */
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

function currentWork({ process }: Instance): string {
  const [first] = process.handlings;
  if (first === undefined) return "";
  const at: (handling: Handling) => string = ({ isAnswered }) =>
    isAnswered ? "after it has handled" : "while it handles";
  return ` ${at(first)} ${first.delivery.message.type ?? "a message"}, before the broker knows`;
}
