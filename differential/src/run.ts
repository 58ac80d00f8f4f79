import type { Command } from "./commands.ts";
import { drain } from "./drain.ts";
import { Log } from "./log.ts";
import { namesOf, numberOf, shortName, sourceText, type Names } from "./names.ts";
import { AFTER_DELAY_MS, DELAY_MS, SETTLEMENTS } from "./settlements.ts";
import type { Target } from "./target.ts";
import type { Settlement, Transport, WireMessage } from "@waybill/core/transport";

const CREDIT = 4;
const MAX_MEMBERS = 3;
/** How long a member that stops may take to settle its messages in flight. */
const STOP_MS = 50;
const CONNECT_TRIES = 10;
const PROVISION_TRIES = 40;
const READY_ROUNDS = 400;

interface Member {
  readonly transport: Transport;
  /** Whether it has neither crashed nor stopped. Other members settle no delivery. */
  isAlive: boolean;
}

/** Runs the commands, drains all queues and counts the dead letters. Returns the observations: a text for each line. */
export async function run(
  commands: readonly Command[],
  target: Target,
): Promise<ReadonlyMap<string, string>> {
  const sequenceRun = new SequenceRun(target);
  try {
    await sequenceRun.begin();
    for (const command of commands) await sequenceRun.execute(command);
    await sequenceRun.finish();
    return sequenceRun.log.outcome();
  } finally {
    await sequenceRun.close();
  }
}

class SequenceRun {
  readonly log = new Log();
  readonly #target: Target;
  readonly #names: Names;
  readonly #members: Member[] = [];
  readonly #transports: Transport[] = [];
  #publisher: Transport | undefined = undefined;
  #messages = 0;
  /** The stored messages, once for each source that must deliver them. */
  readonly #expected: { readonly message: number; readonly source: string }[] = [];
  /** Whether a delayed message may exist: not every broker counts these in its depth. */
  #mayBeDelayed = false;

  constructor(target: Target) {
    this.#target = target;
    this.#names = namesOf(target.prefix);
  }

  async begin(): Promise<void> {
    this.#publisher = await this.#connected();
    // A broker that has just started may refuse to provision for some seconds.
    for (let tries = 1; ; tries++)
      try {
        await this.#publisher.provision(this.#names.topology, "apply");
        return;
      } catch (error) {
        if (tries === PROVISION_TRIES) throw error;
        await this.#target.elapse(250);
      }
  }

  async execute(command: Command): Promise<void> {
    switch (command.what) {
      case "publish":
        await this.#publish(command);
        break;
      case "join":
        if (this.#alive.length < MAX_MEMBERS) await this.#join();
        break;
      case "answer":
        await this.#answer(command);
        break;
      case "crash":
      case "cut":
      case "stop":
        await this.#inject(command.what, this.#members[command.member]);
        break;
      case "wait":
        await this.#target.elapse(AFTER_DELAY_MS);
    }
    await this.#target.settle();
  }

  async finish(): Promise<void> {
    if (this.#alive.length === 0) await this.#join();
    await drain(
      { target: this.#target, log: this.log, names: this.#names, reader: await this.#connected() },
      { expected: this.#expected, mayBeDelayed: this.#mayBeDelayed },
    );
  }

  async close(): Promise<void> {
    const deadline = this.#target.environment.clock.now() + STOP_MS;
    const closing = Promise.all(this.#transports.map((transport) => transport.close(deadline)));
    await this.#target.elapse(STOP_MS);
    await closing;
    await this.#target.close();
  }

  get #alive(): readonly Member[] {
    return this.#members.filter(({ isAlive }) => isAlive);
  }

  /**
   * Connects a new transport. Tries more than once, because a busy broker may answer later than the connection
   * timeout.
   */
  async #connected(): Promise<Transport> {
    for (let tries = 1; ; tries++) {
      const transport = await this.#target.transport();
      this.#transports.push(transport);
      try {
        await transport.connect(AbortSignal.timeout(20_000));
        return transport;
      } catch (error) {
        if (tries === CONNECT_TRIES) throw error;
        await this.#target.elapse(250);
      }
    }
  }

  async #join(): Promise<void> {
    const transport = await this.#connected();
    const member: Member = { transport, isAlive: true };
    this.#members.push(member);
    for (const source of this.#names.sources) {
      const text = sourceText(source);
      const subscription = await transport.subscribe(source, (delivery) => {
        if (!member.isAlive) return new Promise<Settlement>(() => undefined);
        return this.log.receive(delivery, { message: numberOf(delivery.message), source: text, member });
      });
      subscription.credit(CREDIT);
    }
    this.#changed(member);
  }

  async #publish({
    destination,
    key,
    isDelayed,
    losesConfirm,
  }: Command & { what: "publish" }): Promise<void> {
    const [target, publisher] = [this.#target, this.#publisher];
    if (publisher === undefined) return;
    const deliverAt = isDelayed ? target.environment.clock.now() + DELAY_MS : undefined;
    const message = this.#names.message(this.#messages++, { destination, key, deliverAt });
    this.#mayBeDelayed ||= isDelayed;
    if (losesConfirm) await target.loseConfirm(publisher);
    const result = await this.#tryPublish(publisher, message);
    if (losesConfirm) {
      await target.restore(publisher);
      await this.#untilReady(publisher);
      await target.settle();
    }
    // Core does the same: it resends an unconfirmed message under the same id.
    const isUnconfirmed = losesConfirm && result !== "stored";
    const again = isUnconfirmed ? await this.#tryPublish(publisher, message) : result;
    if (again === "stored")
      for (const source of this.#names.sources)
        if (source.kind !== "dead-letters" && shortName(source.name) === destination)
          this.#expected.push({ message: numberOf(message), source: sourceText(source) });
    this.log.published(result === "maybe stored" ? `maybe stored, then ${again}` : again);
  }

  async #tryPublish(publisher: Transport, message: WireMessage): Promise<string> {
    const [result] = await publisher.publish([message]);
    if (result?.ok === true) return "stored";
    return result?.error.maybeStored === true ? "maybe stored" : `refused: ${result?.error.code ?? "?"}`;
  }

  async #untilReady(transport: Transport): Promise<void> {
    let status = "";
    const stop = transport.onState((state) => (status = state.status));
    for (let round = 0; status !== "ready" && round < READY_ROUNDS; round++) await this.#target.elapse(10);
    stop();
    if (status !== "ready")
      this.log.fail(`a transport is still ${status}, long after its network was restored`);
  }

  async #answer({ message, answer }: Command & { what: "answer" }): Promise<void> {
    const isInFlight = (): boolean => this.log.inFlight.some((each) => each.message === message);
    if (message >= this.#messages || !(await this.#target.until(isInFlight))) return;
    this.#mayBeDelayed ||= answer === "retry later";
    for (const inFlight of this.log.inFlight.filter((each) => each.message === message))
      inFlight.answer(answer, SETTLEMENTS[answer]);
  }

  async #inject(fault: "crash" | "cut" | "stop", intended: Member | undefined): Promise<void> {
    if (intended === undefined || !intended.isAlive) return;
    const target = this.#target;
    const member = target.oneOf(intended, this.#alive);
    const { transport } = member;
    switch (fault) {
      case "crash":
        this.#removeMember(member);
        await target.crash(transport);
        break;
      case "cut":
        await target.cut(transport);
        await target.settle();
        await target.restore(transport);
        await this.#untilReady(transport);
        break;
      case "stop": {
        const closing = transport.close(target.environment.clock.now() + STOP_MS);
        await target.elapse(STOP_MS);
        await closing;
        this.#removeMember(member);
      }
    }
    this.#changed(member);
  }

  #removeMember(member: Member): void {
    member.isAlive = false;
    this.log.removeMember(member);
  }

  #changed(member: Member): void {
    this.#target.membershipChanged(
      this.#alive.filter((other) => other !== member).map(({ transport }) => transport),
    );
  }
}
