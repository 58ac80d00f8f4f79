import fc from "fast-check";
import { ACK, type Settlement, type Transport } from "@waybill/core/transport";
import type { RawMessage } from "../raw-writer.ts";
import { claim, few } from "./observe/claim.ts";
import type { Answer, Consumer } from "./consumer.ts";
import type { Handling } from "./handling.ts";
import { TAG, text } from "./generate/messages.ts";
import type { Queue } from "./generate/places.ts";
import type { Stage } from "./stage.ts";

/** Where a number is expected: negative, huge, almost a number, none at all. */
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

/** All of a list, in any order. */
export function shuffled<Value>(values: readonly Value[]): fc.Arbitrary<readonly Value[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}

/** The names under which a program can write a header of ours: as it is, and as transports escape it. */
export function spellings(name: string): readonly string[] {
  return [name, `%${name}`, `%%${name}`];
}

/** Writes a message past the transport. Answers the tag by which the kit recognises it; absent when the broker refused it. */
export async function writeHostile(
  stage: Stage,
  queue: Queue,
  { headers = [], ...message }: Partial<RawMessage>,
): Promise<string | undefined> {
  const tag = stage.names.id();
  const place = { kind: "queue", name: queue.name, lane: queue.lanes === undefined ? undefined : 0 } as const;
  const whole = { body: text(`body of ${tag}`), ...message, headers: [...headers, [TAG, tag] as const] };
  return (await stage.time.finish("write", stage.raw.write(place, whole))) ? tag : undefined;
}

/** The same of several; those that the broker refused are left out. */
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

/** Asks for messages once more, in both ways in turn: as they are, and with a header more. Those that are marked as innocent it acknowledges. */
export function asksOnceMore(delayMs: number): Answer {
  const seen = new Set<string>();
  return ({ tag, message }: Handling): Settlement => {
    if (INNOCENT in message.headers || seen.has(tag)) return ACK;
    seen.add(tag);
    return seen.size % 2 === 0
      ? { type: "retry", delayMs }
      : { type: "retry", delayMs, headers: { "kit-note": "once more" } };
  };
}

const INNOCENT = "kit-innocent";

export interface Served {
  readonly transport: Transport;
  readonly queue: Queue;
  readonly consumer: Consumer;
}

/** Messages of a program that means no harm are handled while hostile ones lie there: at once, and when they are due. */
export async function claimInnocentServed(
  stage: Stage,
  { transport, queue, consumer }: Served,
): Promise<void> {
  const { capabilities } = transport;
  const keys = queue.lanes === undefined ? [undefined, undefined, undefined] : ["a", "b", "c", "d", "e", "f"];
  const headers = { [INNOCENT]: "yes" };
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
    () => `${missing().length} of ${sent.length} innocent messages were not handled beside hostile ones.`,
  );
}

/** Every message was handed over exactly so many times. */
export async function claimHandled(
  stage: Stage,
  consumer: Consumer,
  { tags, times }: { readonly tags: readonly string[]; readonly times: number },
): Promise<void> {
  const count = (tag: string): number => consumer.tags.filter((one) => one === tag).length;
  await stage.time.eventually(
    () => tags.every((tag) => count(tag) >= times),
    () =>
      `Of ${tags.length} hostile messages ${tags.filter((tag) => count(tag) < times).length} were handed over less than ${times} times.`,
  );
  await claimCalm(stage);
  const often = tags.filter((tag) => count(tag) > times);
  claim(
    often.length === 0,
    () => `Hostile messages were handed over ${few(often.map(count))} times instead of ${times}.`,
  );
}

/** More bytes in a millisecond than a loop that never waits leaves out, and fewer than heartbeats and polls need. */
const MOST_TRAFFIC = 250;

/** What went on in one watch. */
interface Unrest {
  readonly handled: readonly string[];
  readonly bytes: number;
  readonly ms: number;
}

/**
 * In the end nothing is handed over any more, and transports and broker have little to say to each other: no loop runs
 * without a pause.
 */
export async function claimCalm(stage: Stage): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const { handled, bytes, ms } = await watch(stage);
    if (handled.length === 0 && bytes <= MOST_TRAFFIC * ms) return;
    claim(
      stage.time.now() < last,
      () =>
        `There is no end of it: in ${ms} ms ${few(handled)} came again, and ${bytes} bytes were exchanged with the broker.`,
    );
  }
}

async function watch(stage: Stage): Promise<Unrest> {
  const { traffic = () => 0 } = stage.world;
  const { handlings } = stage.history;
  const [count, bytes, began] = [handlings.length, traffic(), stage.time.now()];
  await stage.time.quiet();
  return {
    handled: handlings.slice(count).map(({ tag }) => tag),
    bytes: traffic() - bytes,
    ms: stage.time.now() - began,
  };
}
