import { fileURLToPath } from "node:url";
import type { BrokerSpec } from "./broker.ts";
import { run } from "./install.ts";
import { freePorts } from "./ports.ts";

const FILE = fileURLToPath(new URL("compose.yaml", import.meta.url));

/** Returns whether a Docker engine answers; the client alone is not enough. */
export async function dockerAnswers(): Promise<boolean> {
  return run("docker", ["info", "--format", "{{.ServerVersion}}"]).then(
    (version) => version.trim() !== "",
    () => false,
  );
}

/** Starts a broker with one node in a container, waits until it is healthy and returns its port. */
export async function composeUp(spec: BrokerSpec): Promise<number> {
  const [port = 0] = await freePorts(1);
  await compose(spec, ["up", "--detach", "--wait", serviceOf(spec)], { WAYBILL_PORT: String(port) });
  return port;
}

export async function composeDown(spec: BrokerSpec): Promise<void> {
  await compose(spec, ["down", "--volumes"]);
}

/** Returns the end of the container's log. */
export function composeLogs(spec: BrokerSpec): Promise<string> {
  return compose(spec, ["logs", "--no-color", "--tail", "200"]);
}

/** `postgres` has the same service for the oldest and the newest version. */
function serviceOf({ broker, isOldest }: BrokerSpec): string {
  return isOldest && broker !== "postgres" ? `${broker}-oldest` : broker;
}

async function compose(
  spec: BrokerSpec,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const project = `waybill-${serviceOf(spec)}`;
  return run("docker", ["compose", "--file", FILE, "--project-name", project, ...args], { env });
}
