import { conformsOn } from "@waybill/proof";
import { kafkaHarness } from "./harness.ts";

await conformsOn("kafka", { harness: (broker) => kafkaHarness("kafka 4.3", broker) });
