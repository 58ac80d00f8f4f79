import { createServer, type AddressInfo } from "node:net";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { describe, expect, it } from "vitest";
import { createTransport } from "./index.ts";

describe("a server with another protocol", () => {
  it.each([
    ["NATS", 'INFO {"server_id":"N","max_payload":1048576}\r\n'],
    ["SMTP", "220 mail.example ESMTP ready\r\n"],
    ["HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"],
  ])("%s is refused at once, with the reason and advice", async (_, greeting) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.write(greeting);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const transport = createTransport(`amqp://127.0.0.1:${port}`, systemEnvironment);
    await expect(transport.connect(new AbortController().signal)).rejects.toMatchObject({
      code: "connect-failed",
      isRetriable: false,
      message: expect.stringMatching(/does not speak AMQP 0-9-1.*scheme of the URL and the port/) as string,
    });
    await transport.close(0);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
