import fc from "fast-check";

/** The seed of every property: printed on failure by fast-check, fixed in CI, chosen by WAYBILL_SEED to replay. */
const chosen = process.env["WAYBILL_SEED"] ?? (process.env["CI"] === undefined ? undefined : "20261124");
if (chosen !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(chosen) });
