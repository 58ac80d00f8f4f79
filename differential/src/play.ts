import {
  ACK,
  RELEASE,
  type Settlement,
  type Source,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";
import type { Answer, Command } from "./commands.ts";
import { Log } from "./log.ts";
import { namesOf, numberOf, shortName, type Names } from "./names.ts";
import type { Place } from "./place.ts";

const WINDOW = 4;
const MOST_MEMBERS = 3;
const DELAY_MS = 150;
/** Longer than a delay, with the grid that a broker may round it up to. */
const LONGER_MS = 320;
/** How long a member that stops may take for what it has in hand. */
const STOP_MS = 50;
const ROUNDS = 200;

interface Member {
  readonly transport: Transport;
  /** Deliveries to one that is gone are nobody's. */
  isAlive: boolean;
}

/** Plays a sequence of commands and answers with what was seen, to its end: everything handled, the dead letters counted. */
export async function play(commands: readonly Command[], place: Place): Promise<ReadonlyMap<string, string>> {
  const player = new Player(place);
  try {
    await player.begin();
    for (const command of commands) await player.carryOut(command);
    await player.finish();
    return player.log.outcome();
  } finally {
    await player.close();
  }
}

class Player {
  readonly log = new Log();
  readonly #place: Place;
  readonly #names: Names;
  readonly #members: Member[] = [];
  readonly #all: Transport[] = [];
  #publisher: Transport | undefined = undefined;
  #messages = 0;
  /** What must be handled in the end: messages and their sources. */
  readonly #owed: { readonly message: number; readonly source: string }[] = [];
  /** Something is to come later that not every broker counts. */
  #isDelayed = false;

  constructor(place: Place) {
    this.#place = place;
    this.#names = namesOf(place.prefix);
  }

  async begin(): Promise<void> {
    this.#publisher = await this.#connected();
    // A broker that has just started may refuse for a while.
    for (let tries = 1; ; tries++)
      try {
        await this.#publisher.provision(this.#names.topology, "apply");
        return;
      } catch (error) {
        if (tries === 40) throw error;
        await this.#place.elapse(250);
      }
  }

  async carryOut(command: Command): Promise<void> {
    switch (command.what) {
      case "publish":
        await this.#publish(command);
        break;
      case "join":
        if (this.#alive.length < MOST_MEMBERS) await this.#join();
        break;
      case "answer":
        await this.#answer(command.message, command.answer);
        break;
      case "crash":
      case "cut":
      case "stop":
        await this.#meet(command.what, this.#members[command.member]);
        break;
      case "wait":
        await this.#place.elapse(LONGER_MS);
    }
    await this.#place.settle();
  }

  /** Acknowledges everything until nothing is left, and counts the dead letters. */
  async finish(): Promise<void> {
    const place = this.#place;
    if (this.#alive.length === 0) await this.#join();
    const reader = await this.#connected();
    for (let round = 0, quiet = 0; round < ROUNDS; round++) {
      await place.until(() => this.log.held.length > 0);
      const isQuiet = this.log.held.length === 0;
      for (const held of [...this.log.held]) held.answer("ack", ACK);
      await place.settle();
      const isDone =
        isQuiet && this.log.held.length === 0 && this.#isPaid && (await this.#left(reader)) === 0;
      quiet = isDone ? quiet + 1 : 0;
      if (quiet > 1 && !this.#isDelayed) return this.#countDeadLetters(reader);
      if (quiet === 0) await place.elapse(20);
      if (quiet > 0 && this.#isDelayed) await place.elapse(LONGER_MS);
      this.#isDelayed &&= quiet === 0;
    }
    this.log.failed(`after ${ROUNDS} rounds ${await this.#left(reader)} messages are left`);
  }

  async close(): Promise<void> {
    const deadline = this.#place.environment.clock.now() + STOP_MS;
    const closing = Promise.all(this.#all.map((transport) => transport.close(deadline)));
    await this.#place.elapse(STOP_MS);
    await closing;
    await this.#place.close();
  }

  get #isPaid(): boolean {
    return this.#owed.every(({ message, source }) => this.log.isConcluded(message, source));
  }

  get #alive(): readonly Member[] {
    return this.#members.filter(({ isAlive }) => isAlive);
  }

  /** A broker that has much to do may not be heard for longer than a connection is patient. */
  async #connected(): Promise<Transport> {
    for (let tries = 1; ; tries++) {
      const transport = await this.#place.transport();
      this.#all.push(transport);
      try {
        await transport.connect(AbortSignal.timeout(20_000));
        return transport;
      } catch (error) {
        if (tries === 10) throw error;
        await this.#place.elapse(250);
      }
    }
  }

  async #join(): Promise<void> {
    const transport = await this.#connected();
    const member: Member = { transport, isAlive: true };
    this.#members.push(member);
    for (const source of this.#names.sources) {
      const where = placeOf(source);
      const subscription = await transport.subscribe(source, (delivery) => {
        if (!member.isAlive) return new Promise<Settlement>(() => undefined);
        return this.log.receive(delivery, { message: numberOf(delivery.message), source: where, member });
      });
      subscription.credit(WINDOW);
    }
    this.#changed(member);
  }

  async #publish({ target, key, isDelayed, losesConfirm }: Command & { what: "publish" }): Promise<void> {
    const [place, publisher] = [this.#place, this.#publisher];
    if (publisher === undefined) return;
    const deliverAt = isDelayed ? place.environment.clock.now() + DELAY_MS : undefined;
    const message = this.#names.message(this.#messages++, { target, key, deliverAt });
    this.#isDelayed ||= isDelayed;
    if (losesConfirm) await place.loseConfirm(publisher);
    const result = await this.#try(publisher, message);
    if (losesConfirm) {
      await place.restore(publisher);
      await this.#ready(publisher);
    }
    if (losesConfirm) await place.settle();
    // As core does it: sent again under the same id, until it is known to be stored.
    const isLost = losesConfirm && result !== "stored";
    const again = isLost ? await this.#try(publisher, message) : result;
    if (again === "stored")
      for (const source of this.#names.sources)
        if (source.kind !== "dead-letters" && shortName(source.name) === target)
          this.#owed.push({ message: numberOf(message), source: placeOf(source) });
    this.log.published(result === "maybe stored" ? `maybe stored, then ${again}` : again);
  }

  async #try(publisher: Transport, message: WireMessage): Promise<string> {
    const [result] = await publisher.publish([message]);
    if (result?.ok === true) return "stored";
    return result?.error.maybeStored === true ? "maybe stored" : `refused: ${result?.error.code ?? "?"}`;
  }

  /** Waits until a transport can be used again. */
  async #ready(transport: Transport): Promise<void> {
    let status = "";
    const stop = transport.onState((state) => (status = state.status));
    for (let round = 0; status !== "ready" && round < 400; round++) await this.#place.elapse(10);
    stop();
    if (status !== "ready")
      this.log.failed(`a transport is ${status} long after its connection was possible again`);
  }

  async #answer(message: number, answer: Answer): Promise<void> {
    const isHeld = (): boolean => this.log.held.some((held) => held.message === message);
    if (message >= this.#messages || !(await this.#place.until(isHeld))) return;
    this.#isDelayed ||= answer === "retry later";
    for (const held of this.log.held.filter((each) => each.message === message))
      held.answer(answer, SETTLEMENTS[answer]);
  }

  async #meet(fate: "crash" | "cut" | "stop", meant: Member | undefined): Promise<void> {
    if (meant === undefined || !meant.isAlive) return;
    const place = this.#place;
    const member = place.oneOf(meant, this.#alive);
    const { transport } = member;
    switch (fate) {
      case "crash":
        this.#leave(member);
        await place.crash(transport);
        break;
      case "cut":
        await place.cut(transport);
        await place.settle();
        await place.restore(transport);
        await this.#ready(transport);
        break;
      case "stop": {
        const closing = transport.close(place.environment.clock.now() + STOP_MS);
        await place.elapse(STOP_MS);
        await closing;
        this.#leave(member);
      }
    }
    this.#changed(member);
  }

  #leave(member: Member): void {
    member.isAlive = false;
    this.log.leave(member);
  }

  #changed(member: Member): void {
    this.#place.membershipChanged(
      this.#alive.filter((other) => other !== member).map(({ transport }) => transport),
    );
  }

  async #left(reader: Transport): Promise<number> {
    const depths = await Promise.all(this.#names.sources.map((source) => reader.depth(source)));
    return depths.reduce(
      (sum, { ready, unsettled = 0, delayed = 0 }) => sum + ready + unsettled + delayed,
      0,
    );
  }

  async #countDeadLetters(reader: Transport): Promise<void> {
    for (const group of this.#names.groups) {
      const source: Source = { kind: "dead-letters", group };
      const { ready } = await reader.depth(source);
      let seen = 0;
      const subscription = await reader.subscribe(source, ({ message }) => {
        seen += 1;
        this.log.deadLetter(numberOf(message), shortName(group));
        return Promise.resolve(ACK);
      });
      subscription.credit(100);
      for (let round = 0; seen < ready && round < 100; round++) await this.#place.until(() => seen >= ready);
      if (seen < ready) this.log.failed(`of ${ready} dead letters ${seen} were read`);
    }
  }
}

function placeOf(source: Source): string {
  return `${shortName(source.kind === "dead-letters" ? "" : source.name)} of ${shortName(source.group)}`;
}

const SETTLEMENTS: Readonly<Record<Answer, Settlement>> = {
  ack: ACK,
  retry: { type: "retry", delayMs: 0 },
  "retry later": { type: "retry", delayMs: DELAY_MS },
  "dead-letter": { type: "dead-letter", headers: {} },
  release: RELEASE,
};
