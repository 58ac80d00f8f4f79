import { readFileSync } from "node:fs";

/** Returns a variable of the process's environment; undefined when it is empty. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/**
 * Returns the text of a file, without the last line break, which editors add.
 * @throws the error of the file system
 */
export function fileText(path: string): string {
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

/** Returns the bytes of a file. @throws the error of the file system */
export function bytesOfFile(path: string): Uint8Array {
  return readFileSync(path);
}

/** Warns the operator by the platform's own means: a listener for `warning`, else stderr. */
export function warnOperator(text: string): void {
  process.emitWarning(text, { type: "WaybillWarning" });
}
