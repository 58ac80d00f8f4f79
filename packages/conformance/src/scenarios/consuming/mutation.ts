import { ACK } from "@waybill/core/transport";
import type { TestHandler } from "../../kit/consumer.ts";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { assertThat, sameBytes, sameHeaders } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** A transport may freeze its messages instead: modifying them then throws, and the handler ignores the error. */
export const mutation: Scenario = {
  name: "a handler that modifies its message affects neither another group's delivery nor its own next delivery",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 2 });
    // Uint8Array.from copies; the slice of a Buffer does not.
    const seen: { readonly headers: object; readonly body: Uint8Array }[] = [];
    const modifies: TestHandler = ({ message, attempt }) => {
      seen.push({ headers: { ...message.headers }, body: Uint8Array.from(message.body) });
      ignoringErrors(() => Object.assign(message.headers, { "app-colour": "black", "app-new": "surprise" }));
      ignoringErrors(() => message.body.fill(0));
      return attempt === 1 ? { type: "retry", delayMs: 0 } : ACK;
    };
    for (const group of topic.groups)
      await stage.consume(transport, topic.source(group), { handler: modifies });
    const message = topic.message({ headers: { "app-colour": "white" } });
    const original = { headers: { ...message.headers }, body: Uint8Array.from(message.body) };
    await stage.store(transport, [message]);
    await stage.time.eventually(
      () => seen.length === 4,
      () => `Expected two deliveries to each of two groups, got ${seen.length} in all.`,
    );
    for (const { headers, body } of seen) {
      assertThat(
        sameHeaders({ ...headers }, original.headers),
        () => `The headers ${JSON.stringify(original.headers)} were delivered as ${JSON.stringify(headers)}.`,
      );
      assertThat(sameBytes(body, original.body), () => `The body was delivered as ${String(body)}.`);
    }
    assertThat(
      sameHeaders(message.headers, original.headers) && sameBytes(message.body, original.body),
      () => "A handler modified the message object that its publisher holds.",
    );
  },
};

function ignoringErrors(change: () => void): void {
  try {
    change();
  } catch {
    // The message is frozen, so no other delivery can see a change.
  }
}
