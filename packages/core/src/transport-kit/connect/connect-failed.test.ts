import { describe, expect, it } from "vitest";
import { connectFailed } from "./connect-failed.ts";

const ROWS = [
  { pattern: /login refused/i, advice: "Check user name and password.", isFinal: true },
  { pattern: /still starting/i, advice: "Wait until it has started." },
] as const;

function failed(text: string, isFinal?: boolean): ReturnType<typeof connectFailed> {
  const attempt = { broker: "RabbitMQ", addresses: ["a:1", "b:2"], cause: new Error(text) };
  return connectFailed(isFinal === undefined ? attempt : { ...attempt, isFinal }, ROWS);
}

describe("the error of a failed connection", () => {
  it("names the broker, its addresses and the reason", () => {
    const error = failed("connect ECONNREFUSED 127.0.0.1:1");
    expect(error.code).toBe("connect-failed");
    expect(error.message).toMatch(
      /^RabbitMQ at a:1, b:2 cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1\./,
    );
  });

  it("takes the advice of the broker's own row before that of the network", () => {
    expect(failed("login refused").advice).toBe("Check user name and password.");
    expect(failed("connection refused").advice).toBe("Check host and port, and that the broker runs.");
    expect(failed("something else").advice).toBe("Check the URL, and what the broker's log says.");
  });

  it.each([
    ["connect ECONNREFUSED 127.0.0.1:1", true],
    ["still starting", true],
    ["Client network socket disconnected before secure TLS connection was established", true],
    ["write EPROTO: SSL routines: wrong version number", false],
    ["self-signed certificate in certificate chain", false],
    ["Hostname/IP does not match certificate's altnames", false],
    ["login refused", false],
    ["still starting, but its certificate has expired", false],
  ])("of %j is retriable: %j", (text, isRetriable) => {
    expect(failed(text).isRetriable).toBe(isRetriable);
  });

  it("is final when the adapter says so", () => {
    expect(failed("connect ECONNREFUSED 127.0.0.1:1", true).isRetriable).toBe(false);
  });
});
