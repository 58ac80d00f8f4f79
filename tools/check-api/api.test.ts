import { expect, it } from "vitest";
import { doors, lists, ROOT } from "./api.ts";

it("lists the names of every door, types and values apart", () => {
  const all = doors(ROOT);
  expect(all.map(({ file }) => file)).toEqual(
    expect.arrayContaining(["core.txt", "core.transport.txt", "memory.txt"]),
  );
  const core = all.find(({ file }) => file === "core.txt")?.text;
  expect(core).toContain("value createBus\n");
  expect(core).toContain("type  Bus\n");
  expect(all.find(({ file }) => file === "memory.txt")?.text).toContain("value createTransport\n");
});

it("lists error codes and header names", async () => {
  const all = await lists(ROOT);
  expect(all.find(({ file }) => file === "error-codes.txt")?.text).toContain("invalid-data\n");
  expect(all.find(({ file }) => file === "headers.txt")?.text).toContain("correlationid\n");
});
