import { Bus, handlerFor, type Logger } from "@node-ts/bus-core";
import { InMemoryQueue } from "@node-ts/bus-core/dist/transport/index.js";
import { Command, Event } from "@node-ts/bus-messages";
import { Notes } from "./note.ts";

const notes = new Notes();
const silent: Logger = {
  debug: () => undefined,
  trace: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
};
// #region app
class Dispatch extends Command {
  readonly $name = "warehouse/dispatch";
  readonly $version = 1;
  constructor(readonly orderId: number) {
    super();
  }
}
class Dispatched extends Event {
  readonly $name = "warehouse/dispatched";
  readonly $version = 1;
  constructor(
    readonly orderId: number,
    readonly trackingId: string,
  ) {
    super();
  }
}

const queue = new InMemoryQueue({ maxRetries: 4, receiveTimeoutMs: 50 });
const bus = Bus.configure()
  .withTransport(queue)
  .withLogger(() => silent)
  .withRetryStrategy({ calculateRetryDelay: () => 0 })
  .withHandler(
    handlerFor(Dispatch, async ({ orderId }) => {
      await bus.publish(new Dispatched(orderId, `WB-${orderId}`));
    }),
  )
  .withHandler(
    // There are no replies: the answer is an event, and the requester recognises its own by the data.
    handlerFor(Dispatched, ({ trackingId }) => notes.add(`shop received ${trackingId}`)),
    handlerFor(Dispatched, ({ orderId }) => {
      if (orderId === 13) throw new Error("no such address");
      notes.add(`mailer wrote about order ${orderId}`);
    }),
    handlerFor(Dispatched, ({ orderId }) => notes.add(`sales counted order ${orderId}`)),
  )
  .build();

await bus.initialize();
await bus.start();
for (const orderId of [12, 13]) await bus.send(new Dispatch(orderId));
// #endregion app
while (queue.deadLetterQueueDepth === 0) await new Promise((resolve) => setTimeout(resolve, 20));
const [letter] = queue.deadLetterQueue;
notes.add(`mailer gave up order 13 after ${letter?.raw.seenCount} tries`);
await notes.print(6);
await bus.dispose();
