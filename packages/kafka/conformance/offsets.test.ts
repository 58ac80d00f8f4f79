import { expect, it } from "vitest";
import { aboutOthers } from "./about-others.ts";

/** For one test: the bound is for those that hang. */
const LIMIT_MS = 60_000;
const PATIENCE = { timeout: 20_000 };

await aboutOthers("an offset that is out of range", LIMIT_MS, (others) => {
  const noticeOf = (name: string): string | undefined =>
    others.notices.find((text) => text.includes(`topic ${name},`));

  it("because retention was faster: what is gone is told, and reading goes on behind it", async () => {
    const name = await others.topic();
    await others.producer.send({ topic: name, messages: ["a", "b", "c", "d"].map((value) => ({ value })) });
    await others.admin.setOffsets({
      groupId: name,
      topic: name,
      partitions: [{ partition: 0, offset: "1" }],
    });
    await others.admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: "3" }] });
    const bodies = await others.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["d"]);
    expect(noticeOf(name)).toMatch(/from offset 1 on .* at offset 3.*\[messages-lost\]$/);
  });

  it("because the topic was made anew: is told, and all of the new one is read", async () => {
    const name = await others.topic();
    await others.producer.send({ topic: name, messages: [{ value: "new" }] });
    await others.admin.setOffsets({
      groupId: name,
      topic: name,
      partitions: [{ partition: 0, offset: "900" }],
    });
    const bodies = await others.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["new"]);
    expect(noticeOf(name)).toMatch(/from offset 900 on .* at offset 0.*\[messages-lost\]$/);
  });
});
