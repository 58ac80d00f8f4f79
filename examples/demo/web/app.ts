import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { refusal, wholeNumber } from "./local-page.ts";
import type { Stage } from "./stage.ts";
import { WAYS } from "./ways.ts";

const Way = z.enum(WAYS);
const ServiceAction = z.enum(["start", "stop", "fail", "repair"]);
const LetterAction = z.enum(["replay", "discard"]);
/** The largest number of orders per click. */
const MOST_ORDERS = 20;

/** The files of the page: our own, and the fonts as their packages ship them. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["page/index.html", "text/html; charset=utf-8"],
  "/style.css": ["page/style.css", "text/css; charset=utf-8"],
  "/page.mjs": ["page/page.mjs", "text/javascript; charset=utf-8"],
  "/orders.mjs": ["page/orders.mjs", "text/javascript; charset=utf-8"],
  "/services.mjs": ["page/services.mjs", "text/javascript; charset=utf-8"],
  "/letters.mjs": ["page/letters.mjs", "text/javascript; charset=utf-8"],
  "/element.mjs": ["page/element.mjs", "text/javascript; charset=utf-8"],
  "/favicon.ico": ["../../../docs/public/favicon.svg", "image/svg+xml"],
  "/text.woff2": [
    import.meta.resolve("@fontsource-variable/archivo/files/archivo-latin-wdth-normal.woff2"),
    "font/woff2",
  ],
  "/mono.woff2": [
    import.meta.resolve("@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"),
    "font/woff2",
  ],
};

/** Serves the page and its requests. `broker` is shown, so it must not contain a password. */
export function createApp(stage: Stage, broker: string): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({ strictTransportSecurity: false, contentSecurityPolicy: { defaultSrc: ["'self'"] } }),
    async (context, next) => refusal(context.req.raw) ?? (await next()),
  );
  for (const [path, [file, type]] of Object.entries(FILES))
    app.get(path, async (context) =>
      context.body(await readFile(fileURLToPath(new URL(file, import.meta.url))), 200, {
        "content-type": type,
      }),
    );
  app.get("/broker", (context) => context.json({ broker, explanation: stage.explain() }));
  // The whole state once, then each change. A reconnected page gets the whole state again.
  app.get("/changes", () => stage.feed.listen([{ kind: "hello" }, ...stage.everything]));

  app.post("/:way/orders", (context) => {
    const way = Way.safeParse(context.req.param("way"));
    const count = wholeNumber(context.req.query("count") ?? "1", 1, MOST_ORDERS);
    if (!way.success || count === undefined)
      return context.text(`No order placed: count must be a whole number from 1 to ${MOST_ORDERS}.`, 400);
    for (let left = count; left > 0; left--) stage.background(stage.buy(way.data));
    return context.body(null, 202);
  });
  app.post("/:way/services/:name/:action", (context) => {
    const way = Way.safeParse(context.req.param("way"));
    const action = ServiceAction.safeParse(context.req.param("action"));
    const service = way.success ? stage.deployment(way.data, context.req.param("name")) : undefined;
    if (service === undefined || !action.success) return context.text("Unknown service or action.", 404);
    if (action.data === "start") stage.background(service.start());
    else if (action.data === "stop") stage.background(service.stop());
    else service.fail(action.data === "fail");
    return context.body(null, 202);
  });
  app.post("/letters/:service/:fate", async (context) => {
    const { service, fate } = context.req.param();
    const chosen = LetterAction.safeParse(fate);
    if (!chosen.success || !stage.letters.all.has(service)) return context.text("Unknown dead letters.", 404);
    await stage.letters[chosen.data](service, context.req.query("id"));
    return context.body(null, 204);
  });
  app.onError((error, context) =>
    error instanceof HTTPException ? error.getResponse() : context.text(error.message, 500),
  );
  return app;
}
