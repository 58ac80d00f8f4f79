import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import pc from "picocolors";
import { createApp } from "./app.ts";
import { Stage } from "./stage.ts";

export interface ServeOptions {
  readonly transport: string;
  /** 0 selects any free port. */
  readonly port: number;
  readonly paceMs: number;
}

/** Serves the demo as a page, for this machine only, until a signal ends the process. */
export async function serve({ transport, port, paceMs }: ServeOptions): Promise<void> {
  const stage = await Stage.open({ transport: shared(transport), paceMs });
  const server = createAdaptorServer({ fetch: createApp(stage, shown(transport)).fetch }) as Server;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const where = typeof address === "object" && address !== null ? address.port : port;
  console.log(`${pc.green("The BUY button")} is at ${pc.bold(`http://127.0.0.1:${where}/`)}`);
  console.log(`Transport: ${shown(transport)}. Ctrl+C stops the demo.`);

  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  server.close();
  server.closeAllConnections();
  await stage.close();
}

/** Every service has its own bus. In memory the buses share a named broker. */
function shared(transport: string): string {
  return transport === "memory:" ? "memory:demo" : transport;
}

/** Returns the URL without user and parameters. */
function shown(transport: string): string {
  return transport.replace(/\/\/[^/]*@/, "//").replace(/\?.*$/, "");
}
