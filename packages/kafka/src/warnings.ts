import { emitWarning } from "node:process";

/** What must not pass in silence and has nobody who asked: a warning of the process. */
export function warn(code: "offsets-lost" | "unreadable", text: string): void {
  emitWarning(text, {
    type: "WaybillWarning",
    code: `WAYBILL_KAFKA_${code.toUpperCase().replace("-", "_")}`,
  });
}
