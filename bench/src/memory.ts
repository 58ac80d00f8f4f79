import { handWritten } from "./hand-written.ts";
import { profiled } from "./profile.ts";
import { throughTheBus } from "./through-the-bus.ts";

/** In each round the hand-written loop and the bus take turns, so that other load on the machine affects both equally. */
const ROUNDS = 9;
const MESSAGES = 100_000;
const MILLION = 1_000_000;

const handle = async (data: { orderId: number }): Promise<void> => {
  if (data.orderId < 0) throw new RangeError("never");
};

async function microseconds(run: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1_000 / MESSAGES;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const bus = await throughTheBus(handle);
await handWritten(MESSAGES, handle);
await bus.run(MESSAGES);

const rounds: { byHand: number; byBus: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const byHand = await microseconds(() => handWritten(MESSAGES, handle));
  const byBus = await microseconds(() => bus.run(MESSAGES));
  rounds.push({ byHand, byBus });
}
const byHand = median(rounds.map((round) => round.byHand));
const byBus = median(rounds.map((round) => round.byBus));
const ratio = median(rounds.map((round) => round.byHand / round.byBus));
const share = median(rounds.map((round) => round.byBus - round.byHand));
console.log(`by hand          ${byHand.toFixed(2)} us a message`);
console.log(`through the bus  ${byBus.toFixed(2)} us a message`);
console.log(`rate             ${ratio.toFixed(2)} of the hand-written loop's (aim 0.70)`);
console.log(`own share        ${share.toFixed(2)} us a message (aim 3)`);

if (process.argv.includes("--profile")) {
  console.log("\nself time through the bus:");
  for (const { name, share: part } of (await profiled(() => bus.run(3 * MESSAGES))).slice(0, 30))
    console.log(`${(part * 100).toFixed(1).padStart(5)} %  ${(part * byBus).toFixed(2)} us  ${name}`);
}

if (process.argv.includes("--memory")) {
  console.log("\nheap after garbage collection, over a million messages:");
  for (let done = 0; done <= MILLION; done += MILLION / 5) {
    globalThis.gc?.();
    console.log(`${String(done).padStart(8)}  ${(process.memoryUsage().heapUsed / 1e6).toFixed(1)} MB`);
    if (done < MILLION) await bus.run(MILLION / 5);
  }
}
await bus.stop();
