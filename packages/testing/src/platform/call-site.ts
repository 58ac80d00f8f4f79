/** Returns the file and line of the application's code that made the current call, or nothing if the stack shows none. */
export function callSite(): string | undefined {
  const lines = new Error("call site").stack?.split("\n").slice(1) ?? [];
  const line = lines.find((each) => !LIBRARIES.some((library) => each.includes(library)));
  const [, place] = /\(?((?:file:\/\/)?[^\s()]+:\d+):\d+\)?$/.exec(line ?? "") ?? [];
  return place?.replace("file://", "");
}

const LIBRARIES: readonly string[] = [
  "node:",
  "/node_modules/",
  "/packages/testing/src/",
  "/packages/testing/dist/",
  "/packages/core/",
  "/packages/memory/",
];
