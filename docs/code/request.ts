// #region contract
import { RemoteError, command, createBus, isMessagingError, service } from "@waybill/core";
import { z } from "zod";

const Quote = command("pricing.quote", {
  data: z.object({ product: z.string(), pieces: z.number().int().positive() }),
  reply: z.object({ cents: z.number().int() }),
});

const pricing = service("pricing", { recovery: { immediate: 0, delayed: false } }).handle(
  Quote,
  ({ product, pieces }) => {
    if (product === "moon")
      throw Object.assign(new Error("the moon is not for sale"), { code: "NOT_FOR_SALE" });
    return { cents: 250 * pieces };
  },
);
// #endregion contract

const bus = await createBus({ transport: "memory:", services: [pricing] });
await bus.start();

// #region ask
const { cents } = await bus.request(Quote, { product: "pen", pieces: 4 }, { timeout: "2s" });
console.log(`four pens are ${cents} cents`);
// #endregion ask

// #region fail
try {
  await bus.request(Quote, { product: "moon", pieces: 1 });
} catch (error) {
  if (error instanceof RemoteError)
    console.log(`${error.service}: ${error.remoteCode}, ${error.remoteMessage}`);
}
// #endregion fail

// #region patience
const unhandled = command("pricing.unhandled", { data: z.object({}), reply: z.object({}) });
try {
  await bus.request(unhandled, {}, { timeout: "50ms" });
} catch (error) {
  if (isMessagingError(error, "request-timeout")) console.log("no reply in 50 ms");
}
// #endregion patience
await bus.stop();
