import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, service } from "@waybill/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exactlyOnce } from "../properties/properties.ts";
import { explore } from "../simulate/explore.ts";
import type { Failure } from "../simulate/failure.ts";
import { simulate } from "../simulate/simulate.ts";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import { layoutOf } from "./layout.ts";
import { timelineJson, timelinePage } from "./timeline-page.ts";

const Charge = command("payments.charge", { data: z.object({ order: z.number(), note: z.string() }) });

function careless(world: World): App {
  const bank = world.outside("bank", { charge: (order: number) => world.effect("charge", order) });
  return {
    services: () => [service("payments").handle(Charge, ({ order }) => bank.charge(order))],
    acts: [1, 2].map((order) => (bus) => bus.send(Charge, { order, note: `<b>"&` })),
    properties: [exactlyOnce("charge", [1, 2])],
  };
}

async function found(): Promise<Failure> {
  const { failure } = await explore(careless, { seed: 1 });
  if (failure === undefined) throw new Error("the simulation found no failure");
  return failure;
}

describe("the page of a failure", () => {
  it("has a lane for each actor: instances in order, the broker and time last", async () => {
    const { lanes, placed } = layoutOf((await found()).timeline);
    expect(lanes[0]).toBe("client");
    expect(lanes.filter((who) => who.startsWith("app/"))).toEqual(
      lanes.filter((who) => who.startsWith("app/")).toSorted(),
    );
    for (const { entry, lane } of placed) expect(lanes[lane]).toBe(entry.who);
  });

  it("draws an arrow for each message from the entry that stores it to the entry that receives it", async () => {
    const failure = await found();
    const { arrows } = layoutOf(failure.timeline);
    expect(arrows).toHaveLength(failure.timeline.filter(({ what }) => what === "receives").length);
    for (const { from, to, message } of arrows) {
      expect(from.row).toBeLessThan(to.row);
      expect([from.entry.message, to.entry.message]).toEqual([message, message]);
    }
  });

  it("shows the violation and how to replay it, and escapes the data of messages", async () => {
    const failure = await found();
    const page = timelinePage(failure);
    expect(page).toContain(failure.violation.what);
    expect(page).toContain(`seed: ${failure.seed}`);
    expect(page).toContain("&lt;b&gt;\\&quot;&amp;");
    expect(page).not.toContain("<b>\\");
    expect(page.match(/class="event fault"/g)).toHaveLength(
      failure.timeline.filter(({ what }) => what === "fault").length,
    );
  });

  it("is written to the file of the option page, with JSON beside it, and the failure names both files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "waybill-page-"));
    try {
      const page = join(folder, "found", "careless.html");
      const json = join(folder, "found", "careless.json");
      const simulation = simulate(careless, { seed: 1, page });
      await expect(simulation).rejects.toThrow(`page: ${page}; data: ${json}`);
      const failure = await found();
      expect(await readFile(page, "utf8")).toBe(timelinePage(failure));
      expect(await readFile(json, "utf8")).toBe(timelineJson(failure));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("does not hide the failure when its file cannot be written", async () => {
    const simulation = simulate(careless, { seed: 1, page: "/dev/null/page.html" });
    await expect(simulation).rejects.toThrow(
      /charge happens exactly once[^]*the page \/dev\/null\/page\.html could not be written/,
    );
  });

  it("contains the violation, the replay data and the timeline as JSON", async () => {
    const failure = await found();
    const { violation, profile, seed, path, steps, timeline } = failure;
    expect(JSON.parse(timelineJson(failure))).toEqual({
      violation: { name: violation.name, what: violation.what },
      profile,
      seed,
      path,
      steps,
      timeline: JSON.parse(JSON.stringify(timeline)) as unknown,
    });
  });
});
