import { explore } from "@waybill/testing";
import { app } from "./blocking.ts";

await explore(app, { seed: 7, blockedAfterSeconds: 0.3 });
