import type { App, World } from "@waybill/testing";
import { lateWorkerOverwrites } from "../../bug-corpus/cases/order/late-worker-overwrites.ts";

export const app = (world: World): App => lateWorkerOverwrites.make(world, true);
