import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import type { TlsOptions } from "../../runtime/tls-options.ts";
import { invalidOption, type BrokerUrl } from "./broker-url.ts";

/** How a URL and options of an adapter configure TLS. */
export interface TlsForm {
  /** The adapter's name, for errors. */
  readonly adapter: string;
  /** The scheme of URLs with TLS. Absent: any TLS option enables TLS, whatever the scheme. */
  readonly scheme?: string;
  /** The TLS options, unchecked; they take precedence over the URL. */
  readonly given: TlsOptions | undefined;
  /**
   * The options that the adapter knows, each with its URL parameter: a file for `ca`, `cert` and `key`, and the words for
   * yes and no for `rejectUnauthorized`. An option that is undefined has no parameter.
   */
  readonly parameters: { readonly [Name in FileOrText]?: string | undefined } & {
    readonly rejectUnauthorized?: readonly [parameter: string, yes: string, no: string];
  };
}

type FileOrText = Exclude<keyof TlsOptions, "rejectUnauthorized">;

const KINDS: OptionKinds<TlsOptions> = {
  ca: "any",
  cert: "any",
  key: "any",
  passphrase: "text",
  servername: "text",
  rejectUnauthorized: "flag",
};

/**
 * For adapters: returns the TLS options of URL and options, none of them undefined.
 * @throws MessagingError `invalid-option`
 */
export function tlsOf(url: BrokerUrl, { adapter, scheme, given, parameters }: TlsForm): TlsOptions {
  const kinds = Object.fromEntries(Object.entries(KINDS).filter(([name]) => name in parameters));
  checkOptions(`${adapter}.tls`, { ...given }, kinds as OptionKinds<TlsOptions>);
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = parameters;
  const inUrl = {
    ca: ca && url.file(ca),
    cert: cert && url.file(cert),
    key: key && url.file(key),
    passphrase: passphrase && url.text(passphrase),
    servername: servername && url.text(servername),
    rejectUnauthorized:
      rejectUnauthorized && url.flag(rejectUnauthorized[0], [rejectUnauthorized[1], rejectUnauthorized[2]]),
  };
  const options = { ...(onlyGiven(inUrl) as TlsOptions), ...(onlyGiven({ ...given }) as TlsOptions) };
  const names = Object.keys(options);
  if (scheme !== undefined && url.scheme !== scheme && names.length > 0)
    throw invalidOption(
      `The URL has the scheme ${url.scheme}:, which does not encrypt, but there are TLS options (${names.join(", ")}). ` +
        `Write ${scheme}: to connect with TLS, or leave the TLS options out.`,
    );
  return options;
}

/**
 * Returns the options that are not undefined, because clients of brokers do not treat an undefined option as absent.
 */
export function onlyGiven<Options extends object>(options: Options): Partial<Options> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Options>;
}
