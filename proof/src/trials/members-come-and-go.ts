import { setTimeout as pause } from "node:timers/promises";
import type { Bus, Command } from "@waybill/core";
import { LANES } from "../contracts.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Trial } from "../site.ts";
import { assemble, MEMBERS } from "../team.ts";

const CHANGE_MS = 2_000;
const KEYS = 40;
/** How many messages of a key are on their way to the broker. */
const WINDOW = 4;
/** How long lanes may take to lie evenly after the last change. */
const CALM_MS = 5_000;
const SHARE = Math.ceil(LANES / MEMBERS);

/** Three instances on four lanes, of which one leaves or joins every two seconds, under load. */
export const membersComeAndGo: Trial = async ({ broker }, { membersMs }) => {
  const { members, publisher, work, ledger, membership, stop } = await assemble(broker.url);

  const source = new Source(publisher, { work, ledger });
  const loading = source.run();
  ledger.trouble();
  let changes = 0;
  for (const last = performance.now() + membersMs; performance.now() < last; changes += 2) {
    await pause(CHANGE_MS);
    await members.leave();
    await pause(CHANGE_MS);
    await members.join();
  }
  await pause(CALM_MS);
  const most = Math.max(...membership.lanesHeld().values());
  const holders = membership.lanesHeld().size;
  source.isOver = true;
  await loading;
  await ledger.settled();
  await stop();

  const { note, broken } = membership.judgement();
  return ledger.outcome("members come and go", {
    note: `${changes} joins and leaves, ${note}; then ${holders} of ${MEMBERS} members held at most ${most} of ${LANES} lanes`,
    broken: [...broken, ...(most <= SHARE + 1 ? [] : [`one member held ${most} of ${LANES} lanes`])],
  });
};

/** Publishes without a pause, each key in its order, until it is told to end. */
class Source {
  readonly #bus: Bus;
  readonly #parts: { readonly work: Command; readonly ledger: Ledger };
  #next = 0;
  isOver = false;

  constructor(bus: Bus, parts: { readonly work: Command; readonly ledger: Ledger }) {
    this.#bus = bus;
    this.#parts = parts;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: KEYS }, (_, at) => this.#publish(`key-${at}`)));
  }

  async #publish(key: string): Promise<void> {
    const { work, ledger } = this.#parts;
    while (!this.isOver) {
      await Promise.all(
        Array.from({ length: WINDOW }, async () => {
          const number = this.#next++;
          await this.#bus.send(work, { number, key });
          ledger.stored(number);
        }),
      );
      await pause(20); // about what the members can do
    }
  }
}
