import { expect, it } from "vitest";
import { ServerVersion, type Greeting } from "./server-version.ts";

const OLDEST = new ServerVersion(2, 10);
const greeting = (version: unknown, product?: string): Greeting => ({
  addresses: ["loft:7"],
  broker: "Pigeon",
  product,
  version,
});

it.each([
  ["2.10.7", "2.10"],
  ["2.10", "2.10"],
  ["3.0.0-RC.1", "3.0"],
])("reads the version of a server that names %s", (text, version) => {
  expect(ServerVersion.of(greeting(text), OLDEST).text).toBe(version);
});

it.each(["2.9.99", "1.11", "", "two", undefined, 2.1])(
  "refuses version %s, and names the oldest supported one",
  (text) => {
    expect(() => ServerVersion.of(greeting(text), OLDEST)).toThrow(
      /The server at loft:7 is Pigeon .*, not Pigeon 2\.10 or newer\. Update the server\. \[connect-failed\]/,
    );
  },
);

it("refuses another product of any version", () => {
  expect(() => ServerVersion.of(greeting("9.2", "Carrier"), OLDEST)).toThrow(
    "is Carrier 9.2, not Pigeon 2.10 or newer. Name the address of a Pigeon server.",
  );
  expect(ServerVersion.of(greeting("2.11", "pigeon"), OLDEST).text).toBe("2.11");
});

it("names the product and version of the refused server", () => {
  expect(() => ServerVersion.of(greeting("1.0", "Carrier"), OLDEST)).toThrow(
    "is Carrier 1.0, not Pigeon 2.10",
  );
});
