import { clusterHoldsOn } from "./holds-on.ts";

await clusterHoldsOn({ isOldest: true });
