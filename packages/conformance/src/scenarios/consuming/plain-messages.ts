import type { WireMessage } from "@waybill/core/transport";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { plainMessage, text } from "../../kit/generate/messages.ts";
import { assertThat, sameBytes } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

type PlainRecord = NonNullable<WireMessage["record"]>;

const NO_BYTES = new Uint8Array(0);

/** A BIGINT key with a JSON value, a tombstone of the same key, a text key, no key, and neither key nor value. */
const PLAIN: readonly { readonly body: Uint8Array; readonly key?: string; readonly record: PlainRecord }[] = [
  { body: text('{"amount":1}'), ...keyed(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5), false) },
  { body: NO_BYTES, ...keyed(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5), true) },
  { body: NO_BYTES, ...keyed(text("text"), false) },
  { body: text("bare"), record: { key: undefined, isNull: false, time: undefined } },
  { body: NO_BYTES, record: { key: undefined, isNull: true, time: undefined } },
];

/**
 * Other programs write and read plain messages. A broker with binary keys and null values must deliver both unchanged.
 */
export const plainMessages: Scenario = {
  name: "a plain message (one without an envelope) arrives with exactly its body, key and null value, also as a dead letter",
  needs: ["deadLetters"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const to = { kind: "queue", name: queue.name } as const;
    const consumer = await stage.consume(transport, queue.source, {
      handler: () => ({ type: "dead-letter", headers: { "waybill-failure-code": "handler-failed" } }),
    });
    const reader = await stage.consume(transport, queue.deadLetters);
    for (const [at, { record, ...parts }] of PLAIN.entries()) {
      const plain = plainMessage({ id: stage.names.id(), to, contentType: "", ...parts });
      await stage.store(transport, [{ ...plain, record }]);
      await stage.time.eventually(
        () => consumer.deliveries.length > at && reader.deliveries.length > at,
        () => `Plain message ${at} was not delivered, or did not become a dead letter.`,
      );
      for (const { deliveries } of [consumer, reader])
        assertUnchanged({ ...plain, record }, deliveries[at]?.message);
      const names = Object.keys(consumer.deliveries[at]?.message.headers ?? {});
      assertThat(names.length === 0, () => `A plain message arrived with the headers ${names.join()}.`);
    }
  },
};

function keyed(key: Uint8Array, isNull: boolean): { readonly key: string; readonly record: PlainRecord } {
  return { key: `key ${key.join(".")}`, record: { key, isNull, time: undefined } };
}

function assertUnchanged(sent: WireMessage, arrived: WireMessage | undefined): void {
  const { record } = sent;
  const bytes = arrived?.record?.key;
  assertThat(
    arrived !== undefined && sameBytes(arrived.body, sent.body),
    () => `The body arrived as ${String(arrived?.body)}.`,
  );
  assertThat(
    arrived.contentType === "",
    () => `A plain message arrived with the content type ${arrived.contentType}.`,
  );
  if (arrived.record === undefined) {
    assertThat(arrived.key === sent.key, () => `The key ${sent.key} arrived as ${arrived.key}.`);
    return;
  }
  assertThat(
    arrived.record.isNull === record?.isNull,
    () => `isNull ${String(record?.isNull)} arrived as ${String(arrived.record?.isNull)}.`,
  );
  assertThat(
    bytes === undefined ? record.key === undefined : record.key !== undefined && sameBytes(bytes, record.key),
    () => `The key ${String(record.key)} arrived as ${String(bytes)}.`,
  );
}
