import { inspect } from "node:util";
import { createBus, isMessagingError } from "@waybill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const SECRET = "S3cretPart";
const SCHEMES = ["amqp", "amqps", "nats", "tls", "kafka", "kafka+tls", "memory"];
/** The parameters of all brokers; most generated URLs contain one that their broker does not know. */
const PARAMETERS =
  "heartbeat connection_timeout connect_timeout cacertfile ca creds verify sasl token replicas largest_message domain".split(
    " ",
  );

/** Characters around a secret that should have been percent-encoded. */
const delimiters = fc
  .array(fc.constantFrom("@", ":", "/", "?", "#", "%", "%zz", "&", "=", ",", "[", "]", " ", "a", "7", "é"), {
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const withSecret = fc.tuple(delimiters, delimiters).map(([before, after]) => `${before}${SECRET}${after}`);
const harmless = fc.constantFrom("", "a", "12345", "a%40b");

const urls = fc
  .record({
    scheme: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...SCHEMES) }, withSecret),
    joint: fc.constantFrom("://", "://", "://", ":", "//"),
    user: fc.oneof(harmless, withSecret),
    password: fc.oneof(harmless, withSecret),
    second: fc.option(withSecret),
    path: fc.oneof(harmless, withSecret),
    parameter: fc.option(
      fc.tuple(fc.oneof(fc.constantFrom(...PARAMETERS), withSecret), fc.oneof(harmless, withSecret)),
    ),
    end: fc.oneof(fc.constant(""), withSecret),
  })
  .map(({ scheme, joint, user, password, second, path, parameter, end }) => {
    const credentials = user === "" && password === "" ? "" : `${user}:${password}@`;
    const others = second === null ? "" : `,u:${second}@127.0.0.1:1`;
    const query = parameter === null ? "" : `?${parameter.join("=")}`;
    return `${scheme}${joint}${credentials}127.0.0.1:1${others}/${path}${query}${end}`;
  });

/** Returns every text that a bus with this URL can show: errors with all their fields, warnings, states and `explain`. */
async function visibleTexts(transport: string): Promise<string> {
  const texts: string[] = [];
  const collect = (thrown: unknown): void => {
    expect(isMessagingError(thrown), String(thrown)).toBe(true);
    texts.push(inspect(thrown, { depth: 9, showHidden: true }), (thrown as Error).stack ?? "");
    texts.push(JSON.stringify(thrown));
  };
  try {
    const bus = await createBus({
      transport,
      timeouts: { connect: "20ms", stop: 0 },
      onWarning: (warning) => texts.push(warning),
    });
    bus.onState(({ reason = "" }) => texts.push(reason));
    texts.push(inspect(bus, { depth: 9, showHidden: true }), bus.explain().toString());
    await bus.start().catch(collect);
    await bus.stop().catch(collect);
  } catch (thrown) {
    collect(thrown);
  }
  return texts.join("\n");
}

describe("a secret in a URL", () => {
  it("appears in no error, cause, stack, warning or state, at any position and in any malformed URL", async () => {
    await fc.assert(
      fc.asyncProperty(urls, async (url) => {
        expect(await visibleTexts(url)).not.toContain(SECRET);
      }),
      { numRuns: 400 },
    );
  });
});
