import { createAmbient, type Ambient } from "../runtime/ambient.ts";
import type { HandlerScope } from "./handler-scope.ts";

/** The handler that is running, for calls that were not given its context: one for all buses of the process. */
export const ambientScope: Ambient<HandlerScope> = createAmbient();
