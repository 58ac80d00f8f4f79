import { command } from "@waybill/core";
import { z } from "zod";

export const WORKER = "worker";
export const Work = command("worker.work", { data: z.number() });

/** The poison message, which kills the process that handles it. */
export const POISON = 13;
