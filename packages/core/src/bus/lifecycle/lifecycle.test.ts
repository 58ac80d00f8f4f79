import type { TransportState } from "../../spi/transport.ts";
import { expect, it } from "vitest";
import { busState } from "./bus-state.ts";
import { Lifecycle } from "./lifecycle.ts";

it("a bus goes from created to stopped, reports every phase and never goes back", () => {
  const seen: string[] = [];
  const lifecycle: Lifecycle = new Lifecycle(() => void seen.push(lifecycle.phase));
  for (const phase of ["starting", "running", "stopping", "stopped"] as const) lifecycle.become(phase);
  expect(seen).toEqual(["starting", "running", "stopping", "stopped"]);
  expect(() => lifecycle.become("starting")).toThrow(TypeError);
});

it("a bus is ready only when it runs and its broker is ready", () => {
  const facts = { failure: undefined, impaired: [] } as const;
  const state = (status: TransportState["status"]) =>
    busState({ phase: "running", transport: { status, reason: "why" }, ...facts });
  expect(state("ready")).toEqual({ status: "ready", isReady: true, reason: "why", impaired: [] });
  expect(state("blocked")).toMatchObject({ status: "blocked", isReady: false });
  expect(state("connecting")).toMatchObject({ status: "disconnected", isReady: false });
  expect(state("closed")).toMatchObject({ status: "failed", isReady: false });
  const transport = { status: "ready", reason: undefined } as const;
  expect(busState({ phase: "failed", transport, failure: "no broker", impaired: [] })).toMatchObject({
    status: "failed",
    isReady: false,
    reason: "no broker",
  });
});
