import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A proxy between clients and a broker. It cuts a connection when the broker sends `marker` on it. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The number of connections that the proxy cut. */
  cuts = 0;
  marker: string | undefined;

  private constructor(url: string, marker: string) {
    const { hostname, port } = new URL(url);
    this.marker = marker;
    this.#server = createServer((client) => this.#join(client, connect(Number(port), hostname)));
  }

  static async open(url: string, marker: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(url, marker);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** Returns the broker's URL through this proxy. */
  urlFor(url: string): string {
    const bound = this.#server.address();
    if (bound === null || typeof bound === "string") throw new Error("the proxy is closed");
    const through = new URL(url);
    through.port = String(bound.port);
    return through.href;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, broker: Socket): void {
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.on("data", (bytes) => broker.write(bytes));
    let tail = ""; // the marker may arrive in two parts
    broker.on("data", (bytes) => {
      const seen = tail + bytes.toString("latin1");
      if (this.marker !== undefined && seen.includes(this.marker)) {
        this.cuts += 1;
        client.resetAndDestroy();
        return;
      }
      tail = seen.slice(-100);
      client.write(bytes);
    });
  }
}
