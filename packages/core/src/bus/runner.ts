import type { Clock } from "../environment/clock.ts";
import { MessagingError, describeThrown } from "../environment/messaging-error.ts";
import type { Transport, TransportState } from "../spi/transport.ts";
import { before } from "./lifecycle/before.ts";
import { checkCapabilities } from "./plan/capability-check.ts";
import type { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { Settings } from "./config/options.ts";
import type { BusParts } from "./wiring.ts";
import { quietly } from "../environment/quietly.ts";
import type { Patience } from "./send/retrying.ts";
import {
  alreadyStarted,
  disconnectedWhileWaiting,
  stopped,
  stoppedWhileWaiting,
} from "./lifecycle/phase-errors.ts";

export interface LifeInput {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly lifecycle: Lifecycle;
  readonly parts: BusParts;
  /** Called when the transport's state has changed. */
  readonly onChange: () => void;
}

/** Leads the parts of a bus from start to stop, whatever happens in between. */
export class BusRunner {
  readonly #input: LifeInput;
  readonly #clock: Clock;
  readonly #connecting = new AbortController();
  #transportState: TransportState = { status: "connecting", reason: undefined };
  /** When `start` gives up. */
  #connectUntil = 0;
  #hasTold = false;
  /** Why the last try of `start` failed. */
  #lastFailure: unknown = undefined;
  #starting: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;

  constructor(input: LifeInput) {
    this.#input = input;
    this.#clock = input.settings.environment.clock;
  }

  get transportState(): TransportState {
    return this.#transportState;
  }

  start(): Promise<void> {
    const { lifecycle } = this.#input;
    const { phase } = lifecycle;
    if (phase === "stopped") return Promise.reject(stopped("start was called on a stopped bus."));
    if (phase !== "created") return Promise.reject(alreadyStarted(phase));
    lifecycle.become("starting");
    this.#starting = this.#start();
    return this.#starting;
  }

  /** Called again, waits for the first call. */
  stop(timeoutMs: number): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { lifecycle, parts, settings, transport } = this.#input;
    this.#connectUntil = this.#clock.now() + settings.connectMs;
    try {
      transport.onState((state) => this.#follow(state));
      await this.#connect();
      checkCapabilities(parts.plan, transport);
      const patience = this.#patience("provisioned");
      await parts.retrying.run(() => parts.provisioner.provision(parts.plan.topology), patience);
      await parts.receiver.subscribe(parts.plan.consumers, (subscribe) =>
        parts.retrying.run(subscribe, patience),
      );
      if (lifecycle.phase !== "starting") throw stopped("The bus was stopped while it started.");
      lifecycle.become("running");
      parts.sender.isReady = this.#transportState.status === "ready";
      parts.receiver.open();
    } catch (cause) {
      const error = cause instanceof MessagingError ? cause : startFailed(cause);
      if (lifecycle.phase === "starting") {
        lifecycle.fail(error.message);
        await this.#close(this.#clock.now() + settings.stopMs);
      }
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const { settings, transport, parts } = this.#input;
    const giveUp = (): void => {
      const why = this.#lastFailure === undefined ? "" : `: ${causeOf(this.#lastFailure)}`;
      this.#connecting.abort(new Error(`not connected within ${settings.connectMs} ms${why}`));
    };
    const cancel = this.#clock.schedule(settings.connectMs, giveUp);
    try {
      await parts.retrying.run(
        () => transport.connect(this.#connecting.signal, settings.onWarning),
        this.#patience("connected"),
      );
    } finally {
      cancel();
    }
  }

  /** Until `timeouts.connect` is over; says once what is waited for. */
  #patience(what: string): Patience {
    const { settings } = this.#input;
    return {
      until: this.#connectUntil,
      isWanted: () => !this.#connecting.signal.aborted,
      onFailure: (error) => {
        this.#lastFailure = error;
        if (this.#hasTold) return;
        this.#hasTold = true;
        const waiting = `The bus is not ${what} yet; start tries again until ${settings.connectMs} ms have passed.`;
        quietly(() => settings.onWarning(`${waiting} ${describeThrown(error)}`));
      },
    };
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { lifecycle, parts, transport } = this.#input;
    const deadline = this.#clock.now() + timeoutMs;
    const { phase } = lifecycle;
    if (phase === "stopped" || phase === "failed") return;
    if (phase === "created") {
      lifecycle.become("stopped");
      return transport.close(deadline);
    }
    lifecycle.become("stopping");
    this.#connecting.abort(stopped("The bus was stopped while it started."));
    if (phase === "starting") parts.retrying.end();
    if (this.#starting !== undefined) await before(this.#clock, deadline, this.#starting);
    parts.requests.fail(stoppedWhileWaiting, ({ isFromHandler }) => !isFromHandler);
    await before(this.#clock, deadline, parts.receiver.drain(deadline));
    parts.requests.fail(stoppedWhileWaiting);
    await before(this.#clock, deadline, parts.sender.idle());
    await this.#close(deadline);
    lifecycle.become("stopped");
  }

  async #close(deadline: number): Promise<void> {
    const { parts, transport } = this.#input;
    parts.retrying.end();
    parts.sender.close();
    await before(this.#clock, deadline, parts.receiver.drain(deadline));
    await before(this.#clock, deadline, parts.requests.close());
    await before(this.#clock, deadline, transport.close(deadline));
  }

  #follow(state: TransportState): void {
    const { lifecycle, parts, onChange } = this.#input;
    this.#transportState = state;
    if (state.status === "ready") parts.retrying.wake();
    const isSending = lifecycle.phase === "running" || lifecycle.phase === "stopping";
    if (isSending) parts.sender.isReady = state.status === "ready";
    if (state.status === "disconnected" || state.status === "closed")
      // What has not left loses nothing: it leaves, and is answered, once the broker is back.
      parts.requests.fail(
        disconnectedWhileWaiting,
        ({ isKept, isAnswered }) => isAnswered !== true && (state.status === "closed" || !isKept()),
      );
    onChange();
  }
}

function startFailed(cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `The bus could not start: ${describeThrown(cause)}.`,
    advice: "See the cause; everything is closed again.",
    cause,
  });
}

/** The broker's or the client's own reason: what names the address stands around it already. */
function causeOf(failure: unknown): string {
  return describeThrown((failure instanceof Error ? failure.cause : undefined) ?? failure);
}
