import { conformsOn } from "@waybill/proof";
import { rabbitmqHarness } from "./harness.ts";

await conformsOn("rabbitmq", { harness: (broker) => rabbitmqHarness("rabbitmq 4.0", broker) });
