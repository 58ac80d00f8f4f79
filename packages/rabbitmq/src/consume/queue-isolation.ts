import type { Cancel, Clock } from "@waybill/core/transport";

/** The time for which the connection must hold after RabbitMQ has begun to deliver the messages of a queue. */
const TRIAL_MS = 1_000;
/** The time for which a suspected queue is not read. It doubles each time. */
const PAUSE_MS = { first: 10_000, longest: 300_000 } as const;

/** A consumer that may be the cause of lost connections. */
export interface IsolatedConsumer {
  /** The name of its queue, for warnings. */
  readonly name: string;
  /** Stops reading until `resume`, on any connection. */
  suspend(): void;
  /** Reads on the present connection. Resolves once RabbitMQ has answered; never rejects. */
  resume(): Promise<void>;
  /** Reports that the queue is not read, and `undefined` once it is read again. */
  reportProblem(problem: string | undefined): void;
}

/** The loss of a connection. */
export interface Loss {
  /** A key that is equal for losses with one cause. */
  readonly cause: string;
  /** The reason, for warnings. */
  readonly reason: string;
  /** Whether the connection was lost repeatedly for this cause. */
  readonly isRepeated: boolean;
}

export interface QueueIsolationOptions {
  readonly clock: Clock;
  readonly consumers: () => readonly IsolatedConsumer[];
}

interface Trial {
  readonly consumer: IsolatedConsumer;
  cancel: Cancel;
}

/**
 * Resumes consumers after a lost connection, and isolates the queue whose poison message ends the connection. As a rule all
 * consumers resume at once. When losses repeat for one cause, the consumers resume one after the other, each on trial. A
 * consumer whose trial ends with the same loss is the suspect: it pauses, with backoff, and the others go on. After its pause
 * it is on trial again.
 */
export class QueueIsolation {
  readonly #options: QueueIsolationOptions;
  /** The consumers that read nothing until their trial. */
  readonly #waiting = new Set<IsolatedConsumer>();
  /** The suspects, which read nothing until their pause is over. */
  readonly #paused = new Map<IsolatedConsumer, Cancel>();
  /** The length of the next pause of a suspect. */
  readonly #nextPauseMs = new WeakMap<IsolatedConsumer, number>();
  #trial: Trial | undefined = undefined;
  /** The cause that is searched for; absent while no queue is suspected. */
  #cause: string | undefined = undefined;
  /** Whether all consumers are on trial in turn. The suspect may then be the wrong queue. */
  #triesAll = false;
  #isConnected = false;

  constructor(options: QueueIsolationOptions) {
    this.#options = options;
  }

  /** Whether a cause is searched for, or a suspect pauses. */
  get isActive(): boolean {
    return this.#cause !== undefined;
  }

  /** Handles the loss of the connection. Only the first call after `resumed` counts. */
  lost({ cause, reason, isRepeated }: Loss): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    const suspect = this.#trial?.consumer;
    this.#endTrial();
    if (isRepeated) this.#cause = cause;
    if (cause !== this.#cause) {
      if (suspect !== undefined) this.#awaitTrial(suspect); // its trial proved nothing
      return;
    }
    if (suspect !== undefined) this.#pause(suspect, reason);
    if (suspect === undefined ? !isRepeated : !this.#triesAll) return;
    this.#triesAll = true;
    for (const consumer of this.#options.consumers())
      if (!this.#paused.has(consumer)) this.#awaitTrial(consumer);
  }

  /** Handles a new connection. Safe to call without a loss. */
  resumed(): void {
    this.#isConnected = true;
    for (const consumer of this.#options.consumers())
      if (!this.#paused.has(consumer) && !this.#waiting.has(consumer)) void consumer.resume();
    this.#tryNext();
  }

  /** Leaves no timer. */
  end(): void {
    this.#isConnected = false;
    this.#endTrial();
    for (const cancel of this.#paused.values()) cancel();
    this.#paused.clear();
    this.#waiting.clear();
  }

  #awaitTrial(consumer: IsolatedConsumer): void {
    consumer.suspend();
    this.#waiting.add(consumer);
  }

  #pause(consumer: IsolatedConsumer, reason: string): void {
    const pauseMs = this.#nextPauseMs.get(consumer) ?? PAUSE_MS.first;
    this.#nextPauseMs.set(consumer, Math.min(PAUSE_MS.longest, pauseMs * 2));
    consumer.suspend();
    const wake = (): void => {
      this.#paused.delete(consumer);
      this.#waiting.add(consumer);
      this.#tryNext();
    };
    this.#paused.set(consumer, this.#options.clock.schedule(pauseMs, wake));
    consumer.reportProblem(problemOf(consumer.name, reason));
  }

  #tryNext(): void {
    if (!this.#isConnected || this.#trial !== undefined) return;
    const present = new Set(this.#options.consumers());
    for (const consumer of this.#waiting) if (!present.has(consumer)) this.#waiting.delete(consumer);
    const [consumer] = this.#waiting;
    if (consumer === undefined) {
      this.#triesAll = false;
      if (this.#paused.size === 0) this.#cause = undefined;
      return;
    }
    this.#waiting.delete(consumer);
    void this.#try(consumer);
  }

  async #try(consumer: IsolatedConsumer): Promise<void> {
    const trial: Trial = { consumer, cancel: () => undefined };
    this.#trial = trial;
    await consumer.resume();
    if (this.#trial !== trial) return;
    trial.cancel = this.#options.clock.schedule(TRIAL_MS, () => {
      this.#trial = undefined;
      this.#nextPauseMs.delete(consumer);
      consumer.reportProblem(undefined);
      this.#tryNext();
    });
  }

  #endTrial(): void {
    this.#trial?.cancel();
    this.#trial = undefined;
  }
}

/**
 * Returns the warning about repeated losses; undefined for other losses.
 * @param queues the queues that were read on the connection; undefined for the publishing connection
 */
export function lossWarning({ reason, isRepeated }: Loss, queues?: readonly string[]): string | undefined {
  if (!isRepeated) return undefined;
  const advice =
    queues === undefined
      ? "A message that this process sends may cause it."
      : `A message in one of these queues may cause it: ${queues.join(", ")}. The adapter now reads them one after the other to find it.`;
  return `The connection to RabbitMQ is lost again and again (${reason}). ${advice}`;
}

function problemOf(name: string, reason: string): string {
  return (
    `The connection to RabbitMQ is lost each time queue ${name} is read (${reason}). One of its first messages may be the ` +
    "cause: move it out of the queue. The adapter reads the queue again after a pause of 10 s, which grows to 5 min. " +
    "Other queues are not affected."
  );
}
