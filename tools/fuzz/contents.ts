import fc from "fast-check";
import { plainJson, plainLong, plainText, type Envelope } from "@waybill/core";
import { decode } from "../../packages/core/src/codec/decode.ts";
import { decodePlain } from "../../packages/core/src/codec/plain.ts";
import { BODY, HEADERS, headersObject } from "./arbitraries.ts";
import { fuzzer, assertThat, type Fuzzer } from "./fuzzer.ts";

/** Returns `undefined` for a message that is refused as undecodable; any other error is a fault. */
function decodedOrUndefined(read: () => Envelope): Envelope | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "undecodable") return undefined;
    throw error;
  }
}

function check(envelope: Envelope | undefined): void {
  if (envelope === undefined) return;
  const { id, type, extensions } = envelope;
  assertThat(typeof id === "string" && typeof type === "string", () => "the envelope has no id or type");
  assertThat(
    Object.getPrototypeOf(extensions) === Object.prototype,
    () => "the extensions have a foreign prototype",
  );
}

const structured = fuzzer<{ readonly body: Buffer; readonly contentType: string }>({
  name: "CloudEvents, structured",
  corpus: [{ body: Buffer.from('{"a":'.repeat(100_000)), contentType: "application/cloudevents+json" }],
  cases: fc.record({
    body: BODY,
    contentType: fc.constantFrom(
      "application/cloudevents+json",
      "application/cloudevents+json; charset=utf-8",
      "APPLICATION/CloudEvents+JSON",
    ),
  }),
  run: ({ body, contentType }) =>
    check(decodedOrUndefined(() => decode({ body, contentType, headers: {} }, () => undefined))),
});

const binary = fuzzer<{
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers: readonly (readonly [string, string])[];
}>({
  name: "CloudEvents, binary",
  corpus: [],
  cases: fc.record({
    body: BODY,
    contentType: fc.constantFrom("application/json", "", "text/plain", ";", "a/b;c=d"),
    headers: HEADERS,
  }),
  run({ body, contentType, headers }) {
    const event = { "ce-specversion": "1.0", "ce-id": "a", "ce-type": "t", "ce-source": "s" };
    const all = { ...event, ...headersObject(headers) };
    check(decodedOrUndefined(() => decode({ body, contentType, headers: all }, () => undefined)));
  },
});

const TIMES = [undefined, 0, 1e12, 8.64e15, 9e15, -1];

const plain = fuzzer<{
  readonly body: Buffer;
  readonly key: string | undefined;
  readonly at: number;
  readonly value: number;
}>({
  name: "plain messages",
  corpus: [],
  cases: fc.record({
    body: BODY,
    key: fc.constantFrom(undefined, "k", "\u0000base64:!!", "\u0000base64:AA=="),
    at: fc.nat(TIMES.length - 1),
    value: fc.nat(2),
  }),
  run({ body, key, at, value }) {
    const format = [plainJson, plainLong, plainText][value] ?? plainJson;
    const record = key === undefined ? { key: body, isNull: at === 0, time: TIMES[at] } : undefined;
    check(
      decodedOrUndefined(() =>
        decodePlain(
          { body, contentType: "", headers: {}, key, record },
          { read: (message) => format.read(message.value), write: () => ({}) },
          { id: "i", type: "t", source: "s" },
        ),
      ),
    );
  },
});

export const CONTENTS: readonly Fuzzer[] = [structured, binary, plain];
