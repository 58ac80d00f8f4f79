import { provenOn } from "@waybill/proof";

await provenOn("rabbitmq");
