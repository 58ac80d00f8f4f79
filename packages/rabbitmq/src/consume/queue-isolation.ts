import type { Cancel, Clock } from "@waybill/core/transport";

/** How long the connection must hold after the broker has begun to send the messages of a queue. */
const TRIAL_MS = 1_000;
/** How long a suspected queue is not read: twice as long each time. */
const PAUSE_MS = { first: 10_000, longest: 300_000 } as const;

/** A consumer that may be the cause of lost connections. */
export interface IsolatedConsumer {
  /** Of its queue, for people. */
  readonly name: string;
  /** Reads nothing until `resume`, on no connection. */
  hold(): void;
  /** Reads on the present connection. Resolves once the broker has answered; never rejects. */
  resume(): Promise<void>;
  /** Reports that the queue is not served, and `undefined` once it is served again. */
  impair(problem: string | undefined): void;
}

/** Why a connection was lost. */
export interface Loss {
  /** Equal for losses of one cause. */
  readonly cause: string;
  /** For people. */
  readonly reason: string;
  /** Whether the connection was lost for this cause again and again. */
  readonly isRepeated: boolean;
}

export interface QueueIsolationOptions {
  readonly clock: Clock;
  readonly members: () => readonly IsolatedConsumer[];
}

interface Trial {
  readonly member: IsolatedConsumer;
  cancel: Cancel;
}

/**
 * Resumes consumers after a lost connection. As a rule all resume at once. When losses repeat for one cause, the consumers
 * resume one after the other, each on trial. A consumer whose trial ends with the same loss is suspected: it pauses, longer
 * each time, and the others go on. After its pause it is on trial again.
 */
export class QueueIsolation {
  readonly #options: QueueIsolationOptions;
  /** They read nothing until their trial. */
  readonly #waiting = new Set<IsolatedConsumer>();
  /** They read nothing until their pause is over. */
  readonly #paused = new Map<IsolatedConsumer, Cancel>();
  /** How long the next pause of a suspect is. */
  readonly #nextPauseMs = new WeakMap<IsolatedConsumer, number>();
  #trial: Trial | undefined = undefined;
  /** The cause that is looked for; absent while nobody is suspected. */
  #cause: string | undefined = undefined;
  /** Whether all consumers are tried: a suspect may then be the wrong one. */
  #triesAll = false;
  #isUp = false;

  constructor(options: QueueIsolationOptions) {
    this.#options = options;
  }

  /** Whether a cause is being looked for, or a suspect pauses. */
  get isActive(): boolean {
    return this.#cause !== undefined;
  }

  /** The connection is lost. Only the first call after `resumed` counts. */
  lost({ cause, reason, isRepeated }: Loss): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    const suspect = this.#trial?.member;
    this.#endTrial();
    if (isRepeated) this.#cause = cause;
    if (cause !== this.#cause) {
      if (suspect !== undefined) this.#makeWait(suspect); // its trial has shown nothing
      return;
    }
    if (suspect !== undefined) this.#pause(suspect, reason);
    if (suspect === undefined ? !isRepeated : !this.#triesAll) return;
    this.#triesAll = true;
    for (const member of this.#options.members()) if (!this.#paused.has(member)) this.#makeWait(member);
  }

  /** The connection is back. Harmless where it was not lost. */
  resumed(): void {
    this.#isUp = true;
    for (const member of this.#options.members())
      if (!this.#paused.has(member) && !this.#waiting.has(member)) void member.resume();
    this.#tryNext();
  }

  /** Leaves no timer. */
  end(): void {
    this.#isUp = false;
    this.#endTrial();
    for (const cancel of this.#paused.values()) cancel();
    this.#paused.clear();
    this.#waiting.clear();
  }

  #makeWait(member: IsolatedConsumer): void {
    member.hold();
    this.#waiting.add(member);
  }

  #pause(member: IsolatedConsumer, reason: string): void {
    const pauseMs = this.#nextPauseMs.get(member) ?? PAUSE_MS.first;
    this.#nextPauseMs.set(member, Math.min(PAUSE_MS.longest, pauseMs * 2));
    member.hold();
    const wake = (): void => {
      this.#paused.delete(member);
      this.#waiting.add(member);
      this.#tryNext();
    };
    this.#paused.set(member, this.#options.clock.schedule(pauseMs, wake));
    member.impair(problemOf(member.name, reason));
  }

  #tryNext(): void {
    if (!this.#isUp || this.#trial !== undefined) return;
    const present = new Set(this.#options.members());
    for (const member of this.#waiting) if (!present.has(member)) this.#waiting.delete(member);
    const [member] = this.#waiting;
    if (member === undefined) {
      this.#triesAll = false;
      if (this.#paused.size === 0) this.#cause = undefined;
      return;
    }
    this.#waiting.delete(member);
    void this.#try(member);
  }

  async #try(member: IsolatedConsumer): Promise<void> {
    const trial: Trial = { member, cancel: () => undefined };
    this.#trial = trial;
    await member.resume();
    if (this.#trial !== trial) return;
    trial.cancel = this.#options.clock.schedule(TRIAL_MS, () => {
      this.#trial = undefined;
      this.#nextPauseMs.delete(member);
      member.impair(undefined);
      this.#tryNext();
    });
  }

  #endTrial(): void {
    this.#trial?.cancel();
    this.#trial = undefined;
  }
}

function problemOf(name: string, reason: string): string {
  return (
    `The connection to RabbitMQ is lost each time queue ${name} is read (${reason}). One of its first messages may be the ` +
    "cause: move it out of the queue. The queue is read again after a pause of 10 s, which grows to 5 min. Other queues go on."
  );
}
