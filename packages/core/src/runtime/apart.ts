import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { kept } from "./ambient.ts";

/** As empty as the context is in which this module is loaded: nothing but the making of others runs in it. */
const root = new AsyncResource("WaybillRoot");

/** Whether what is entered in the scope of a resource is there in the next call in it: up to Node 22. */
const isKeptByResources = ((): boolean => {
  const probe = new AsyncLocalStorage<boolean>();
  const resource = new AsyncResource("WaybillProbe");
  resource.runInAsyncScope(() => probe.enterWith(true));
  const isKept = resource.runInAsyncScope(() => probe.getStore()) === true;
  probe.disable();
  return isKept;
})();

/** A resource in whose scope calls run, and what was stored in it when it was made. */
interface Scope {
  readonly resource: AsyncResource;
  readonly keys: readonly symbol[];
  readonly values: readonly unknown[];
}

/** For the next call; absent while it is in use, or spoilt. */
let spare: Scope | undefined = undefined;

/**
 * Runs a call in an asynchronous context of its own: it sees nothing that its caller keeps in an `AsyncLocalStorage`, and
 * what it puts there by `enterWith` nobody sees but what it calls. The values of our own ambients stay in force.
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
 * Up to Node 22 `enterWith` writes to the resource in whose scope it is called, under a symbol of its storage, and nothing
 * takes that away again. A resource that was written to is not used a second time; to make one for each call would cost
 * more than all else that a delivery needs.
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
