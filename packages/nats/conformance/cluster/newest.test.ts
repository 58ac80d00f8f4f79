import { clusterHoldsOn } from "./holds-on.ts";

await clusterHoldsOn();
