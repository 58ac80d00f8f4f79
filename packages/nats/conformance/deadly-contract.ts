import { command } from "@waybill/core";
import { z } from "zod";

export const WORKER = "worker";
export const Work = command("worker.work", { data: z.number() });

/** Whoever handles this one dies of it. */
export const DEADLY = 13;
