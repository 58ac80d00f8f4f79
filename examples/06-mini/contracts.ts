import { command, event } from "@waybill/core";
import { z } from "zod";

const data = z.object({ orderId: z.number() });
export const Charge = command("payments.charge", { data, reply: z.object({ receipt: z.string() }) });
export const Charged = event("payments.charged", { data });
