import { createAmbient, type Ambient } from "../../runtime/ambient.ts";
import type { HandlerScope } from "./handler-scope.ts";

/**
 * The handler that is running, for calls that were not given its context: one for all buses of the process, also those of
 * another copy of core. The number changes when {@link HandlerScope} does.
 */
export const ambientScope: Ambient<HandlerScope> = createAmbient(Symbol.for("waybill.handler-scope.1"));
