import { createIds } from "../environment/ids.ts";
import { createIsoTime } from "../environment/clock.ts";
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

/** The parts of a bus. */
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

export interface BusInput {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly lifecycle: Lifecycle;
  /** Records the problems that the transport reports. */
  readonly impairments: Impairments;
}

/**
 * Creates the parts of a bus and connects them; nothing runs yet.
 * @throws MessagingError the errors of {@link planOf}
 */
export function wire(input: BusInput): BusParts {
  const { settings, transport, impairments } = input;
  const { environment, sender: senderOptions } = settings;
  const { clock, random } = environment;
  const plan = planOf(settings);
  const sender = new Sender(transport, clock, senderOptions);
  const retrying = new Retrying(environment);
  const requests = new Requests({ transport, clock, retrying, sender, timeoutMs: settings.requestMs });
  const provisioner = new Provisioner({
    transport,
    mode: settings.provision,
    registry: plan.registry,
    retrying,
    clock,
    timeoutMs: senderOptions.timeoutMs,
  });
  const iso = createIsoTime();
  const shared: SharedParts = {
    newId: createIds(clock, random),
    time: () => iso(clock.now()),
    takesReplies: (address) => transport.takesReplies?.(address) ?? true,
    sender,
    requests,
    provisioner,
  };
  const { dispatcher, outgoing } = wireOutgoing(input, shared);
  const pipeline = (): IncomingPipeline => wireIncoming(input, shared, dispatcher);
  const receiver = new Receiver({ transport, pipeline, impairments });
  const steps = { outgoing, incoming: pipeline().names };
  return { plan, newId: shared.newId, sender, requests, provisioner, retrying, dispatcher, receiver, steps };
}

interface SharedParts extends Pick<BusParts, "newId" | "sender" | "requests" | "provisioner"> {
  /** Returns the present time, RFC 3339. */
  readonly time: () => string;
  readonly takesReplies: (address: string) => boolean;
}

function wireOutgoing(
  { settings, lifecycle }: BusInput,
  { newId, time, takesReplies, sender, requests, provisioner }: SharedParts,
): { readonly dispatcher: MessageDispatcher; readonly outgoing: readonly string[] } {
  const { clock } = settings.environment;
  const parts: Omit<OutgoingParts, "middleware"> = {
    stamp: { newId, time, source: settings.name },
    clock,
    store: {
      store: (message, stored, ensure) => sender.store(message, stored, ensure),
      ensure: (contract) => provisioner.ensure(contract),
    },
  };
  const steps = outgoingSteps({ ...parts, middleware: settings.outgoing });
  const dispatcher = new MessageDispatcher({
    run: compose(steps),
    runWithoutMiddleware: compose(outgoingSteps({ ...parts, middleware: [] })),
    clock,
    storeMs: settings.sender.timeoutMs,
    takesReplies,
    requests,
    admit: (scope) => lifecycle.admit(scope !== undefined),
  });
  return { dispatcher, outgoing: steps.map(({ name }) => name) };
}

/** Creates the incoming pipeline of one subscription. */
function wireIncoming(
  { settings, transport, lifecycle }: BusInput,
  { newId, time, takesReplies, sender }: SharedParts,
  dispatcher: MessageDispatcher,
): IncomingPipeline {
  const { clock, random } = settings.environment;
  const isStopping = (): boolean => lifecycle.isEnding;
  return incomingPipeline({
    trying: {
      recovery: {
        clock,
        random,
        isStopping,
        warn: settings.onWarning,
        capabilities: () => transport.capabilities,
        giveUpServices: {
          time,
          sendFailureReply: (message, failure) => dispatcher.sendFailureReply(message, failure),
        },
      },
      interruptions: new Interruptions({ clock, isStopping, warn: settings.onWarning }),
      dispatcher,
      storeAll: (messages) => sender.storeAll(messages),
    },
    reply: (message, reply) => dispatcher.reply(message, reply),
    takesReplies,
    newId,
    middleware: settings.incoming,
  });
}
