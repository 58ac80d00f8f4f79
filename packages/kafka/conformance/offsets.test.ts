import { expect, it } from "vitest";
import { describeExternal } from "./describe-external.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 60_000;
const PATIENCE = { timeout: 20_000 };

await describeExternal("an offset that is out of range", LIMIT_MS, (external) => {
  const warningOf = (name: string): string | undefined =>
    external.warnings.find((text) => text.includes(`topic ${name},`));

  it("because retention removed records makes the group warn and continue at the oldest record", async () => {
    const name = await external.topic();
    await external.producer.send({ topic: name, messages: ["a", "b", "c", "d"].map((value) => ({ value })) });
    await external.admin.setOffsets({
      groupId: name,
      topic: name,
      partitions: [{ partition: 0, offset: "1" }],
    });
    await external.admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: "3" }] });
    const bodies = await external.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["d"]);
    expect(warningOf(name)).toMatch(/from offset 1 on, .* at offset 3.*\[messages-lost\]$/);
  });

  it("because the topic was created again makes the group warn and read the new topic from its start", async () => {
    const name = await external.topic();
    await external.producer.send({ topic: name, messages: [{ value: "new" }] });
    await external.admin.setOffsets({
      groupId: name,
      topic: name,
      partitions: [{ partition: 0, offset: "900" }],
    });
    const bodies = await external.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["new"]);
    expect(warningOf(name)).toMatch(/from offset 900 on, .* at offset 0.*\[messages-lost\]$/);
  });
});
