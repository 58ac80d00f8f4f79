import { benchmark } from "../brokers/benchmark.ts";
import { WAYBILL, type Program } from "../brokers/program.ts";

const DOCUMENTED: Program = {
  name: "nats as documented",
  module: new URL("as-documented.js", import.meta.url),
  factory: "asDocumented",
  suffix: "-documented",
};
const BY_HAND: Program = {
  name: "nats by hand",
  module: new URL("by-hand.js", import.meta.url),
  factory: "byHand",
  suffix: "-hand",
};
await benchmark(
  "nats",
  { together: [DOCUMENTED, BY_HAND, WAYBILL], alone: [DOCUMENTED, BY_HAND, WAYBILL] },
  { rounds: 7, messages: 40_000, requests: 8_000, messagesAlone: 100_000 },
);
