/** Where in the application's code the present call was made: the first line of the stack that is nobody's library. */
export function callSite(): string | undefined {
  const lines = new Error("where").stack?.split("\n").slice(1) ?? [];
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
