import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Hono, type Context } from "hono";
import { csrf } from "hono/csrf";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { Stage } from "./stage.ts";
import { WAYS } from "./ways.ts";

const Way = z.enum(WAYS);
const Deed = z.enum(["start", "stop", "fail", "mend"]);
const Fate = z.enum(["replay", "discard"]);
/** The most orders of one press. */
const Count = z.coerce.number().int().min(1).max(20).default(1);

/** What the page is made of: our files, and the fonts as their packages ship them. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["page/index.html", "text/html; charset=utf-8"],
  "/style.css": ["page/style.css", "text/css; charset=utf-8"],
  "/page.mjs": ["page/page.mjs", "text/javascript; charset=utf-8"],
  "/orders.mjs": ["page/orders.mjs", "text/javascript; charset=utf-8"],
  "/services.mjs": ["page/services.mjs", "text/javascript; charset=utf-8"],
  "/letters.mjs": ["page/letters.mjs", "text/javascript; charset=utf-8"],
  "/element.mjs": ["page/element.mjs", "text/javascript; charset=utf-8"],
  "/text.woff2": [
    import.meta.resolve("@fontsource-variable/archivo/files/archivo-latin-wdth-normal.woff2"),
    "font/woff2",
  ],
  "/mono.woff2": [
    import.meta.resolve("@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"),
    "font/woff2",
  ],
};

/** The page and what it asks for. `broker` is shown: it must hold no password. */
export function createApp(stage: Stage, broker: string): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({ strictTransportSecurity: false, contentSecurityPolicy: { defaultSrc: ["'self'"] } }),
    csrf(),
  );
  for (const [path, [file, type]] of Object.entries(FILES))
    app.get(path, async (context) =>
      context.body(await readFile(fileURLToPath(new URL(file, import.meta.url))), 200, {
        "content-type": type,
      }),
    );
  app.get("/broker", (context) => context.json({ broker, explanation: stage.explain() }));
  app.get("/changes", (context) => changes(context, stage));

  app.post("/:way/orders", (context) => {
    const way = Way.safeParse(context.req.param("way"));
    const count = Count.safeParse(context.req.query("count"));
    if (!way.success || !count.success) return context.text("No such order.", 400);
    for (let left = count.data; left > 0; left--) stage.background(stage.buy(way.data));
    return context.body(null, 202);
  });
  app.post("/:way/services/:name/:deed", (context) => {
    const way = Way.safeParse(context.req.param("way"));
    const deed = Deed.safeParse(context.req.param("deed"));
    const service = way.success ? stage.deployment(way.data, context.req.param("name")) : undefined;
    if (service === undefined || !deed.success) return context.text("No such service, or no such deed.", 404);
    if (deed.data === "start") stage.background(service.start());
    else if (deed.data === "stop") stage.background(service.stop());
    else service.fail(deed.data === "fail");
    return context.body(null, 202);
  });
  app.post("/letters/:service/:fate", async (context) => {
    const { service, fate } = context.req.param();
    const chosen = Fate.safeParse(fate);
    if (!chosen.success || !stage.letters.all.has(service)) return context.text("No such dead letters.", 404);
    await stage.letters[chosen.data](service, context.req.query("id"));
    return context.body(null, 204);
  });
  app.onError((error, context) => context.text(error.message, 500));
  return app;
}

/** Server-sent events: everything once, then each change. A page that comes back is told everything again. */
function changes(context: Context, stage: Stage): Response {
  return streamSSE(context, async (stream) => {
    let sent: Promise<unknown> = Promise.resolve();
    const send = (change: unknown): void => {
      sent = sent.then(() => stream.writeSSE({ data: JSON.stringify(change) })).catch(() => undefined);
    };
    send({ kind: "hello" });
    stage.everything.forEach(send);
    const end = stage.feed.listen(send);
    await new Promise<void>((resolve) => stream.onAbort(resolve));
    end();
  });
}
