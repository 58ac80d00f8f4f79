import { createBus, command, service } from "@waybill/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { aboutOthers } from "./about-others.ts";

/** For one test: the bound is for those that hang. */
const LIMIT_MS = 60_000;

await aboutOthers("what Kafka refuses", LIMIT_MS, (others) => {
  it("a record that its topic takes no more of: too-large, by the topic's name, and the one beside it is stored", async () => {
    const name = await others.topic({ "max.message.bytes": "2000" });
    const made = await others.provisioned(name);
    const [small, large] = await Promise.all(
      [others.message(name), others.message(name, { body: Buffer.alloc(5_000) })].map(
        async (each) => (await made.publish([each]))[0],
      ),
    );
    expect(large).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
    expect(JSON.stringify(large)).toContain(name);
    // They travel together, and what is refused for one is tried again for the other alone.
    expect(small).toEqual({ ok: true });
  });

  it("a record over the broker's own limit: too-large before it is sent", async () => {
    const name = await others.topic();
    const made = await others.provisioned(name);
    const body = Buffer.alloc(made.capabilities.largestMessage + 1);
    const [refused] = await made.publish([others.message(name, { body })]);
    expect(refused).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
    const largest = others.message(name, { body: body.subarray(1 + 1_000) });
    expect(await made.publish([largest])).toEqual([{ ok: true }]);
  });

  it("a lane that the topic does not have: rejected, by the topic's name", async () => {
    const name = await others.topic({}, 2);
    const made = await others.transport(name);
    const [result] = await made.publish([others.message(name, { lane: 5 })]);
    expect(result).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
    expect(JSON.stringify(result)).toContain(name);
  });

  it("a topic with other partitions than wanted: is told as drift, and not read", async () => {
    const name = await others.topic({}, 2);
    const made = await others.transport(name);
    const topology = { queues: [{ name, lanes: 3 }], topics: [], groups: [], services: [] };
    expect(await made.provision(topology, "apply")).toMatchObject([
      { kind: "different", entity: `topic ${name}`, property: "partitions", expected: "3", actual: "2" },
    ]);
    await expect(
      made.subscribe({ kind: "queue", name, group: "svc", lanes: 3 }, () => Promise.resolve({ type: "ack" })),
    ).rejects.toMatchObject({ code: "unroutable" });
  });

  it("topics that are not there and may not be created: start names them, whether it looks or trusts", async () => {
    const Absent = command("absent.act", { data: z.object({}) });
    const handled = service("absent").handle(Absent, () => undefined);
    const failure = async (provision: "verify" | "none"): Promise<unknown> => {
      const bus = await createBus({ transport: others.url, services: [handled], provision });
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
    const made = await others.transport("elsewhere");
    const [result] = await made.publish([others.message("absent.act")]);
    expect(result).toMatchObject({ ok: false, error: { code: "unroutable", maybeStored: false } });
    expect(await others.admin.listTopics()).not.toContain("absent.act--queue");
  });

  it("a service whose dead letters have no place: refused when it subscribes, by the name of the topic", async () => {
    const name = await others.topic();
    const made = await others.transport(name);
    await made.provision({ queues: [{ name, lanes: 1 }], topics: [], groups: [], services: [] }, "apply");
    const source = { kind: "queue", name, group: "homeless", lanes: 1 } as const;
    await expect(made.subscribe(source, () => Promise.resolve({ type: "ack" }))).rejects.toThrow(
      /no topic homeless--dead-letters .*Provision it first/,
    );
  });
});
