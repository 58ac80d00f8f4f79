import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import type { TlsOptions } from "../../runtime/tls-options.ts";
import type { BrokerUrl } from "./broker-url.ts";
import { invalidOption, onlyGiven } from "./options.ts";

/** How an adapter is told about TLS. */
export interface TlsForm {
  /** The adapter's name, for errors. */
  readonly adapter: string;
  /** The scheme of a URL that speaks TLS. Absent: any TLS option switches TLS on, whatever the scheme. */
  readonly scheme?: string;
  /** What its options say, unchecked; over what the URL says. */
  readonly given: TlsOptions | undefined;
  /**
   * What there is to say, and by which parameter of a URL: the files of `ca`, `cert` and `key`, and for
   * `rejectUnauthorized` the words for yes and no. Absent: by none.
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

/** For adapters: what URL and options say about TLS, nothing of it undefined. @throws MessagingError `invalid-option` */
export function tlsOf(url: BrokerUrl, { adapter, scheme, given, parameters }: TlsForm): TlsOptions {
  const kinds = Object.fromEntries(Object.entries(KINDS).filter(([name]) => name in parameters));
  checkOptions(`${adapter}.tls`, { ...given }, kinds as OptionKinds<TlsOptions>);
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = parameters;
  const said = {
    ca: ca && url.file(ca),
    cert: cert && url.file(cert),
    key: key && url.file(key),
    passphrase: passphrase && url.text(passphrase),
    servername: servername && url.text(servername),
    rejectUnauthorized:
      rejectUnauthorized && url.flag(rejectUnauthorized[0], [rejectUnauthorized[1], rejectUnauthorized[2]]),
  };
  // Files are read as the platform does it, which gives more than bytes.
  const options = { ...(onlyGiven(said) as TlsOptions), ...(onlyGiven({ ...given }) as TlsOptions) };
  const names = Object.keys(options);
  if (scheme !== undefined && url.scheme !== scheme && names.length > 0)
    throw invalidOption(
      `The URL has the scheme ${url.scheme}:, which does not encrypt, and TLS options are given (${names.join(", ")}). ` +
        `Write ${scheme}: to connect with TLS, or leave the TLS options out.`,
    );
  return options;
}
