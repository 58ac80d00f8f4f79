import { ACK } from "@waybill/core/transport";
import { claim, sameBytes, sameHeaders } from "../../kit/observe/claim.ts";
import type { Answer } from "../../kit/consumer.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Frozen messages keep the promise as well: then the attempt to alter them throws, which the handler here forgives. */
export const mutation: Scenario = {
  name: "what a handler does to its message alters neither another group's nor its own next delivery",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 2 });
    // Uint8Array.from copies; slice would not, of a Buffer.
    const seen: { readonly headers: object; readonly body: Uint8Array }[] = [];
    const vandal: Answer = ({ message, attempt }) => {
      seen.push({ headers: { ...message.headers }, body: Uint8Array.from(message.body) });
      attempting(() => Object.assign(message.headers, { "app-colour": "black", "app-new": "surprise" }));
      attempting(() => message.body.fill(0));
      return attempt === 1 ? { type: "retry", delayMs: 0 } : ACK;
    };
    for (const group of topic.groups) await stage.consume(transport, topic.source(group), { answer: vandal });
    const message = topic.message({ headers: { "app-colour": "white" } });
    const original = { headers: { ...message.headers }, body: Uint8Array.from(message.body) };
    await stage.store(transport, [message]);
    await stage.time.eventually(
      () => seen.length === 4,
      () => `Two groups with two deliveries each saw ${seen.length}: ${stage.history.story("both")}.`,
    );
    for (const { headers, body } of seen) {
      claim(
        sameHeaders({ ...headers }, original.headers),
        () => `${JSON.stringify(original.headers)} was delivered as ${JSON.stringify(headers)}.`,
      );
      claim(sameBytes(body, original.body), () => `The body was delivered as ${String(body)}.`);
    }
    claim(
      sameHeaders(message.headers, original.headers) && sameBytes(message.body, original.body),
      () => "A handler altered the message in its publisher's hands.",
    );
  },
};

function attempting(change: () => void): void {
  try {
    change();
  } catch {
    // A message that cannot be altered is as good as one that nobody shares.
  }
}
