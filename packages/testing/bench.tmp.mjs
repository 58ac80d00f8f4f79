import { service, event } from "@waybill/core";
import { z } from "zod";
import { runSchedule } from "/work/main/packages/testing/dist/simulate/run-schedule.js";
import { PROFILES } from "/work/main/packages/testing/dist/world/profile.js";
import { ScheduleArbitrary } from "/work/main/packages/testing/dist/schedule/schedule-arbitrary.js";
import fc from "fast-check";
const E = event("a.b", { data: z.object({ n: z.number() }), key: ({n})=>String(n%3) });
let handled = 0;
const mk = (world) => ({
  services: () => [1,2,3].map((k) => service(`s${k}`).on(E, async () => { handled++; })),
  acts: Array.from({ length: 10 }, (_, n) => (bus) => bus.publish(E, { n })),
});
const arb = new ScheduleArbitrary({ weights: PROFILES.strictest.faults, mostFaults: 3 });
const samples = fc.sample(arb, { numRuns: 3000, seed: 1 });
let steps = 0;
for (let round = 0; round < 3; round++) {
  const t = performance.now(), c=process.cpuUsage();
  for (const s of samples) { const o = await runSchedule(mk, s, { profile: PROFILES.strictest, properties: [], mostSteps: 10000 }); steps += o.steps; if (o.violation) console.log(o.violation); }
  const d = performance.now() - t;
  console.log(Math.round(samples.length / d * 1000), "schedules/s", Math.round(samples.length/(process.cpuUsage(c).user+process.cpuUsage(c).system)*1e6), "by cpu", steps / samples.length / (round+1), handled);
}
