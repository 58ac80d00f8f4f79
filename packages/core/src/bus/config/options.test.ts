import { expect, it } from "vitest";
import { settingsOf } from "./options.ts";

it("tells a warning on one line of a bounded length, whatever ids and remote texts stand in it", () => {
  const heard: string[] = [];
  const { onWarning } = settingsOf({ onWarning: (notice) => void heard.push(notice) });
  onWarning("Message a\u001b[31m\nERROR forged line\u2028 was taken back.");
  onWarning(`Message ${"i".repeat(1_000_000)} was taken back.`);
  expect(heard[0]).toBe("Message a\\u001b[31m\\nERROR forged line\\u2028 was taken back.");
  expect(heard[1]?.length).toBeLessThan(20_000);
});

it("a listener of warnings that throws stops nothing", () => {
  const { onWarning } = settingsOf({
    onWarning: () => {
      throw new Error("no");
    },
  });
  expect(() => onWarning("A warning.")).not.toThrow();
});
