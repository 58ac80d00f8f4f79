import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { start, type BrokerName } from "@waybill/brokers";

/** The transports that run the examples: memory, and every broker that has an adapter. */
export const TRANSPORTS = ["memory", "rabbitmq", "nats", "kafka"] as const satisfies readonly (
  | "memory"
  | BrokerName
)[];
export type TransportName = (typeof TRANSPORTS)[number];

/** The time limit of one program, for a program that hangs. */
const LIMIT_MS = 90_000;

const EXAMPLES = fileURLToPath(new URL("..", import.meta.url));

export function isInstalled(transport: TransportName): Promise<boolean> {
  return import(`@waybill/${transport}`).then(
    () => true,
    () => false,
  );
}

/** Starts a broker, passes its URL to `use`, and stops the broker. */
export async function onTransport<Result>(
  transport: TransportName,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  if (transport === "memory") return use("memory:examples");
  const broker = await start(transport);
  try {
    return await use(broker.url);
  } finally {
    await broker.end();
  }
}

/** Returns the output of an example, errors included, run as a reader runs it: on its own transport, or on another. */
export function outputOf(main: string, url?: string): Promise<string> {
  return run(["--conditions=@waybill/source", "--import", "tsx", main], {
    cwd: EXAMPLES,
    ...(url === undefined ? {} : { url }),
  });
}

/** Returns the output of a Node program, errors included. @throws Error with the output so far if the program does not end */
export function run(
  args: readonly string[],
  { cwd, url }: { readonly cwd: string; readonly url?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = url === undefined ? process.env : { ...process.env, WAYBILL_TRANSPORT: url };
    const child = spawn(process.execPath, args, { cwd, env, timeout: LIMIT_MS, killSignal: "SIGKILL" });
    let output = "";
    const take = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (_, signal) => {
      if (signal === null) resolve(output);
      else reject(new Error(`${args.join(" ")} was ended by ${signal} before it was done:\n${output}`));
    });
  });
}
