// #region work
import { command, createBus, service } from "@waybill/core";
import { z } from "zod";

const Resize = command("pictures.resize", { data: z.object({ picture: z.string() }) });

const pictures = service("pictures", { concurrency: 2 }).handle(Resize, async ({ picture }, { signal }) => {
  running += 1;
  most = Math.max(most, running);
  await work(picture, signal);
  running -= 1;
});
// #endregion work

let [running, most, left] = [0, 0, 12];
let finish: () => void = () => undefined;
const finished = new Promise<void>((resolve) => (finish = resolve));
async function work(_picture: string, _signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (--left === 0) finish();
}

// #region instances
// Three instances, here on three buses of one process: they share the messages.
const instances = await Promise.all(
  [1, 2, 3].map(() => createBus({ transport: "memory:pictures", services: [pictures] })),
);
for (const instance of instances) await instance.start();
// #endregion instances
for (let number = 1; number <= 12; number++) await instances[0]?.send(Resize, { picture: `${number}.png` });
await finished;
for (const instance of instances) await instance.stop();
console.log(`at most ${most} pictures at a time`);
