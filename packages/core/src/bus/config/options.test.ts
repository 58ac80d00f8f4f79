import { expect, it } from "vitest";
import { settingsOf } from "./options.ts";

it("a warning is one line of limited length, whatever ids and remote texts it quotes", () => {
  const heard: string[] = [];
  const { onWarning } = settingsOf({ onWarning: (warning) => void heard.push(warning) });
  onWarning("Message a\u001b[31m\nERROR forged line\u2028 was taken back.");
  onWarning(`Message ${"i".repeat(1_000_000)} was taken back.`);
  expect(heard[0]).toBe("Message a\\u001b[31m\\nERROR forged line\\u2028 was taken back.");
  expect(heard[1]?.length).toBeLessThan(20_000);
});

it("an error of onWarning affects nothing", () => {
  const { onWarning } = settingsOf({
    onWarning: () => {
      throw new Error("no");
    },
  });
  expect(() => onWarning("A warning.")).not.toThrow();
});
