import { command, createBus, service } from "@waybill/core";
import { z } from "zod";

const Remind = command("mailer.remind", { data: z.object({ about: z.string() }) });

const got: string[] = [];
let both: () => void = () => undefined;
const mailer = service("mailer").handle(Remind, ({ about }) => {
  got.push(about);
  if (got.length === 2) both();
});

const bus = await createBus({ transport: "memory:", services: [mailer] });
await bus.start();
const finished = new Promise<void>((resolve) => (both = resolve));
// #region delay
await bus.send(Remind, { about: "the basket you left" }, { delay: "600ms" });
await bus.send(Remind, { about: "the sale that begins" }, { deliverAt: new Date(Date.now() + 100) });
// #endregion delay
await finished;
console.log(got.join(", then "));
await bus.stop();
