import { conformsOn } from "@waybill/proof";
import { kafkaHarness } from "./harness.ts";

await conformsOn("kafka", {
  isOldest: true,
  harness: (broker) => kafkaHarness("kafka 3.9", broker),
});
