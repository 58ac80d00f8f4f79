import { conformsOn } from "@waybill/proof";
import { natsHarness } from "./harness.ts";

await conformsOn("nats", { harness: (broker) => natsHarness("nats 2.15", broker) });
