import { toMilliseconds } from "../ground/duration.ts";
import { createIds } from "../ground/ids.ts";
import { createIsoTime } from "../ground/iso-time.ts";
import { MessagingError, describeThrown } from "../ground/messaging-error.ts";
import { compose } from "../pipeline/compose.ts";
import { incomingPipeline, type IncomingPipeline } from "../pipeline/incoming.ts";
import type { Messenger } from "../pipeline/messenger.ts";
import { outgoingSteps, type OutgoingStep } from "../pipeline/outgoing.ts";
import type { HandlerScope } from "../pipeline/handler-scope.ts";
import type { Capabilities } from "../spi/capabilities.ts";
import type { Transport, TransportState } from "../spi/transport.ts";
import { before } from "./before.ts";
import type { Bus, Counters, StopOptions } from "./bus.ts";
import { busState, type BusState } from "./bus-state.ts";
import { checkCapabilities } from "./capability-check.ts";
import { deadLetterOffice } from "./dead-letter-office.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { explain, type Explanation } from "./explain.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Listeners } from "./listeners.ts";
import type { Settings } from "./options.ts";
import { Outbound } from "./outbound.ts";
import {
  alreadyStarted,
  disconnectedWhileWaiting,
  notRunning,
  stopped,
  stoppedWhileWaiting,
} from "./phase-errors.ts";
import { planOf, type Plan } from "./plan.ts";
import { Provisioner } from "./provisioner.ts";
import { Receiver } from "./receiver.ts";
import { Requests } from "./requests.ts";
import { Sender } from "./sender.ts";

/** A bus on one transport: joins the parts and leads them through their life. */
export class ConnectedBus implements Bus {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #plan: Plan;
  readonly #lifecycle = new Lifecycle(() => this.#changed());
  readonly #listeners = new Listeners<BusState>();
  readonly #sender: Sender;
  readonly #requests: Requests;
  readonly #provisioner: Provisioner;
  readonly #outbound: Outbound;
  readonly #receiver: Receiver;
  readonly #outgoing: readonly OutgoingStep[];
  readonly #incoming: () => IncomingPipeline;
  readonly #newId: () => string;
  readonly #connecting = new AbortController();
  #transportState: TransportState = { status: "connecting", reason: undefined };
  #failure: string | undefined = undefined;
  #starting: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;

  /** @throws MessagingError what {@link planOf} throws */
  constructor(settings: Settings, transport: Transport) {
    const { clock, random } = settings.ground;
    this.#settings = settings;
    this.#transport = transport;
    this.#plan = planOf(settings);
    this.#newId = createIds(clock, random);
    const iso = createIsoTime();
    const time = (): string => iso(clock.now());
    this.#sender = new Sender(transport, clock, settings.sender);
    this.#requests = new Requests(transport, clock, settings.requestMs);
    this.#provisioner = new Provisioner(transport, settings.provision, this.#plan.channels);
    this.#outgoing = outgoingSteps({
      stamp: { newId: this.#newId, time, source: settings.name },
      now: () => clock.now(),
      store: (message, stored) => this.#sender.store(message, stored),
      middleware: settings.outgoing,
    });
    this.#outbound = new Outbound({
      run: compose(this.#outgoing),
      provisioner: this.#provisioner,
      requests: this.#requests,
      admit: (scope) => this.#admit(scope),
    });
    this.#incoming = () =>
      incomingPipeline({
        trying: {
          recovery: {
            random,
            capabilities: () => transport.capabilities,
            rites: {
              time,
              tellRequester: (message, failure) => this.#outbound.tellRequester(message, failure),
            },
          },
          dispatcher: this.#outbound,
          storeAll: (messages) => this.#sender.storeAll(messages),
        },
        reply: (message, reply) => this.#outbound.reply(message, reply),
        middleware: settings.incoming,
      });
    this.#receiver = new Receiver(transport, this.#incoming);
  }

  readonly send: Messenger["send"] = (contract, data, options) =>
    this.#outbound.send({ intent: "send", contract, data, options, scope: undefined });

  readonly publish: Messenger["publish"] = (contract, data, options) =>
    this.#outbound.send({ intent: "publish", contract, data, options, scope: undefined });

  readonly request: Messenger["request"] = (contract, data, options) =>
    this.#outbound.request({ contract, data, options, scope: undefined });

  start(): Promise<void> {
    const { phase } = this.#lifecycle;
    if (phase === "stopped") return Promise.reject(stopped("start was called on a stopped bus."));
    if (phase !== "created") return Promise.reject(alreadyStarted(phase));
    this.#lifecycle.become("starting");
    this.#starting = this.#start();
    return this.#starting;
  }

  stop(options: StopOptions = {}): Promise<void> {
    const { timeout } = options;
    const timeoutMs = timeout === undefined ? this.#settings.stopMs : toMilliseconds(timeout, "timeout");
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  state(): BusState {
    return busState(this.#lifecycle.phase, this.#transportState, this.#failure);
  }

  onState(listener: (state: BusState) => void): () => void {
    return this.#listeners.add(listener);
  }

  explain(): Explanation {
    return explain({
      transport: this.#transport.name,
      capabilities: this.#knownCapabilities(),
      plan: this.#plan,
      outgoing: this.#outgoing.map(({ name }) => name),
      incoming: this.#incoming().names,
    });
  }

  deadLetters(service: string): DeadLetters {
    const store = (message: Parameters<Sender["store"]>[0]): Promise<void> =>
      this.#sender.store(message, undefined);
    return deadLetterOffice(service, {
      transport: this.#transport,
      clock: this.#settings.ground.clock,
      newId: this.#newId,
      store,
      admit: () => this.#admit(undefined),
    });
  }

  counters(): Counters {
    return {
      waitingToSend: this.#sender.waiting,
      waitingForReply: this.#requests.waiting,
      lateReplies: this.#requests.lateReplies,
      lostReplies: this.#sender.lostReplies,
    };
  }

  async #start(): Promise<void> {
    try {
      this.#transport.onState((state) => this.#follow(state));
      await this.#connect();
      checkCapabilities(this.#plan, this.#transport);
      await this.#provisioner.provision(this.#plan.topology);
      await this.#receiver.subscribe(this.#plan.inlets);
      if (this.#lifecycle.phase !== "starting") throw stopped("The bus was stopped while it started.");
      this.#lifecycle.become("running");
      this.#sender.isReady = this.#transportState.status === "ready";
      this.#receiver.open();
    } catch (cause) {
      const error = cause instanceof MessagingError ? cause : startFailed(cause);
      this.#failure = error.message;
      if (this.#lifecycle.phase === "starting") {
        this.#lifecycle.become("failed");
        await this.#close(this.#settings.ground.clock.now() + this.#settings.stopMs);
      }
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const { ground, connectMs } = this.#settings;
    const cancel = ground.clock.schedule(connectMs, () =>
      this.#connecting.abort(new Error(`not connected within ${connectMs} ms`)),
    );
    try {
      await this.#transport.connect(this.#connecting.signal);
    } finally {
      cancel();
    }
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { clock } = this.#settings.ground;
    const deadline = clock.now() + timeoutMs;
    const { phase } = this.#lifecycle;
    if (phase === "stopped" || phase === "failed") return;
    if (phase === "created") {
      this.#lifecycle.become("stopped");
      return this.#transport.close(deadline);
    }
    this.#lifecycle.become("stopping");
    this.#connecting.abort(stopped("The bus was stopped while it started."));
    if (phase === "starting" && this.#starting !== undefined) await before(clock, deadline, this.#starting);
    this.#requests.fail((request) => (request.isFromHandler ? undefined : stoppedWhileWaiting(request)));
    await before(clock, deadline, this.#receiver.drain(deadline));
    this.#requests.fail(stoppedWhileWaiting);
    await before(clock, deadline, this.#sender.idle());
    await this.#close(deadline);
    this.#lifecycle.become("stopped");
  }

  async #close(deadline: number): Promise<void> {
    const { clock } = this.#settings.ground;
    this.#sender.close();
    await before(clock, deadline, this.#receiver.drain(deadline));
    await before(clock, deadline, this.#requests.close());
    await before(clock, deadline, this.#transport.close(deadline));
  }

  /** A stopping bus still takes what its running handlers send. */
  #admit(scope: HandlerScope | undefined): void {
    const { phase } = this.#lifecycle;
    if (phase === "running" || (phase === "stopping" && scope !== undefined)) return;
    throw notRunning(phase, this.#failure);
  }

  #follow(state: TransportState): void {
    this.#transportState = state;
    const { phase } = this.#lifecycle;
    if (phase === "running" || phase === "stopping") this.#sender.isReady = state.status === "ready";
    if (state.status === "disconnected" || state.status === "closed")
      this.#requests.fail(disconnectedWhileWaiting);
    this.#changed();
  }

  #changed(): void {
    this.#listeners.tell(() => this.state());
  }

  #knownCapabilities(): Capabilities | undefined {
    const { phase } = this.#lifecycle;
    return phase === "running" || phase === "stopping" ? this.#transport.capabilities : undefined;
  }
}

function startFailed(cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `The bus could not start: ${describeThrown(cause)}.`,
    advice: "See the cause; everything is closed again.",
    cause,
  });
}
