/** Where a bus is in its life. */
export type Phase = "created" | "starting" | "running" | "stopping" | "stopped" | "failed";
