import { makeQueue } from "../../kit/generate/destinations.ts";
import { plainMessage } from "../../kit/generate/messages.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** This message lacks the kit's header: a transport may neither require a header nor add one. */
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
      () => consumer.deliveries.length > 0,
      () => "The empty message was not delivered.",
    );
    const message = consumer.deliveries[0]?.message;
    assertThat(message?.body.length === 0, () => `An empty body arrived with ${message?.body.length} bytes.`);
    const names = Object.keys(message.headers);
    assertThat(
      names.length === 0,
      () => `A message without headers arrived with the headers ${names.join()}.`,
    );
  },
};
