import { byId, element, post, say } from "./element.mjs";

/** Shows the dead letters of all services. */
export function showLetters(letters) {
  const all = [...letters.values()].flat();
  const list = byId("letters");
  const shown = new Map([...list.children].map((row) => [row.id, row]));
  byId("dead").hidden = all.length === 0;
  for (const letter of all) {
    const id = `letter-${letter.service}-${letter.id}`;
    if (!shown.delete(id)) list.append(rowOf(id, letter));
  }
  for (const row of shown.values()) {
    if (row.contains(document.activeElement)) byId(all.length > 0 ? "letters-title" : "orders").focus();
    row.remove();
  }
}

/** Announces new dead letters to screen readers. */
export function announceLetters(service, count, before) {
  if (count > before) say(`${service} has ${count} ${count === 1 ? "dead letter" : "dead letters"}.`);
}

function rowOf(id, { id: letterId, service, type, key, reason, tries }) {
  const path = (fate) => `/letters/${encodeURIComponent(service)}/${fate}?id=${encodeURIComponent(letterId)}`;
  const about = `${type} of order ${key}, given up by ${service}`;
  return element(
    "li",
    { id, class: "letter", "data-service": service },
    element("code", {}, type),
    element(
      "p",
      {},
      `Order ${key}, given up by ${service} after ${tries} ${tries === 1 ? "try" : "tries"}: ${reason}`,
    ),
    element(
      "button",
      { class: "life", type: "button", "aria-label": `Replay ${about}`, click: () => post(path("replay")) },
      "Replay",
    ),
    element(
      "button",
      {
        class: "fault",
        type: "button",
        "aria-label": `Discard ${about}`,
        click: () => post(path("discard")),
      },
      "Discard",
    ),
  );
}
