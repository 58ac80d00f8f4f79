import { checkOptions, type OptionKinds } from "../ground/check-options.ts";
import { toMilliseconds } from "../ground/duration.ts";
import type { Messenger } from "../pipeline/messenger.ts";
import type { Transport } from "../spi/transport.ts";
import type { Bus, Counters, StopOptions } from "./bus.ts";
import { BusLife } from "./bus-life.ts";
import { busState, type BusState } from "./bus-state.ts";
import { deadLetterOffice } from "./dead-letter-office.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { explain } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import { Impairments } from "./impairments.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Listeners } from "./listeners.ts";
import type { Settings } from "./options.ts";
import { assemble, type BusParts } from "./parts.ts";

const STOP_KINDS: OptionKinds<StopOptions> = { timeout: "any" };

/** A bus on one transport, as its application sees it. */
export class ConnectedBus implements Bus {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #notices: readonly string[];
  readonly #lifecycle = new Lifecycle(() => this.#changed());
  readonly #listeners = new Listeners<BusState>();
  readonly #impairments: Impairments;
  readonly #parts: BusParts;
  readonly #life: BusLife;

  /** @throws MessagingError what {@link assemble} throws */
  constructor(settings: Settings, transport: Transport, notices: readonly string[]) {
    this.#settings = settings;
    this.#notices = notices;
    this.#transport = transport;
    const lifecycle = this.#lifecycle;
    this.#impairments = new Impairments({ warn: settings.onNotice, onChange: () => this.#changed() });
    const parts = assemble({ settings, transport, lifecycle, impairments: this.#impairments });
    this.#parts = parts;
    this.#life = new BusLife({ settings, transport, lifecycle, parts, onChange: () => this.#changed() });
  }

  readonly send: Messenger["send"] = (contract, data, options) =>
    this.#parts.outbound.send({ intent: "send", contract, data, options, scope: undefined });

  readonly publish: Messenger["publish"] = (contract, data, options) =>
    this.#parts.outbound.send({ intent: "publish", contract, data, options, scope: undefined });

  readonly request: Messenger["request"] = (contract, data, options) =>
    this.#parts.outbound.request({ contract, data, options, scope: undefined });

  start(): Promise<void> {
    return this.#life.start();
  }

  async stop(options: StopOptions = {}): Promise<void> {
    const { timeout } = checkOptions<StopOptions>("stop", options, STOP_KINDS);
    const timeoutMs = timeout === undefined ? this.#settings.stopMs : toMilliseconds(timeout, "timeout");
    return this.#life.stop(timeoutMs);
  }

  state(): BusState {
    const { phase, failure } = this.#lifecycle;
    const transport = this.#life.transportState;
    return busState({ phase, transport, failure, impaired: this.#impairments.all });
  }

  onState(listener: (state: BusState) => void): () => void {
    return this.#listeners.add(listener);
  }

  explain(): Explanation {
    const { name, capabilities } = this.#transport;
    const { phase } = this.#lifecycle;
    const isKnown = phase === "running" || phase === "stopping";
    const { plan, steps } = this.#parts;
    return explain({
      transport: name,
      capabilities: isKnown ? capabilities : undefined,
      notices: this.#notices,
      plan,
      ...steps,
    });
  }

  deadLetters(service: string): DeadLetters {
    const { newId, sender, plan } = this.#parts;
    return deadLetterOffice(service, {
      sourcesOf: (name) => {
        const inlets = plan.inlets.filter((inlet) => inlet.service === name);
        return inlets.length === 0 ? undefined : inlets.map(({ source }) => source);
      },
      transport: this.#transport,
      clock: this.#settings.ground.clock,
      newId,
      store: (message) => sender.store(message, undefined),
      admit: () => this.#lifecycle.admit(false),
    });
  }

  counters(): Counters {
    const { sender, requests } = this.#parts;
    return {
      waitingToSend: sender.waiting,
      waitingForReply: requests.waiting,
      lateReplies: requests.lateReplies,
      lostReplies: sender.lostReplies,
    };
  }

  #changed(): void {
    this.#listeners.tell(() => this.state());
  }
}
