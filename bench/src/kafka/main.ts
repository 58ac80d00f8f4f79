import { benchmark } from "../brokers/benchmark.ts";
import { WAYBILL, type Program } from "../brokers/program.ts";

const DOCUMENTED: Program = {
  name: "kafkajs as documented",
  module: new URL("as-documented.js", import.meta.url),
  factory: "asDocumented",
  suffix: ".documented",
};
const BY_HAND: Program = {
  name: "kafkajs by hand",
  module: new URL("by-hand.js", import.meta.url),
  factory: "byHand",
  suffix: ".hand",
};
await benchmark(
  "kafka",
  { together: [DOCUMENTED, BY_HAND, WAYBILL], alone: [BY_HAND, WAYBILL] },
  { rounds: 5, messages: 10_000, requests: 2_000, messagesAlone: 50_000 },
);
