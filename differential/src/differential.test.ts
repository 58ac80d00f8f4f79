import { startForTests } from "@waybill/brokers/for-tests";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BROKERS } from "./brokers.ts";
import { sequences, type Command } from "./commands.ts";
import { compare } from "./compare.ts";
import { differential, repeats, type Finding } from "./differential.ts";
import { modelPlace } from "./model-place.ts";
import { play } from "./play.ts";

/** Few: `npm run differential` plays a thousand for each broker. */
const RUNS = 25;

describe("the comparison of a profile with a broker", () => {
  it("finds no difference between a profile and itself", { timeout: 60_000 }, async () => {
    for (const commands of fc.sample(sequences, { seed: 11, numRuns: 40 })) {
      const outcome = await play(commands, modelPlace("rabbitmq", seededRandom(4_711)));
      expect(await compare(commands, outcome, "rabbitmq")).toEqual([]);
    }
  });

  it("finds what a broker does and its profile does not", { timeout: 60_000 }, async () => {
    const twice: readonly Command[] = [
      { what: "join" },
      { what: "publish", target: "queue", key: 0, isDelayed: false, losesConfirm: true },
    ];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, seed) => play(twice, modelPlace("rabbitmq", seededRandom(seed)))),
    );
    const stored = outcomes.find((outcome) => outcome.get("message 0 in queue of first") === "1:ack 1:ack");
    if (stored === undefined) throw new Error("RabbitMQ stores a resend again");
    const [difference] = await compare(twice, stored, "nats");
    expect(difference?.line).toBe("message 0 in queue of first");
    expect(difference?.allowed).toContain("1:ack");
  });

  it("finds a message that is lost", { timeout: 60_000 }, async () => {
    const publish: readonly Command[] = [
      { what: "join" },
      { what: "publish", target: "lanes", key: 1, isDelayed: false, losesConfirm: false },
    ];
    const outcome = new Map(await play(publish, modelPlace("nats", seededRandom(1))));
    outcome.set("message 0 in lanes of first", "");
    expect(await compare(publish, outcome, "nats")).toHaveLength(1);
  });

  it("finds a lane that is out of order, and an attempt that nobody made", { timeout: 60_000 }, async () => {
    const toLane: Command = {
      what: "publish",
      target: "lanes",
      key: 0,
      isDelayed: false,
      losesConfirm: false,
    };
    const inOrder: readonly Command[] = [{ what: "join" }, toLane, toLane, { what: "wait" }];
    const seen = new Map([
      ["lanes of first lane 0", "1 0"],
      ["message 0 in lanes of first", "2:ack"],
    ]);
    const differences = await compare(inOrder, seen, "rabbitmq");
    expect(differences.map(({ line, allowed }) => [line, ...allowed])).toEqual([
      ["lanes of first lane 0", "0 1"],
      ["message 0 in lanes of first", "1:ack"],
    ]);
  });
});

// Real brokers are started in CI, and where they are asked for; the rest of the time this says that they were not.
const isWanted = process.env["CI"] !== undefined || process.env["WAYBILL_DIFFERENTIAL"] !== undefined;
if (!isWanted)
  process.stderr.write("profiles are not compared with real brokers here: WAYBILL_DIFFERENTIAL=1 does so\n");

describe.skipIf(!isWanted).each(BROKERS)("$broker", (compared) => {
  it("does nothing again and again that its profile does not allow", { timeout: 300_000 }, async () => {
    const broker = await startForTests(compared.broker);
    if (broker === undefined) return;
    try {
      const { url } = broker;
      const findings = await differential(compared, { url, seed: 20_261_124, runs: RUNS });
      const proved: Finding[] = [];
      for (const finding of findings)
        if (await repeats(compared, url, finding)) proved.push(finding);
        else process.stderr.write(`${compared.broker} did once, and not again: ${JSON.stringify(finding)}\n`);
      expect(proved).toEqual([]);
    } finally {
      await broker.end();
    }
  });
});
