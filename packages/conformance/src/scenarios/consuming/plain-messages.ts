import type { WireMessage } from "@waybill/core/transport";
import { claim, sameBytes } from "../../kit/observe/claim.ts";
import { plainMessage, text } from "../../kit/generate/messages.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

type PlainRecord = NonNullable<WireMessage["record"]>;

const NO_BYTES = new Uint8Array(0);

/** A BIGINT key and a JSON value, a tombstone of the same key, a text key, no key, and nothing at all. */
const PLAIN: readonly { readonly body: Uint8Array; readonly key?: string; readonly record: PlainRecord }[] = [
  { body: text('{"amount":1}'), ...keyed(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5), false) },
  { body: NO_BYTES, ...keyed(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5), true) },
  { body: NO_BYTES, ...keyed(text("text"), false) },
  { body: text("bare"), record: { key: undefined, isNull: false, time: undefined } },
  { body: NO_BYTES, record: { key: undefined, isNull: true, time: undefined } },
];

/** Others write and read these, without an envelope. A broker that has keys of bytes and nulls must tell them. */
export const plainMessages: Scenario = {
  name: "a plain message arrives with its own bytes alone: body, key and null, also as a dead letter",
  needs: ["deadLetters"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const to = { kind: "queue", name: queue.name } as const;
    const consumer = await stage.consume(transport, queue.source, {
      answer: () => ({ type: "dead-letter", headers: { "waybill-failure-code": "handler-failed" } }),
    });
    const reader = await stage.consume(transport, queue.deadLetters);
    for (const [at, { record, ...parts }] of PLAIN.entries()) {
      const plain = plainMessage({ id: stage.names.id(), to, contentType: "", ...parts });
      await stage.store(transport, [{ ...plain, record }]);
      await stage.time.eventually(
        () => consumer.handlings.length > at && reader.handlings.length > at,
        () => `Plain message ${at} did not arrive, or not as a dead letter.`,
      );
      for (const { handlings } of [consumer, reader])
        claimPlain({ ...plain, record }, handlings[at]?.message);
      const names = Object.keys(consumer.handlings[at]?.message.headers ?? {});
      claim(names.length === 0, () => `A plain message arrived with the headers ${names.join()}.`);
    }
  },
};

function keyed(key: Uint8Array, isNull: boolean): { readonly key: string; readonly record: PlainRecord } {
  return { key: `key ${key.join(".")}`, record: { key, isNull, time: undefined } };
}

function claimPlain(sent: WireMessage, came: WireMessage | undefined): void {
  const { record } = sent;
  const bytes = came?.record?.key;
  claim(
    came !== undefined && sameBytes(came.body, sent.body),
    () => `The body came as ${String(came?.body)}.`,
  );
  claim(came.contentType === "", () => `A plain message came as ${came.contentType}.`);
  if (came.record === undefined) {
    claim(came.key === sent.key, () => `The key ${sent.key} came as ${came.key}.`);
    return;
  }
  claim(came.record.isNull === record?.isNull, () => `A null came as ${String(came.record?.isNull)}.`);
  claim(
    bytes === undefined ? record.key === undefined : record.key !== undefined && sameBytes(bytes, record.key),
    () => `The key ${String(record.key)} came as ${String(bytes)}.`,
  );
}
