import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineConfig, type Config } from "./define-config.ts";
import { Secret, fromFile } from "./secret.ts";

beforeEach(() => {
  for (const name of ["WAYBILL_TRANSPORT", "WAYBILL_TRANSPORT_FILE", "WAYBILL_ENV"]) vi.stubEnv(name, "");
  vi.stubEnv("NODE_ENV", "development");
});

const password = fromFile("/run/secrets/password");
const config: Config = {
  transport: "memory:",
  concurrency: 8,
  timeouts: { connect: "5s", stop: "20s" },
  rabbitmq: { heartbeatSeconds: 5, tls: { servername: "a" } },
  environments: {
    production: {
      transport: "amqps://broker",
      timeouts: { connect: "1m" },
      rabbitmq: { password, tls: { servername: "b" } },
    },
    test: { concurrency: 1 },
  },
};

describe("defineConfig", () => {
  it.each<[unknown, string]>([
    [null, "The configuration of defineConfig is not an object"],
    [Promise.resolve(config), "The configuration of defineConfig is not an object"],
    [{ environments: null }, "environments of defineConfig is not an object"],
    [{ environments: { production: null } }, "environment production of defineConfig is not an object"],
  ])("refuses %j", (given, refusal) => {
    expect(() => defineConfig(given as never)).toThrow(refusal);
  });

  it("returns the base configuration when the process runs in no declared environment", () => {
    const { environments: _, ...base } = config;
    expect(defineConfig(config)).toEqual(base);
  });

  it("merges the overrides of an environment at any depth and reads no secret", () => {
    expect(defineConfig(config, "production")).toEqual({
      transport: "amqps://broker",
      concurrency: 8,
      timeouts: { connect: "1m", stop: "20s" },
      rabbitmq: { heartbeatSeconds: 5, password, tls: { servername: "b" } },
    });
  });

  it("takes the environment from WAYBILL_ENV, else from NODE_ENV", () => {
    vi.stubEnv("NODE_ENV", "test");
    expect(defineConfig(config).concurrency).toBe(1);
    vi.stubEnv("WAYBILL_ENV", "production");
    expect(defineConfig(config).transport).toBe("amqps://broker");
  });

  it("prefers WAYBILL_TRANSPORT to every configured transport, as a secret", () => {
    vi.stubEnv("WAYBILL_TRANSPORT", "nats://user:hunter2@broker");
    const { transport } = defineConfig(config, "production");
    expect(transport).toBeInstanceOf(Secret);
    expect(String(transport)).toBe("[secret from environment WAYBILL_TRANSPORT]");
    expect((transport as Secret).reveal()).toContain("hunter2");
  });

  it("names all mistakes of all environments in one error and prints no value", () => {
    const wrong = {
      concurrency: "hunter2",
      services: [],
      environments: { production: { transport: 7, timeouts: { conect: "1s" } }, test: { capasity: 1 } },
    } as unknown as Config;
    vi.stubEnv("WAYBILL_ENV", "prodution");
    const refusal = (() => {
      try {
        return defineConfig(wrong);
      } catch (error) {
        return String(error);
      }
    })();
    for (const part of [
      "the configuration: the option services belongs to createBus, not to the configuration",
      "the configuration: createBus: concurrency is not a whole number from 1",
      "environment production: the option transport is neither a URL nor a secret",
      'environment test: createBus: concurrency is not a whole number from 1; unknown option "capasity"',
      "the environment prodution is not declared: declared are production, test",
      "[invalid-option]",
    ])
      expect(refusal).toContain(part);
    expect(refusal).not.toContain("hunter2");
  });

  it("refuses unknown options and invalid durations in nested groups", () => {
    expect(() => defineConfig({ timeouts: { conect: "1s" } } as never)).toThrow(
      'timeouts: unknown option "conect"',
    );
    expect(() => defineConfig({ timeouts: { connect: "soon" } } as never)).toThrow("timeouts.connect is");
    expect(() => defineConfig({ rabbitmq: "x" } as never)).toThrow("rabbitmq is not an object");
  });
});
