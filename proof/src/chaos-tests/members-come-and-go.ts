import { setTimeout as pause } from "node:timers/promises";
import type { Bus, Command } from "@waybill/core";
import { LANES } from "../contracts.ts";
import type { DeliveryLog } from "../log/delivery-log.ts";
import type { ChaosTest } from "../target.ts";
import { startConsumers, MEMBERS } from "../consumers.ts";

const CHANGE_MS = 2_000;
const KEYS = 40;
/** How many messages of a key are in flight to the broker. */
const WINDOW = 4;
/** How long the lanes may take to be balanced after the last change. */
const BALANCE_MS = 5_000;
const SHARE = Math.ceil(LANES / MEMBERS);

/** Three members share four lanes under load; one leaves or joins every two seconds. */
export const membersComeAndGo: ChaosTest = async ({ broker }, { membersMs }) => {
  const { members, publisher, work, log, handlings, stop } = await startConsumers(broker.url);

  const keyedLoad = new KeyedLoad(publisher, { work, log });
  const loading = keyedLoad.run();
  log.faultInjected();
  let changes = 0;
  for (const last = performance.now() + membersMs; performance.now() < last; changes += 2) {
    await pause(CHANGE_MS);
    await members.leave();
    await pause(CHANGE_MS);
    await members.join();
  }
  await pause(BALANCE_MS);
  const most = Math.max(...handlings.lanesOwned().values());
  const owners = handlings.lanesOwned().size;
  keyedLoad.isOver = true;
  await loading;
  await log.settled();
  await stop();

  const { note, violations } = handlings.verdict();
  return log.outcome("members leave and join", {
    note: `${changes} joins and leaves, ${note}; then ${owners} of ${MEMBERS} members owned at most ${most} of ${LANES} lanes`,
    violations: [...violations, ...(most <= SHARE + 1 ? [] : [`one member owned ${most} of ${LANES} lanes`])],
  });
};

/** Publishes the messages of each key in order, until `isOver` is set. */
class KeyedLoad {
  readonly #bus: Bus;
  readonly #parts: { readonly work: Command; readonly log: DeliveryLog };
  #next = 0;
  isOver = false;

  constructor(bus: Bus, parts: { readonly work: Command; readonly log: DeliveryLog }) {
    this.#bus = bus;
    this.#parts = parts;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: KEYS }, (_, at) => this.#publish(`key-${at}`)));
  }

  async #publish(key: string): Promise<void> {
    const { work, log } = this.#parts;
    while (!this.isOver) {
      await Promise.all(
        Array.from({ length: WINDOW }, async () => {
          const number = this.#next++;
          await this.#bus.send(work, { number, key });
          log.stored(number);
        }),
      );
      await pause(20); // The members handle messages at about this speed.
    }
  }
}
