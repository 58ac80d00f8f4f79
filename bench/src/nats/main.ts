import { busContestant } from "../brokers/bus-contestant.ts";
import { compareProcesses } from "../brokers/compare-processes.ts";
import { compare } from "../brokers/compare.ts";
import { asDocumented } from "./as-documented.ts";
import { byHand } from "./by-hand.ts";

const url = process.env["WAYBILL_NATS_URL"];
if (url === undefined) throw new Error("WAYBILL_NATS_URL names no broker: npm run brokers -- up nats");
const contestants = [
  await asDocumented(url, "bench-documented"),
  await byHand(url, "bench-hand"),
  await busContestant(url, "bench.bus"),
];
await compare(contestants, { rounds: 7, messages: 40_000, requests: 8_000 });
for (const contestant of contestants) await contestant.stop();

const entrants = [
  {
    name: "nats as documented",
    module: new URL("as-documented.js", import.meta.url),
    factory: "asDocumented",
    prefix: "cold-documented",
  },
  {
    name: "nats by hand",
    module: new URL("by-hand.js", import.meta.url),
    factory: "byHand",
    prefix: "cold-hand",
  },
  {
    name: "waybill",
    module: new URL("../brokers/bus-contestant.js", import.meta.url),
    factory: "busContestant",
    prefix: "cold.bus",
  },
];
await compareProcesses(url, entrants, { rounds: 7, messages: 100_000 });
