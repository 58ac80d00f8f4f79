import { fileURLToPath } from "node:url";
import type { Wanted } from "./broker.ts";
import { run } from "./install.ts";
import { freePorts } from "./ports.ts";

const FILE = fileURLToPath(new URL("compose.yaml", import.meta.url));

/** Whether a Docker engine answers, not only its client. */
export async function dockerAnswers(): Promise<boolean> {
  return run("docker", ["info", "--format", "{{.ServerVersion}}"]).then(
    (version) => version.trim() !== "",
    () => false,
  );
}

/** One broker in a container, healthy when this resolves. Clusters are not made this way. Answers its port. */
export async function composeUp(wanted: Wanted): Promise<number> {
  const [port = 0] = await freePorts(1);
  await compose(wanted, ["up", "--detach", "--wait", serviceOf(wanted)], { WAYBILL_PORT: String(port) });
  return port;
}

export async function composeDown(wanted: Wanted): Promise<void> {
  await compose(wanted, ["down", "--volumes"]);
}

/** The end of what it wrote. */
export function composeLogs(wanted: Wanted): Promise<string> {
  return compose(wanted, ["logs", "--no-color", "--tail", "200"]);
}

/** `postgres` is the same, oldest and newest. */
function serviceOf({ broker, isOldest }: Wanted): string {
  return isOldest && broker !== "postgres" ? `${broker}-oldest` : broker;
}

async function compose(
  wanted: Wanted,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const project = `waybill-${serviceOf(wanted)}`;
  return run("docker", ["compose", "--file", FILE, "--project-name", project, ...args], { env });
}
