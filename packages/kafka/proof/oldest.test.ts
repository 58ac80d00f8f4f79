import { provenOn } from "@waybill/proof";
import { transportAt } from "./transport-at.ts";

await provenOn("kafka", { isOldest: true, transportAt });
