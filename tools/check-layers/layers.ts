/** The plan of the house, as data: which room stands on which floor, and who may know whom. */

/** Rooms of core, by floor: a file imports from its own room and from lower floors. */
export const FLOORS: Readonly<Record<string, number>> = {
  ground: 0,
  runtime: 0,
  message: 1,
  codec: 2,
  batching: 2,
  spi: 3,
  recovery: 4,
  pipeline: 5,
  bus: 6,
};

/** The only room of core that may import `node:` modules. */
export const RUNTIME_ROOM = "runtime";

/** Which packages of ours a package may import, and by which door. What is not listed may import none. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  memory: ["@waybill/core/transport"],
  kafka: ["@waybill/core/transport"],
  rabbitmq: ["@waybill/core/transport"],
  nats: ["@waybill/core/transport"],
  conformance: ["@waybill/core/transport"],
  testing: ["@waybill/core", "@waybill/core/transport", "@waybill/memory"],
  inversify: ["@waybill/core"],
  cli: ["@waybill/core", "@waybill/core/transport"],
};

/** The files that are a package's doors: nobody inside imports them. */
export const DOORS: readonly string[] = ["index.ts", "transport.ts"];
