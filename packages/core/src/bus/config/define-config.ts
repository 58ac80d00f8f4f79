import { isGroup } from "../../environment/check-options.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import { environmentVariable } from "../../runtime/settings.ts";
import { TRANSPORT_VARIABLE } from "./resolve-transport.ts";
import { settingsOf, type BusOptions } from "./options.ts";
import { fromEnv, isPlain, isSecret, lookUp, type Secret } from "./secret.ts";

/** The options of a bus that depend on its deployment: all options except its code. */
export interface BusConfig extends Omit<
  BusOptions,
  "transport" | "services" | "sends" | "middleware" | "environment"
> {
  readonly transport?: string | Secret;
}

/** A configuration, with overrides for environments. */
export interface Config extends BusConfig {
  /** Overrides by the name of the environment. Objects are merged at any depth; every other value replaces the base value. */
  readonly environments?: Readonly<Record<string, BusConfig>>;
}

const NOT_CONFIG: readonly string[] = ["services", "sends", "middleware", "environment", "environments"];

/**
 * Returns the configuration of the environment that this process runs in, for `createBus({ ...config, services })`. The
 * name of the environment is `environment`, else `WAYBILL_ENV`, else `NODE_ENV` where `environments` has that name. The
 * environment variable `WAYBILL_TRANSPORT` overrides every transport. All environments are checked, not only the present
 * one: a mistake in the production configuration fails on a developer's machine too.
 * @throws MessagingError `invalid-option`, which names all mistakes
 */
export function defineConfig(config: Config = {}, environment?: string): BusConfig {
  const { environments = {}, ...base } = groupOf(config, "The configuration");
  for (const [name, each] of Object.entries(groupOf(environments, "environments")))
    if (each !== undefined) groupOf(each, `environment ${name}`);
  const merged = new Map(
    Object.entries(environments).map(([name, override]) => [name, merge(base, override) as BusConfig]),
  );
  const chosen = chosenName(environment, [...merged.keys()]);
  const problems = [
    ...problemsOf("the configuration", base),
    ...[...merged].flatMap(([name, each]) => problemsOf(`environment ${name}`, each)),
    ...chosen.problems,
  ];
  if (problems.length > 0)
    throw new MessagingError("invalid-option", {
      what: `The configuration has mistakes: ${[...new Set(problems)].join("; ")}.`,
      advice: "Correct all of them.",
    });
  const found = (chosen.name === undefined ? undefined : merged.get(chosen.name)) ?? base;
  const isNamedOutside = lookUp(TRANSPORT_VARIABLE) !== undefined;
  return Object.freeze(isNamedOutside ? { ...found, transport: fromEnv(TRANSPORT_VARIABLE) } : found);
}

/** @throws MessagingError `invalid-option` for a value that is not an object of options */
function groupOf<Given>(given: Given, name: string): Given {
  if (isGroup(given)) return given;
  throw new MessagingError("invalid-option", {
    what: `${name} of defineConfig is not an object.`,
    advice: "Give an object of options, or leave it out.",
  });
}

/**
 * Returns the name of the environment, or a problem. A name in `environment` or WAYBILL_ENV that no environment has
 * is an error. NODE_ENV is shared with other programs, so a name in it that no environment has is ignored.
 */
function chosenName(
  given: string | undefined,
  names: readonly string[],
): { readonly name: string | undefined; readonly problems: readonly string[] } {
  const asked = given ?? environmentVariable("WAYBILL_ENV");
  if (asked === undefined) return { name: environmentVariable("NODE_ENV"), problems: [] };
  if (names.includes(asked)) return { name: asked, problems: [] };
  const known = names.length === 0 ? "none is declared" : `declared are ${names.join(", ")}`;
  return { name: undefined, problems: [`the environment ${asked} is not declared: ${known}`] };
}

function problemsOf(whose: string, config: BusConfig): readonly string[] {
  const code = Object.keys(config).filter((name) => NOT_CONFIG.includes(name));
  const problems = code.map(
    (name) => `${whose}: the option ${name} belongs to createBus, not to the configuration`,
  );
  const { transport } = config;
  if (transport !== undefined && typeof transport !== "string" && !isSecret(transport))
    problems.push(`${whose}: the option transport is neither a URL nor a secret`);
  try {
    settingsOf(Object.fromEntries(Object.entries(config).filter(([name]) => !code.includes(name))));
  } catch (error) {
    if (!isMessagingError(error)) throw error;
    problems.push(`${whose}: ${error.message.replace(/ \[[a-z-]+\]$/, "").replace(/\.$/, "")}`);
  }
  return problems;
}

function merge(base: unknown, override: unknown): unknown {
  if (override === undefined) return base;
  if (!isPlain(base) || !isPlain(override)) return override;
  const names = new Set([...Object.keys(base), ...Object.keys(override)]);
  return Object.fromEntries([...names].map((name) => [name, merge(base[name], override[name])]));
}
