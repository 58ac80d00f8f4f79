import { withDeadline, type Clock } from "../environment/clock.ts";
import { MessagingError, describeThrown } from "../environment/messaging-error.ts";
import { quietly } from "../environment/quietly.ts";
import type { Transport, TransportState } from "../spi/transport.ts";
import type { Settings } from "./config/options.ts";
import { alreadyStarted, busStopped, type Lifecycle } from "./lifecycle/lifecycle.ts";
import { checkCapabilities } from "./plan/capability-check.ts";
import { disconnectedWhileWaiting, stoppedWhileWaiting } from "./request/request-errors.ts";
import type { RetryLimits } from "./send/retrying.ts";
import type { BusParts } from "./wiring.ts";

export interface BusRunnerParts {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly lifecycle: Lifecycle;
  readonly parts: BusParts;
  /** Called after each change of the transport's state. */
  readonly onChange: () => void;
}

/** Starts and stops the parts of a bus in order, and follows the state of its transport in between. */
export class BusRunner {
  readonly #parts: BusRunnerParts;
  readonly #clock: Clock;
  readonly #connecting = new AbortController();
  #transportState: TransportState = { status: "connecting", reason: undefined };
  /** When `start` gives up, in milliseconds since the Unix epoch. */
  #connectUntil = 0;
  #hasWarned = false;
  /** The error of the last failed try of `start`. */
  #lastFailure: unknown = undefined;
  #starting: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;

  constructor(parts: BusRunnerParts) {
    this.#parts = parts;
    this.#clock = parts.settings.environment.clock;
  }

  get transportState(): TransportState {
    return this.#transportState;
  }

  start(): Promise<void> {
    const { lifecycle } = this.#parts;
    const { phase } = lifecycle;
    if (phase === "stopped") return Promise.reject(busStopped("start was called on a stopped bus."));
    if (phase !== "created") return Promise.reject(alreadyStarted(phase));
    lifecycle.become("starting");
    this.#starting = this.#start();
    return this.#starting;
  }

  /** Stops the bus within the timeout. A second call waits for the first one. */
  stop(timeoutMs: number): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { lifecycle, parts, settings, transport } = this.#parts;
    this.#connectUntil = this.#clock.now() + settings.connectMs;
    try {
      transport.onState((state) => this.#follow(state));
      await this.#connect();
      checkCapabilities(parts.plan, transport);
      const limits = this.#retryLimits("provisioned");
      await parts.retrying.run(() => parts.provisioner.provision(parts.plan.topology), limits);
      await parts.receiver.subscribe(parts.plan.consumers, (subscribe) =>
        parts.retrying.run(subscribe, limits),
      );
      if (lifecycle.phase !== "starting") throw busStopped("The bus was stopped while it started.");
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
    const { settings, transport, parts } = this.#parts;
    const giveUp = (): void => {
      const why = this.#lastFailure === undefined ? "" : `: ${reasonOf(this.#lastFailure)}`;
      this.#connecting.abort(new Error(`not connected within ${settings.connectMs} ms${why}`));
    };
    const cancel = this.#clock.schedule(settings.connectMs, giveUp);
    try {
      await parts.retrying.run(
        () => transport.connect(this.#connecting.signal, settings.onWarning),
        this.#retryLimits("connected"),
      );
    } finally {
      cancel();
    }
  }

  /** Returns limits that end with `timeouts.connect`. The first failure is a warning. */
  #retryLimits(goal: "connected" | "provisioned"): RetryLimits {
    const { settings } = this.#parts;
    return {
      until: this.#connectUntil,
      isWanted: () => !this.#connecting.signal.aborted,
      onFailure: (error) => {
        this.#lastFailure = error;
        if (this.#hasWarned) return;
        this.#hasWarned = true;
        const warning = `The bus is not ${goal} yet; start retries until ${settings.connectMs} ms have passed.`;
        quietly(() => settings.onWarning(`${warning} ${describeThrown(error)}`));
      },
    };
  }

  async #stop(timeoutMs: number): Promise<void> {
    const { lifecycle, parts, transport } = this.#parts;
    const deadline = this.#clock.now() + timeoutMs;
    const { phase } = lifecycle;
    if (phase === "stopped" || phase === "failed") return;
    if (phase === "created") {
      lifecycle.become("stopped");
      return transport.close(deadline);
    }
    lifecycle.become("stopping");
    this.#connecting.abort(busStopped("The bus was stopped while it started."));
    if (phase === "starting") parts.retrying.end();
    if (this.#starting !== undefined) await withDeadline(this.#clock, deadline, this.#starting);
    parts.requests.fail(stoppedWhileWaiting, ({ isFromHandler }) => !isFromHandler);
    await withDeadline(this.#clock, deadline, parts.receiver.drain(deadline));
    parts.requests.fail(stoppedWhileWaiting);
    await withDeadline(this.#clock, deadline, parts.sender.idle());
    await this.#close(deadline);
    lifecycle.become("stopped");
  }

  async #close(deadline: number): Promise<void> {
    const { parts, transport } = this.#parts;
    parts.retrying.end();
    parts.sender.close();
    await withDeadline(this.#clock, deadline, parts.receiver.drain(deadline));
    await withDeadline(this.#clock, deadline, parts.requests.close());
    await withDeadline(this.#clock, deadline, transport.close(deadline));
  }

  #follow(state: TransportState): void {
    const { lifecycle, parts, onChange } = this.#parts;
    this.#transportState = state;
    if (state.status === "ready") parts.retrying.wake();
    const isSending = lifecycle.phase === "running" || lifecycle.phase === "stopping";
    if (isSending) parts.sender.isReady = state.status === "ready";
    if (state.status === "disconnected" || state.status === "closed")
      // A command that is still buffered is not affected: it is sent, and answered, once the broker is back.
      parts.requests.fail(
        disconnectedWhileWaiting,
        ({ isBuffered, isAnswered }) => isAnswered !== true && (state.status === "closed" || !isBuffered()),
      );
    onChange();
  }
}

function startFailed(cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `The bus could not start: ${describeThrown(cause)}.`,
    advice: "See the cause. This bus is closed: create a new one to start again.",
    cause,
  });
}

/** Returns the reason that the broker or its client gave: the error around it only adds the address. */
function reasonOf(failure: unknown): string {
  return describeThrown((failure instanceof Error ? failure.cause : undefined) ?? failure);
}
