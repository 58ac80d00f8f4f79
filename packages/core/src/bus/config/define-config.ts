import { isGroup } from "../../environment/check-options.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import { environmentVariable } from "../../runtime/settings.ts";
import { TRANSPORT_VARIABLE } from "./resolve-transport.ts";
import { settingsOf, type BusOptions } from "./options.ts";
import { fromEnv, isPlain, isSecret, lookUp, type Secret } from "./secret.ts";

/** What of a bus is decided where it is deployed: all of its options but its code. */
export interface BusConfig extends Omit<
  BusOptions,
  "transport" | "services" | "sends" | "middleware" | "ground"
> {
  readonly transport?: string | Secret;
}

/** A configuration, and what is different in some environments. */
export interface Config extends BusConfig {
  /** By the environment's name. Objects are merged, however deep; everything else replaces what it overrides. */
  readonly environments?: Readonly<Record<string, BusConfig>>;
}

const NOT_CONFIG: readonly string[] = ["services", "sends", "middleware", "ground", "environments"];

/**
 * The configuration for the environment that this process runs in: for `createBus({ ...config, services })`. That is
 * `environment`, else `WAYBILL_ENV`, else `NODE_ENV`, where `environments` has one of that name. The transport that the
 * environment variable `WAYBILL_TRANSPORT` names wins over every other. Every environment is checked, not only the one that
 * runs: a mistake in production's shows at home.
 * @throws MessagingError `invalid-option`, naming everything that is wrong at once
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

/** @throws MessagingError `invalid-option` for what is no object of options */
function groupOf<Given>(given: Given, name: string): Given {
  if (isGroup(given)) return given;
  throw new MessagingError("invalid-option", {
    what: `${name} of defineConfig is not an object.`,
    advice: "Give an object of options, or leave it out.",
  });
}

/** Who asks for an environment by name gets it or an error; NODE_ENV is everybody's, and may mean nothing here. */
function chosenName(
  given: string | undefined,
  names: readonly string[],
): { readonly name: string | undefined; readonly problems: readonly string[] } {
  const asked = given ?? environmentVariable("WAYBILL_ENV");
  if (asked === undefined) return { name: environmentVariable("NODE_ENV"), problems: [] };
  if (names.includes(asked)) return { name: asked, problems: [] };
  const there = names.length === 0 ? "none is declared" : `there are ${names.join(", ")}`;
  return { name: undefined, problems: [`there is no environment ${asked}: ${there}`] };
}

function problemsOf(whose: string, config: BusConfig): readonly string[] {
  const code = Object.keys(config).filter((name) => NOT_CONFIG.includes(name));
  const problems = code.map((name) => `${whose}: ${name} is no configuration, give it to createBus`);
  const { transport } = config;
  if (transport !== undefined && typeof transport !== "string" && !isSecret(transport))
    problems.push(`${whose}: transport is neither a URL nor where one comes from`);
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
