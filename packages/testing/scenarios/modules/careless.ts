import type { App, World } from "@waybill/testing";
import { lateWorkerOverwrites } from "../../bug-corpus/cases/order/late-worker-overwrites.ts";

/** An application with a bug that shows only after some dozens of schedules. */
export const app = (world: World): App => lateWorkerOverwrites.make(world, false);
