import { createBus, command, service } from "@waybill/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { describeExternal } from "./describe-external.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 60_000;

await describeExternal("a refusal of Kafka", LIMIT_MS, (external) => {
  it("for a record over the limit of its topic is too-large and names the topic, and the record beside it is stored", async () => {
    const name = await external.topic({ "max.message.bytes": "2000" });
    const made = await external.provisioned(name);
    const [small, large] = await Promise.all(
      [external.message(name), external.message(name, { body: Buffer.alloc(5_000) })].map(
        async (each) => (await made.publish([each]))[0],
      ),
    );
    expect(large).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
    expect(JSON.stringify(large)).toContain(name);
    // Both are in one batch, which is refused; then each is sent alone.
    expect(small).toEqual({ ok: true });
  });

  it("for a record over the limit of the broker is too-large before it is sent", async () => {
    const name = await external.topic();
    const made = await external.provisioned(name);
    const body = Buffer.alloc(made.capabilities.largestMessage + 1);
    const [refused] = await made.publish([external.message(name, { body })]);
    expect(refused).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
    const largest = external.message(name, { body: body.subarray(1 + 1_000) });
    expect(await made.publish([largest])).toEqual([{ ok: true }]);
  });

  it("for a lane that the topic does not have is rejected and names the topic", async () => {
    const name = await external.topic({}, 2);
    const made = await external.transport(name);
    const [result] = await made.publish([external.message(name, { lane: 5 })]);
    expect(result).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
    expect(JSON.stringify(result)).toContain(name);
  });

  it("for a topic whose partitions differ from the lanes is reported as drift, and subscribing is unroutable", async () => {
    const name = await external.topic({}, 2);
    const made = await external.transport(name);
    const topology = { queues: [{ name, lanes: 3 }], topics: [], groups: [], services: [] };
    expect(await made.provision(topology, "apply")).toMatchObject([
      { kind: "different", entity: `topic ${name}`, property: "partitions", expected: "3", actual: "2" },
    ]);
    await expect(
      made.subscribe({ kind: "queue", name, group: "svc", lanes: 3 }, () => Promise.resolve({ type: "ack" })),
    ).rejects.toMatchObject({ code: "unroutable" });
  });

  it("for missing topics that the bus must not create is an error of its start that names them", async () => {
    const Absent = command("absent.act", { data: z.object({}) });
    const handled = service("absent").handle(Absent, () => undefined);
    const failure = async (provision: "verify" | "none"): Promise<unknown> => {
      const bus = await createBus({ transport: external.url, services: [handled], provision });
      return bus.start().then(
        () => bus.stop(),
        (error: unknown) => error,
      );
    };
    const drift = await failure("verify");
    expect(drift).toMatchObject({ code: "topology-drift" });
    expect(String(drift)).toMatch(/absent\.act--queue/);
    const missing = await failure("none");
    expect(missing).toMatchObject({ code: "unroutable" });
    expect(String(missing)).toMatch(/absent\.act--queue.*Provision it first/);
    const made = await external.transport("elsewhere");
    const [result] = await made.publish([external.message("absent.act")]);
    expect(result).toMatchObject({ ok: false, error: { code: "unroutable", maybeStored: false } });
    expect(await external.admin.listTopics()).not.toContain("absent.act--queue");
  });

  it("for a service without a dead-letter topic is an error of subscribing that names the topic", async () => {
    const name = await external.topic();
    const made = await external.transport(name);
    await made.provision({ queues: [{ name, lanes: 1 }], topics: [], groups: [], services: [] }, "apply");
    const source = { kind: "queue", name, group: "homeless", lanes: 1 } as const;
    await expect(made.subscribe(source, () => Promise.resolve({ type: "ack" }))).rejects.toThrow(
      /no topic homeless--dead-letters .*Provision it first/,
    );
  });
});
