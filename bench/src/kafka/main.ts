import { busContestant } from "../brokers/bus-contestant.ts";
import { compareProcesses } from "../brokers/compare-processes.ts";
import { compare } from "../brokers/compare.ts";
import { asDocumented } from "./as-documented.ts";
import { byHand } from "./by-hand.ts";

const url = process.env["WAYBILL_KAFKA_URL"];
if (url === undefined) throw new Error("WAYBILL_KAFKA_URL names no broker: npm run brokers -- up kafka");
const contestants = [
  await asDocumented(url, "bench.documented"),
  await byHand(url, "bench.hand"),
  await busContestant(url, "bench.bus"),
];
await compare(contestants, { rounds: 5, messages: 10_000, requests: 2_000 });
for (const contestant of contestants) await contestant.stop();

const entrants = [
  {
    name: "kafkajs by hand",
    module: new URL("by-hand.js", import.meta.url),
    factory: "byHand",
    prefix: "cold.hand",
  },
  {
    name: "waybill",
    module: new URL("../brokers/bus-contestant.js", import.meta.url),
    factory: "busContestant",
    prefix: "cold.bus",
  },
];
await compareProcesses(url, entrants, { rounds: 5, messages: 50_000 });
