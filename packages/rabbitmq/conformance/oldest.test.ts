import { conformsOn } from "@waybill/proof";
import { rabbitmqHarness } from "./harness.ts";

await conformsOn("rabbitmq", {
  isOldest: true,
  harness: (broker) => rabbitmqHarness("rabbitmq 3.10", broker),
});
