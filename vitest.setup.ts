import fc from "fast-check";

/** The seed of every property; fast-check prints it on failure, CI fixes it, and WAYBILL_SEED repeats it. */
const chosen = process.env["WAYBILL_SEED"] ?? (process.env["CI"] === undefined ? undefined : "20261124");
if (chosen !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(chosen) });
