import { seededRandom } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { Servers } from "./servers.ts";

it("remembers a bounded number of announced servers", () => {
  const servers = new Servers(["one:4222", "two:4222"], seededRandom(1));
  for (let at = 0; at < 10_000; at++) servers.learn([`10.0.${at >> 8}.${at & 255}:4222`]);
  expect(servers.size).toBe(102);
});
