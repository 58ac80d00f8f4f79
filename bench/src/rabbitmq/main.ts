import { benchmark } from "../brokers/benchmark.ts";
import { WAYBILL, type Program } from "../brokers/program.ts";

const BY_HAND: Program = {
  name: "amqplib by hand",
  module: new URL("by-hand.js", import.meta.url),
  factory: "byHand",
  suffix: ".hand",
};
await benchmark(
  "rabbitmq",
  { together: [BY_HAND, WAYBILL], alone: [BY_HAND, WAYBILL] },
  { rounds: 7, messages: 20_000, requests: 4_000, messagesAlone: 100_000 },
);
