import type { App, World } from "@waybill/testing";
import { lateWorkerOverwrites } from "../../bug-corpus/cases/order/late-worker-overwrites.ts";

/** A bug that takes some dozens of schedules to be found. */
export const app = (world: World): App => lateWorkerOverwrites.make(world, false);
