import { createIds } from "../environment/ids.ts";
import { createIsoTime } from "../environment/iso-time.ts";
import { compose } from "../pipeline/compose.ts";
import { incomingPipeline, type IncomingPipeline } from "../pipeline/incoming/incoming-pipeline.ts";
import { Interruptions } from "../pipeline/incoming/interruptions.ts";
import { outgoingSteps, type OutgoingParts } from "../pipeline/outgoing/outgoing-steps.ts";
import type { Transport } from "../spi/transport.ts";
import type { Impairments } from "./lifecycle/impairments.ts";
import type { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { Settings } from "./config/options.ts";
import { MessageDispatcher } from "./send/dispatcher.ts";
import { planOf, type Plan } from "./plan/plan.ts";
import { Provisioner } from "./plan/provisioner.ts";
import { Receiver } from "./receiver.ts";
import { Requests } from "./request/requests.ts";
import { Retrying } from "./send/retrying.ts";
import { Sender } from "./send/sender.ts";

/** What a bus is made of. */
export interface BusParts {
  readonly plan: Plan;
  readonly newId: () => string;
  readonly sender: Sender;
  readonly requests: Requests;
  readonly provisioner: Provisioner;
  readonly retrying: Retrying;
  readonly dispatcher: MessageDispatcher;
  readonly receiver: Receiver;
  /** The names of the steps of both pipelines, in order. */
  readonly steps: { readonly outgoing: readonly string[]; readonly incoming: readonly string[] };
}

export interface AssemblyInput {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly lifecycle: Lifecycle;
  /** The problems that the transport reports of its sources. */
  readonly impairments: Impairments;
}

/**
 * Makes the parts and joins them; nothing runs yet.
 * @throws MessagingError what {@link planOf} throws
 */
export function assemble({ settings, transport, lifecycle, impairments }: AssemblyInput): BusParts {
  const { clock, random } = settings.environment;
  const plan = planOf(settings);
  const newId = createIds(clock, random);
  const iso = createIsoTime();
  const time = (): string => iso(clock.now());
  const sender = new Sender(transport, clock, settings.sender);
  const retrying = new Retrying(settings.environment);
  const requests = new Requests({ transport, clock, retrying, sender, timeoutMs: settings.requestMs });
  const takesReplies = (address: string): boolean => transport.takesReplies?.(address) ?? true;
  const isStopping = (): boolean => lifecycle.isEnding;
  const provisioner = new Provisioner({
    transport,
    mode: settings.provision,
    registry: plan.registry,
    retrying,
    clock,
    timeoutMs: settings.sender.timeoutMs,
  });
  const leaving: Omit<OutgoingParts, "middleware"> = {
    stamp: { newId, time, source: settings.name },
    clock,
    handOver: {
      store: (message, stored, learning) => sender.store(message, stored, learning),
      ensure: (contract) => provisioner.ensure(contract),
    },
  };
  const outgoing = outgoingSteps({ ...leaving, middleware: settings.outgoing });
  const dispatcher = new MessageDispatcher({
    run: compose(outgoing),
    runBare: compose(outgoingSteps({ ...leaving, middleware: [] })),
    clock,
    storeMs: settings.sender.timeoutMs,
    takesReplies,
    requests,
    admit: (scope) => lifecycle.admit(scope !== undefined),
  });
  const pipeline = (): IncomingPipeline =>
    incomingPipeline({
      trying: {
        recovery: {
          clock,
          random,
          isStopping,
          tell: settings.onWarning,
          capabilities: () => transport.capabilities,
          rites: { time, tellRequester: (message, failure) => dispatcher.tellRequester(message, failure) },
        },
        interruptions: new Interruptions({ clock, isStopping, tell: settings.onWarning }),
        dispatcher: dispatcher,
        storeAll: (messages) => sender.storeAll(messages),
      },
      reply: (message, reply) => dispatcher.reply(message, reply),
      takesReplies,
      newId,
      middleware: settings.incoming,
    });
  const receiver = new Receiver({ transport, pipeline, impairments });
  const steps = { outgoing: outgoing.map(({ name }) => name), incoming: pipeline().names };
  return { plan, newId, sender, requests, provisioner, retrying, dispatcher, receiver, steps };
}
