/** What a release is judged by. */
export interface ReleaseState {
  /** What `git status --porcelain` says. */
  readonly uncommitted: string;
  /** Changesets that are not yet part of a version. */
  readonly pending: readonly string[];
  /** Where `origin` is, for the statement of where a package comes from. */
  readonly repository: string | undefined;
  /** Whether the machine can prove who it is: npm signs the statement with that. */
  readonly isTrusted: boolean;
}

/** What stands in the way of a release, each with its cure. */
export function obstacles({ uncommitted, pending, repository, isTrusted }: ReleaseState): readonly string[] {
  const found: string[] = [];
  if (uncommitted !== "") found.push("there are uncommitted changes: commit them");
  if (pending.length > 0)
    found.push(`${pending.join(", ")} are not in a version yet: npx changeset version, then commit`);
  if (repository === undefined)
    found.push("there is no remote called origin: the packages must say where they come from");
  if (!isTrusted) found.push("this machine cannot prove who it is: release in CI, with an identity token");
  return found;
}

/** A remote as npm wants it: `git+https://host/owner/name.git`, without credentials. */
export function repositoryUrl(remote: string): string {
  const scp = /^[\w.-]+@([\w.-]+):(.+)$/.exec(remote);
  const url = scp === null ? remote : `https://${scp[1]}/${scp[2]}`;
  const { host, pathname } = new URL(url);
  return `git+https://${host}${pathname.replace(/(\.git)?\/?$/, ".git")}`;
}
