import { explore } from "@waybill/testing";
import { application } from "./application.ts";
import { payments } from "./careful.ts";
import { carelessPayments } from "./careless.ts";

for (const handler of [carelessPayments, payments]) {
  const { failure, runs } = await explore((world) => application(world, handler), { seed: 7 });
  console.log(`${handler.name}: ${failure?.violation.what ?? "nothing found"}, after ${runs} schedules`);
  for (const line of failure?.story ?? []) console.log(`  ${line}`);
}
