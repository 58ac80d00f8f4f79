import { readFileSync } from "node:fs";

/** A variable of the process's environment; an empty one is as good as none. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** The text of a file, without the line break that editors end it with. @throws what the system says of the file */
export function fileText(path: string): string {
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

/** @throws what the system says of the file */
export function bytesOfFile(path: string): Uint8Array {
  return readFileSync(path);
}

/** Says something to whoever runs the process, on the platform's own destination for it: stderr, or a listener for `warning`. */
export function warnOperator(text: string): void {
  process.emitWarning(text, { type: "WaybillWarning" });
}
