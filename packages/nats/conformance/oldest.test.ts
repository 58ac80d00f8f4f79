import { conformsOn } from "@waybill/proof";
import { natsHarness } from "./harness.ts";

await conformsOn("nats", {
  isOldest: true,
  harness: (broker) => natsHarness("nats 2.10", broker),
});
