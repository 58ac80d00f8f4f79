import { provenOn } from "@waybill/proof";

await provenOn("kafka", { isOldest: true });
