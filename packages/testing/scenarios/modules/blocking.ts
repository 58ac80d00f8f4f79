import { command, service } from "@waybill/core";
import type { App } from "@waybill/testing";
import { z } from "zod";

const Spin = command("top.spin", { data: z.object({}) });

/** An application whose handler blocks its thread for ever. */
export function app(): App {
  return {
    services: () => [
      service("top").handle(Spin, () => {
        for (;;);
      }),
    ],
    acts: [(bus) => bus.send(Spin, {})],
  };
}
