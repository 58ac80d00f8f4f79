import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { kept } from "./ambient.ts";

/**
 * A resource with the asynchronous context in which this module was loaded. Resources that are created in its scope
 * inherit that context.
 */
const root = new AsyncResource("WaybillRoot");

/**
 * Whether a value that one call stores by `enterWith` in the scope of a resource is visible to the next call in that
 * scope. It is up to Node 22.
 */
const isKeptByResources = ((): boolean => {
  const probe = new AsyncLocalStorage<boolean>();
  const resource = new AsyncResource("WaybillProbe");
  resource.runInAsyncScope(() => probe.enterWith(true));
  const isKept = resource.runInAsyncScope(() => probe.getStore()) === true;
  probe.disable();
  return isKept;
})();

/** A resource in whose scope calls run, and the values that it had when it was created. */
interface Scope {
  readonly resource: AsyncResource;
  readonly keys: readonly symbol[];
  readonly values: readonly unknown[];
}

/** The scope for the next call; absent while a call uses it, and after a call changed it. */
let spare: Scope | undefined = undefined;

/**
 * Runs a call in its own asynchronous context: it does not see its caller's values of any `AsyncLocalStorage`, and only its
 * own calls see the values that it stores by `enterWith`. The values of Waybill's ambients stay present.
 */
export function apart<Argument, Result>(call: (argument: Argument) => Result, argument: Argument): Result {
  const scope = spare ?? freshScope();
  spare = undefined;
  try {
    return scope.resource.runInAsyncScope(kept(call), undefined, argument);
  } finally {
    if (!isChanged(scope)) spare = scope;
  }
}

/**
 * Returns whether a call has stored a value. Up to Node 22, `enterWith` writes to the resource in whose scope it is called,
 * under a symbol of its storage, and nothing removes that. A changed resource is not used again; a new one for each call would
 * cost more than everything else that a delivery needs.
 */
function isChanged({ resource, keys, values }: Scope): boolean {
  if (!isKeptByResources) return false;
  const present = Object.getOwnPropertySymbols(resource);
  if (present.length !== keys.length) return true;
  for (let at = 0; at < keys.length; at++)
    if (present[at] !== keys[at] || valueOf(resource, present[at]) !== values[at]) return true;
  return false;
}

function freshScope(): Scope {
  const resource = root.runInAsyncScope(() => new AsyncResource("WaybillDelivery"));
  const keys = Object.getOwnPropertySymbols(resource);
  return { resource, keys, values: keys.map((key) => valueOf(resource, key)) };
}

function valueOf(resource: AsyncResource, key: symbol | undefined): unknown {
  return (resource as unknown as Readonly<Record<symbol, unknown>>)[key as symbol];
}
