import { createServer, connect } from "node:net";

/** Returns this many different free ports of the loopback interface. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening()));
  const ports = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return ports;
}

function listening(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}

/** Returns whether a program listens on the port. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("error", () => end(false));
    socket.once("connect", () => end(true));
  });
}

/**
 * Returns the first bytes that a server sends, or its answer to `hello`; `undefined` if it does not listen or stays
 * silent.
 */
export function firstWords(port: number, hello: Uint8Array): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (words: Buffer | undefined): void => {
      socket.destroy();
      resolve(words);
    };
    socket.setTimeout(1_000, () => end(undefined));
    socket.once("error", () => end(undefined));
    socket.once("close", () => end(undefined));
    socket.once("connect", () => socket.write(hello));
    socket.once("data", (words: Buffer) => end(words));
  });
}
