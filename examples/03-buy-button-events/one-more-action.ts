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

/** Returns the page that shows both changes side by side, generated from the files that run. */
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

The shop sends a command to every service, so it depends on every service. It has to be changed, tested and deployed
again, and sales never counts the earlier orders.

${commands.map(fence).join("\n\n")}

## With events (03): one new file

The shop publishes an event. Sales subscribes to it and reads its history, too. The shop is neither changed nor deployed.

${fence(events)}
`;
}

function fence(patch: string): string {
  return `\`\`\`diff\n${patch}\n\`\`\``;
}

const PAGE = fileURLToPath(new URL("one-more-action.md", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, page());
