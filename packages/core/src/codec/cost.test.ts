import { expect, it } from "vitest";
import { NO_HEADERS } from "../message/headers.ts";
import { decode } from "./decode.ts";

const MB = 1_000_000;
/** The most memory that decoding a message may need beyond its size. */
const MOST_BYTES = 10 * MB;
const MOST_CPU_MS = 200;
const SIZE = 500_000;
const HEAD = '{"specversion":"1.0","id":"1","source":"s","type":"t",';

function filled(before: string, part: (at: number) => string, after: string): string {
  let text = before;
  for (let at = 0; text.length < SIZE; at++) text += part(at);
  return text + after;
}

const WORST: readonly (readonly [string, string, string])[] = [
  ["many attributes", "application/cloudevents+json", filled(HEAD, (at) => `"a${at}":1,`, '"data":1}')],
  ["one attribute many times", "application/cloudevents+json", filled(HEAD, () => '"a":1,', '"data":1}')],
  ["lists in lists", "application/cloudevents+json", filled(`${HEAD}"data":`, () => "[", "")],
  ["escapes", "application/cloudevents+json", filled(`${HEAD}"data":"`, () => "\\u0041", '"}')],
  ["invalid Base64", "application/cloudevents+json", filled(`${HEAD}"data_base64":"`, () => "!", '"}')],
  ["a long content type", filled("application/", () => "x;", ""), "{}"],
  ["spaces in a content type", filled("application/json", () => " ", "x"), "{}"],
  ["invalid JSON", "application/cloudevents+json", filled("", () => "\u0000", "")],
];

it.each(WORST)(
  "decoding needs little memory and time beyond the size of the message: %s",
  (_, contentType, text) => {
    const body = Buffer.from(text);
    let [bytes, cpuMs] = [Infinity, Infinity];
    // The least of a few measurements, because the process allocates memory for other reasons too.
    for (let run = 0; run < 5; run++) {
      const before = process.memoryUsage();
      const cpu = process.cpuUsage();
      try {
        decode({ body, contentType, headers: NO_HEADERS }, () => undefined);
      } catch (error) {
        expect(String(error).length).toBeLessThan(2_000);
      }
      const { user, system } = process.cpuUsage(cpu);
      const after = process.memoryUsage();
      bytes = Math.min(bytes, after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
      cpuMs = Math.min(cpuMs, (user + system) / 1_000);
    }
    expect(bytes).toBeLessThan(text.length + contentType.length + MOST_BYTES);
    expect(cpuMs).toBeLessThan(MOST_CPU_MS);
  },
);
