import { expect, it } from "vitest";
import type { StopOptions } from "./bus.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

it("the first signal stops the bus; the second one ends the process as usual", async () => {
  const stops: StopOptions[] = [];
  const bus = { stop: (options: StopOptions = {}) => Promise.resolve(void stops.push(options)) };
  const stopped = new Promise<string>((resolve) => {
    stopOnSignals(bus, { signals: ["SIGUSR2"], timeout: "3s", onStopped: resolve });
  });
  expect(process.listenerCount("SIGUSR2")).toBe(1);
  process.kill(process.pid, "SIGUSR2");
  expect(await stopped).toBe("SIGUSR2");
  expect(stops).toEqual([{ timeout: "3s" }]);
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});

it.each<[string, unknown]>([
  ["SIGKILL, which no process can catch", { signals: ["SIGTERM", "SIGKILL"] }],
  ["SIGSTOP, which no process can catch", { signals: ["SIGSTOP"] }],
  ["an unknown signal", { signals: ["SIGTREM"] }],
  ["an empty list of signals", { signals: [] }],
  ["a number as a signal", { signals: [15] }],
  ["null as its options", null],
])("refuses %s", (_, options) => {
  const before = process.listenerCount("SIGTERM");
  expect(() => stopOnSignals({ stop: () => Promise.resolve() }, options as never)).toThrow(
    "[invalid-option]",
  );
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

it("stops listening when the returned function is called", () => {
  const before = process.listenerCount("SIGTERM") + process.listenerCount("SIGINT");
  const end = stopOnSignals({ stop: () => Promise.resolve() });
  expect(process.listenerCount("SIGTERM") + process.listenerCount("SIGINT")).toBe(before + 2);
  end();
  expect(process.listenerCount("SIGTERM") + process.listenerCount("SIGINT")).toBe(before);
});
