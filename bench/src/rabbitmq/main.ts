import { busContestant } from "../brokers/bus-contestant.ts";
import { compareProcesses } from "../brokers/compare-processes.ts";
import { compare } from "../brokers/compare.ts";
import { byHand } from "./by-hand.ts";

const url = process.env["WAYBILL_RABBITMQ_URL"];
if (url === undefined)
  throw new Error("WAYBILL_RABBITMQ_URL names no broker: npm run brokers -- up rabbitmq");
const contestants = [await byHand(url, "bench.hand"), await busContestant(url, "bench.bus")];
await compare(contestants, { rounds: 7, messages: 20_000, requests: 4_000 });
for (const contestant of contestants) await contestant.stop();

const entrants = [
  {
    name: "amqplib by hand",
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
await compareProcesses(url, entrants, { rounds: 7, messages: 100_000 });
