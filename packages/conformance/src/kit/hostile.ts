import { ACK, type Settlement, type Transport } from "@waybill/core/transport";
import fc from "fast-check";
import type { RawMessage } from "../raw-writer.ts";
import type { Consumer, TestHandler } from "./consumer.ts";
import type { Queue } from "./generate/destinations.ts";
import { TAG, text } from "./generate/messages.ts";
import { assertThat, few } from "./observe/assert.ts";
import type { ReceivedDelivery } from "./received-delivery.ts";
import type { Stage } from "./stage.ts";

/** Header values that stand in place of a number: negative, too large, almost a number, or no number. */
export const NUMBERS: readonly string[] = [
  "-1",
  "-1000000",
  "-9007199254740991",
  "007",
  "1.5",
  "1e1",
  "1e3",
  "0x1",
  "0x10",
  "+1",
  " 1",
  "3.5",
  "1_0",
  "99999",
  "2147483648",
  "9007199254740991",
  "9007199254740993",
  "18446744073709551615",
  "1e309",
  "-0",
  "NaN",
  "Infinity",
  " 5 ",
  "abc",
  "",
  "١",
];

/** Generates permutations of a list. */
export function shuffled<Value>(values: readonly Value[]): fc.Arbitrary<readonly Value[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}

/** Returns the names under which a program can write one of our headers: plain, and as transports escape it. */
export function spellings(name: string): readonly string[] {
  return [name, `%${name}`, `%%${name}`];
}

/** Writes a message past the transport. Returns its tag; undefined when the broker refused the message. */
export async function writeHostile(
  stage: Stage,
  queue: Queue,
  { headers = [], ...message }: Partial<RawMessage>,
): Promise<string | undefined> {
  const tag = stage.names.id();
  const destination = {
    kind: "queue",
    name: queue.name,
    lane: queue.lanes === undefined ? undefined : 0,
  } as const;
  const complete = { body: text(`body of ${tag}`), ...message, headers: [...headers, [TAG, tag] as const] };
  return (await stage.time.finish("write", stage.raw.write(destination, complete))) ? tag : undefined;
}

/** Writes several messages past the transport. Returns the tags of those that the broker stored. */
export async function writeAll(
  stage: Stage,
  queue: Queue,
  messages: readonly Partial<RawMessage>[],
): Promise<readonly string[]> {
  const tags: string[] = [];
  for (const message of messages) {
    const tag = await writeHostile(stage, queue, message);
    if (tag !== undefined) tags.push(tag);
  }
  return tags;
}

/** Returns a handler that retries every message once, alternately without and with an added header. It acknowledges ordinary messages. */
export function retriesOnce(delayMs: number): TestHandler {
  const seen = new Set<string>();
  return ({ tag, message }: ReceivedDelivery): Settlement => {
    if (ORDINARY in message.headers || seen.has(tag)) return ACK;
    seen.add(tag);
    return seen.size % 2 === 0
      ? { type: "retry", delayMs }
      : { type: "retry", delayMs, headers: { "kit-note": "once more" } };
  };
}

/** The header of ordinary messages, which the handler of {@link retriesOnce} acknowledges. */
const ORDINARY = "kit-ordinary";

/** The parts of a hostile scenario. */
export interface HostileCase {
  readonly transport: Transport;
  readonly queue: Queue;
  readonly consumer: Consumer;
}

/** Waits until ordinary messages, some of them delayed, are handled beside hostile ones. */
export async function assertOrdinaryDelivered(
  stage: Stage,
  { transport, queue, consumer }: HostileCase,
): Promise<void> {
  const { capabilities } = transport;
  const keys = queue.lanes === undefined ? [undefined, undefined, undefined] : ["a", "b", "c", "d", "e", "f"];
  const headers = { [ORDINARY]: "yes" };
  const sent = keys.map((key) => queue.message({ headers, ...(key !== undefined && { key }) }));
  if (capabilities.deliverAt.level !== "none")
    sent.push(
      queue.message({ headers, key: "a", deliverAt: Math.ceil(stage.time.now()) + stage.pace.delayMs }),
    );
  await stage.store(transport, sent);
  const missing = (): readonly string[] =>
    sent.map(({ id }) => id).filter((id) => !consumer.tags.includes(id));
  await stage.time.eventually(
    () => missing().length === 0,
    () => `${missing().length} of ${sent.length} ordinary messages were not delivered beside hostile ones.`,
  );
}

/** Checks that every message was delivered exactly this many times, and then that nothing loops. */
export async function assertHandled(
  stage: Stage,
  consumer: Consumer,
  { tags, times }: { readonly tags: readonly string[]; readonly times: number },
): Promise<void> {
  const count = (tag: string): number => consumer.tags.filter((one) => one === tag).length;
  await stage.time.eventually(
    () => tags.every((tag) => count(tag) >= times),
    () =>
      `${tags.filter((tag) => count(tag) < times).length} of ${tags.length} hostile messages were delivered fewer than ${times} times.`,
  );
  await assertNoLoop(stage);
  const tooOften = tags.filter((tag) => count(tag) > times);
  assertThat(
    tooOften.length === 0,
    () => `Hostile messages were delivered ${few(tooOften.map(count))} times; expected ${times}.`,
  );
}

/** The highest traffic in bytes per millisecond without a busy loop: heartbeats and polls cause less, a loop causes more. */
const MAX_BYTES_PER_MS = 250;

/** The deliveries and the traffic during one watch. */
interface Activity {
  readonly delivered: readonly string[];
  readonly bytes: number;
  readonly ms: number;
}

/**
 * Checks that deliveries end and that the traffic between transports and broker becomes low: no loop runs without a
 * pause.
 */
export async function assertNoLoop(stage: Stage): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const { delivered, bytes, ms } = await watch(stage);
    if (delivered.length === 0 && bytes <= MAX_BYTES_PER_MS * ms) return;
    assertThat(
      stage.time.now() < last,
      () =>
        `A loop does not end: within ${ms} ms ${few(delivered)} were delivered again, and ${bytes} bytes were exchanged with the broker.`,
    );
  }
}

async function watch(stage: Stage): Promise<Activity> {
  const { traffic = () => 0 } = stage.world;
  const { deliveries } = stage.history;
  const [count, bytes, began] = [deliveries.length, traffic(), stage.time.now()];
  await stage.time.quiet();
  return {
    delivered: deliveries.slice(count).map(({ tag }) => tag),
    bytes: traffic() - bytes,
    ms: stage.time.now() - began,
  };
}
