import { expect, it } from "vitest";
import { obstacles, repositoryUrl } from "./readiness.ts";

it("names every obstacle to a release", () => {
  const ready = { uncommitted: "", pending: [], repository: "git+https://host/a/b.git", isTrusted: true };
  expect(obstacles(ready)).toEqual([]);
  expect(
    obstacles({ uncommitted: " M x", pending: ["a.md", "b.md"], repository: undefined, isTrusted: false }),
  ).toEqual([
    "there are uncommitted changes: commit them",
    "a.md, b.md are not in a version yet: npx changeset version, then commit",
    "there is no remote called origin: the packages must name their repository",
    "this machine has no identity token: release in CI",
  ]);
});

it.each([
  "https://host.example/owner/name.git",
  "https://user:token@host.example/owner/name",
  "git@host.example:owner/name.git",
  "ssh://git@host.example/owner/name.git",
])("writes a remote in npm's form, without credentials: %s", (remote) => {
  expect(repositoryUrl(remote)).toBe("git+https://host.example/owner/name.git");
});
