/** The facts that decide whether a release is possible. */
export interface ReleaseState {
  /** The output of `git status --porcelain`. */
  readonly uncommitted: string;
  /** Changesets that are not part of a version. */
  readonly pending: readonly string[];
  /** The URL of the remote `origin`, which becomes the repository of the packages. */
  readonly repository: string | undefined;
  /** Whether this machine has an identity token, with which npm signs the statement. */
  readonly isTrusted: boolean;
}

/** Returns the obstacles to a release, each with its remedy. */
export function obstacles({ uncommitted, pending, repository, isTrusted }: ReleaseState): readonly string[] {
  const found: string[] = [];
  if (uncommitted !== "") found.push("there are uncommitted changes: commit them");
  if (pending.length > 0)
    found.push(`${pending.join(", ")} are not in a version yet: npx changeset version, then commit`);
  if (repository === undefined)
    found.push("there is no remote called origin: the packages must name their repository");
  if (!isTrusted) found.push("this machine has no identity token: release in CI");
  return found;
}

/** Returns a remote in npm's form: `git+https://host/owner/name.git`, without credentials. */
export function repositoryUrl(remote: string): string {
  const scp = /^[\w.-]+@([\w.-]+):(.+)$/.exec(remote);
  const url = scp === null ? remote : `https://${scp[1]}/${scp[2]}`;
  const { host, pathname } = new URL(url);
  return `git+https://${host}${pathname.replace(/(\.git)?\/?$/, ".git")}`;
}
