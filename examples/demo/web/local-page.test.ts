import { describe, expect, it, vi } from "vitest";
import { Broadcast, refusal, wholeNumber } from "./local-page.ts";

const HOST = "127.0.0.1:4600";

function asked(headers: Readonly<Record<string, string>>, method = "GET"): number | undefined {
  return refusal(new Request(`http://${HOST}/`, { method, headers: { host: HOST, ...headers } }))?.status;
}

describe("the host and origin of a request to a local page", () => {
  it.each(["127.0.0.1:4600", "localhost:4600", "localhost", "[::1]:4600", "LOCALHOST:4600"])(
    "allows the host %s",
    (host) => {
      expect(asked({ host })).toBeUndefined();
    },
  );

  it.each(["evil.example", "evil.example:4600", "127.0.0.1.evil.example", "localhost@evil.example", "", "%"])(
    "refuses the host %s: a foreign name may resolve to 127.0.0.1",
    (host) => {
      expect(asked({ host })).toBe(403);
    },
  );

  it.each([
    "http://evil.example",
    "http://localhost:3000",
    "https://127.0.0.1",
    "null",
    "http://127.0.0.1:4600.evil.example",
  ])("refuses a page of %s", (origin) => {
    expect(asked({ origin }, "POST")).toBe(403);
    expect(asked({ origin })).toBe(403);
  });

  it("allows its own page, and programs that send no origin", () => {
    expect(asked({ origin: `http://${HOST}` }, "POST")).toBeUndefined();
    expect(asked({ origin: `http://${HOST}`, "sec-fetch-site": "same-origin" }, "POST")).toBeUndefined();
    expect(asked({}, "POST")).toBeUndefined();
  });

  it("refuses pictures and scripts of another site, and allows a followed link", () => {
    expect(asked({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).toBe(403);
    expect(asked({ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" })).toBe(403);
    expect(asked({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).toBeUndefined();
    expect(asked({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "POST")).toBe(403);
  });
});

describe("a whole number", () => {
  it.each(["1", "7", "20"])("is %s", (text) => {
    expect(wholeNumber(text, 1, 20)).toBe(Number(text));
  });

  it.each(["0x10", "1e1", " 3", "3 ", "+3", "-1", "3.0", "007", "", "21", "0", "١", "9".repeat(400)])(
    "from 1 to 20 is not %j",
    (text) => {
      expect(wholeNumber(text, 1, 20)).toBeUndefined();
    },
  );
});

describe("a broadcast", () => {
  const read = async (response: Response, parts: number): Promise<string> => {
    const body: ReadableStream<Uint8Array> | null = response.body;
    const reader = body?.getReader();
    const texts: string[] = [];
    while (texts.length < parts) texts.push(new TextDecoder().decode((await reader?.read())?.value));
    reader?.releaseLock();
    return texts.join("");
  };

  it("sends the first state, then every change, serialized once for all listeners", async () => {
    const broadcast = new Broadcast();
    const responses = [broadcast.listen(["first"]), broadcast.listen(["first"])];
    const toJSON = vi.fn(() => "change");
    broadcast.send({ toJSON });
    for (const response of responses)
      expect(await read(response, 2)).toBe('data: "first"\n\ndata: "change"\n\n');
    expect(toJSON).toHaveBeenCalledTimes(1);
  });

  it("refuses listeners over the limit, and accepts one again when one has left", async () => {
    const broadcast = new Broadcast({ listeners: 2, bytesBehind: 1_000 });
    const first = broadcast.listen([]);
    broadcast.listen([]);
    expect(broadcast.listen([]).status).toBe(503);
    await first.body?.cancel();
    expect(broadcast.listen([]).status).toBe(200);
  });

  it("closes the stream of a listener that does not read, and of no other", async () => {
    const broadcast = new Broadcast({ listeners: 2, bytesBehind: 100 });
    const slow = broadcast.listen([]);
    broadcast.send("a".repeat(200));
    const quick = broadcast.listen([]);
    broadcast.send("b");
    expect(broadcast.size).toBe(1);
    expect(await read(quick, 1)).toBe('data: "b"\n\n');
    await expect(slow.text()).rejects.toThrow("reads too slowly");
  });

  it("ends all streams when it is closed", async () => {
    const broadcast = new Broadcast();
    const response = broadcast.listen(["last"]);
    broadcast.close();
    expect(await response.text()).toBe('data: "last"\n\n');
    expect(broadcast.size).toBe(0);
  });
});
