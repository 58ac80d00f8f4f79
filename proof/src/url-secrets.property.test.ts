import { inspect } from "node:util";
import { createBus, isMessagingError } from "@waybill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const SECRET = "S3cretPart";
const SCHEMES = ["amqp", "amqps", "nats", "tls", "kafka", "kafka+tls", "memory"];
/** Parameters of all brokers: most URLs name one that their broker does not have. */
const PARAMETERS =
  "heartbeat connection_timeout connect_timeout cacertfile ca creds verify sasl token replicas largest_message domain".split(
    " ",
  );

/** What people put around a secret that nobody percent-encoded. */
const debris = fc
  .array(fc.constantFrom("@", ":", "/", "?", "#", "%", "%zz", "&", "=", ",", "[", "]", " ", "a", "7", "é"), {
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const leaking = fc.tuple(debris, debris).map(([before, after]) => `${before}${SECRET}${after}`);
const harmless = fc.constantFrom("", "a", "12345", "a%40b");

const urls = fc
  .record({
    scheme: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...SCHEMES) }, leaking),
    joint: fc.constantFrom("://", "://", "://", ":", "//"),
    user: fc.oneof(harmless, leaking),
    password: fc.oneof(harmless, leaking),
    second: fc.option(leaking),
    path: fc.oneof(harmless, leaking),
    parameter: fc.option(
      fc.tuple(fc.oneof(fc.constantFrom(...PARAMETERS), leaking), fc.oneof(harmless, leaking)),
    ),
    end: fc.oneof(fc.constant(""), leaking),
  })
  .map(({ scheme, joint, user, password, second, path, parameter, end }) => {
    const credentials = user === "" && password === "" ? "" : `${user}:${password}@`;
    const others = second === null ? "" : `,u:${second}@127.0.0.1:1`;
    const query = parameter === null ? "" : `?${parameter.join("=")}`;
    return `${scheme}${joint}${credentials}127.0.0.1:1${others}/${path}${query}${end}`;
  });

/** All that could be printed of what a URL ends with: its errors, what they hold, and what the bus tells. */
async function toldOf(transport: string): Promise<string> {
  const told: string[] = [];
  const hear = (thrown: unknown): void => {
    expect(isMessagingError(thrown), String(thrown)).toBe(true);
    told.push(inspect(thrown, { depth: 9, showHidden: true }), (thrown as Error).stack ?? "");
    told.push(JSON.stringify(thrown));
  };
  try {
    const bus = await createBus({
      transport,
      timeouts: { connect: "20ms", stop: 0 },
      onWarning: (notice) => told.push(notice),
    });
    bus.onState(({ reason = "" }) => told.push(reason));
    told.push(inspect(bus, { depth: 9, showHidden: true }), bus.explain().toString());
    await bus.start().catch(hear);
    await bus.stop().catch(hear);
  } catch (thrown) {
    hear(thrown);
  }
  return told.join("\n");
}

describe("a secret in a URL", () => {
  it("is in no error, cause, stack, notice or state, wherever it stands and however malformed the URL is", async () => {
    await fc.assert(
      fc.asyncProperty(urls, async (url) => {
        expect(await toldOf(url)).not.toContain(SECRET);
      }),
      { numRuns: 400 },
    );
  });
});
