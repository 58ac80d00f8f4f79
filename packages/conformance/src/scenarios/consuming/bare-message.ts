import { claim } from "../../kit/observe/claim.ts";
import { plainMessage } from "../../kit/generate/messages.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** The only message without the kit's header: nothing may need one, and none may be added. */
export const bareMessage: Scenario = {
  name: "a message with an empty body and no headers arrives with an empty body and no headers",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source);
    const to = { kind: "queue", name: queue.name } as const;
    await stage.store(transport, [
      plainMessage({ id: stage.names.id(), to, body: new Uint8Array(0), contentType: "" }),
    ]);
    await stage.time.eventually(
      () => consumer.handlings.length > 0,
      () => "The empty message did not arrive.",
    );
    const message = consumer.handlings[0]?.message;
    claim(message?.body.length === 0, () => `An empty body arrived with ${message?.body.length} bytes.`);
    const names = Object.keys(message.headers);
    claim(names.length === 0, () => `A message without headers arrived with ${names.join()}.`);
  },
};
