import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createTwoFilesPatch } from "diff";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

function changeOf(name: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(before === "" ? "nothing" : name, name, before, after, "", "", {
    context: 1,
  });
  const lines = patch.trimEnd().split("\n");
  const start = lines.findIndex((line) => line.startsWith("---"));
  return lines
    .slice(start)
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The page that puts both changes side by side, made from the files that run. */
export function page(): string {
  const commands = ["contracts.ts", "services.ts", "shop.ts"].map((file) =>
    changeOf(
      file,
      read(`../02-buy-button-commands/${file}`),
      read(`one-more-action/${file}`).replaceAll("../../shared/", "../shared/"),
    ),
  );
  const events = changeOf("sales.ts", "", read("sales.ts"));
  return `# One more action

Sales wants to count every order. What has to change?

## With commands (02): three files, the shop among them

The shop tells everybody what to do, so it has to learn of everybody: it is changed, tested and deployed again, and
knows nothing of the orders that came before.

${commands.map(fence).join("\n\n")}

## With events (03): one new file

The shop says what happened. Sales listens, and reads the past as well: the shop is neither changed nor deployed.

${fence(events)}
`;
}

function fence(patch: string): string {
  return `\`\`\`diff\n${patch}\n\`\`\``;
}

const PAGE = fileURLToPath(new URL("one-more-action.md", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, page());
