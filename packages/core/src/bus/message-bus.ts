import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { toMilliseconds } from "../environment/duration.ts";
import { Observers } from "../environment/observers.ts";
import type { Messenger } from "../pipeline/messenger.ts";
import type { Transport } from "../spi/transport.ts";
import type { Bus, Counters, StopOptions } from "./bus.ts";
import { BusRunner } from "./runner.ts";
import { busState, type BusState } from "./lifecycle/bus-state.ts";
import { deadLetterReader } from "./dead-letters/dead-letter-reader.ts";
import type { DeadLetters } from "./dead-letters/dead-letters.ts";
import { explain } from "./explain/explain.ts";
import type { Explanation } from "./explain/explanation.ts";
import { Impairments } from "./lifecycle/impairments.ts";
import { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { Settings } from "./config/options.ts";
import { wire, type BusParts } from "./wiring.ts";

const STOP_KINDS: OptionKinds<StopOptions> = { timeout: "any" };

/** A bus on one transport. */
export class MessageBus implements Bus {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #warnings: readonly string[];
  readonly #lifecycle = new Lifecycle(() => this.#changed());
  readonly #observers = new Observers<BusState>();
  readonly #impairments: Impairments;
  readonly #parts: BusParts;
  readonly #runner: BusRunner;
  /** The state that the observers were called with last, as JSON. */
  #lastState = "";

  /** @throws MessagingError what {@link wire} throws */
  constructor(settings: Settings, transport: Transport, warnings: readonly string[]) {
    this.#settings = settings;
    this.#warnings = warnings;
    this.#transport = transport;
    const lifecycle = this.#lifecycle;
    this.#impairments = new Impairments({ warn: settings.onWarning, onChange: () => this.#changed() });
    const parts = wire({ settings, transport, lifecycle, impairments: this.#impairments });
    this.#parts = parts;
    this.#runner = new BusRunner({ settings, transport, lifecycle, parts, onChange: () => this.#changed() });
  }

  readonly send: Messenger["send"] = (contract, data, options) =>
    this.#parts.dispatcher.send({ intent: "send", contract, data, options, scope: undefined });

  readonly publish: Messenger["publish"] = (contract, data, options) =>
    this.#parts.dispatcher.send({ intent: "publish", contract, data, options, scope: undefined });

  readonly request: Messenger["request"] = (contract, data, options) =>
    this.#parts.dispatcher.request({ contract, data, options, scope: undefined });

  start(): Promise<void> {
    return this.#runner.start();
  }

  async stop(options: StopOptions = {}): Promise<void> {
    const { timeout } = checkOptions<StopOptions>("stop", options, STOP_KINDS);
    const timeoutMs = timeout === undefined ? this.#settings.stopMs : toMilliseconds(timeout, "timeout");
    return this.#runner.stop(timeoutMs);
  }

  state(): BusState {
    const { phase, failure } = this.#lifecycle;
    const transport = this.#runner.transportState;
    return busState({ phase, transport, failure, impaired: this.#impairments.all });
  }

  onState(listener: (state: BusState) => void): () => void {
    return this.#observers.add(listener);
  }

  explain(): Explanation {
    const { name, capabilities } = this.#transport;
    const { phase } = this.#lifecycle;
    const isKnown = phase === "running" || phase === "stopping";
    const { plan, steps } = this.#parts;
    return explain({
      transport: name,
      capabilities: isKnown ? capabilities : undefined,
      warnings: this.#warnings,
      plan,
      ...steps,
    });
  }

  deadLetters(service: string): DeadLetters {
    const { newId, sender, plan } = this.#parts;
    return deadLetterReader(service, {
      sourcesOf: (name) => {
        const consumers = plan.consumers.filter((consumer) => consumer.service === name);
        return consumers.length === 0 ? undefined : consumers.map(({ source }) => source);
      },
      transport: this.#transport,
      clock: this.#settings.environment.clock,
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

  /** Several causes of a change may lead to the same state: the observers are called once. */
  #changed(): void {
    const state = this.state();
    const text = JSON.stringify(state);
    if (text === this.#lastState) return;
    this.#lastState = text;
    this.#observers.notify(() => state);
  }
}
