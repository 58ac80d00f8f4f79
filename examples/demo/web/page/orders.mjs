import { byId, element, say } from "./element.mjs";

/** The text of each state of a message at a service. */
const RECEIPTS = {
  waiting: ({ service }) => `waits for ${service}`,
  working: ({ service, tries }) => `${service} is at it${tries > 1 ? `, try ${tries}` : ""}`,
  retrying: ({ service, tries }) => `${service} failed, ${tries} ${tries === 1 ? "try" : "tries"}`,
  handled: ({ service, tries }) => `${service} did it${tries > 1 ? `, try ${tries}` : ""}`,
  dead: ({ service, tries }) => `dead letter of ${service}, ${tries} tries`,
};

const STATES = {
  dead: "dead letter of",
  retrying: "tried again by",
  working: "under way at",
  waiting: "waits for",
};
const INTENTS = { send: "command", request: "command", publish: "event", reply: "reply", failure: "failure" };

/** Draws one order. An existing card is drawn again, with its new parts marked. */
export function showOrder(story, known) {
  const list = byId("order-list");
  const before = known.get(story.correlationId);
  known.set(story.correlationId, story);
  byId("no-orders").hidden = true;
  const seen = new Set(before?.messages.map(({ id }) => id));
  const card = cardOf(story, before === undefined ? undefined : seen);
  const place = document.getElementById(`order-${story.correlationId}`);
  if (place === null) list.prepend(card);
  else place.replaceWith(card);
  const state = stateOf(story);
  if (before === undefined || stateOf(before) !== state) say(`Order ${story.orderId}: ${state.text}.`);
}

/** Scrolls to an order that is not completely visible. */
export function revealOrder({ correlationId }) {
  const card = document.getElementById(`order-${correlationId}`);
  const { top, bottom } = card.getBoundingClientRect();
  if (top >= 0 && bottom <= window.innerHeight) return;
  card.scrollIntoView({ block: "start" });
}

/** Removes the orders that the server no longer has. */
export function forgetOrders(known) {
  known.clear();
  byId("order-list").replaceChildren();
  byId("no-orders").hidden = false;
}

function cardOf(story, seen) {
  const { correlationId, orderId, address, way, shop, reason, messages } = story;
  const state = stateOf(story);
  return element(
    "li",
    { id: `order-${correlationId}`, class: "order", "data-order": orderId, "data-state": state.name },
    element(
      "header",
      {},
      element("h3", {}, `Order ${orderId}`),
      element("p", { class: "address" }, address),
      element("p", { class: "state", "data-state": state.name }, state.text),
    ),
    element(
      "p",
      { class: "shop" },
      element("b", {}, "shop"),
      way === "commands" ? " sends commands" : " publishes an event",
      shop === "busy" && way === "commands" ? element("i", {}, " and waits for the warehouse") : undefined,
    ),
    tree(rootsOf(messages), messages, seen),
    reason === undefined ? "" : element("p", { class: "reason" }, reason),
  );
}

/** Draws the messages as a tree of causes and effects. */
function tree(siblings, all, seen) {
  return element(
    "ul",
    { class: "tree" },
    ...siblings.map((message) => {
      const effects = all.filter(({ causationId }) => causationId === message.id);
      return element(
        "li",
        { class: seen?.has(message.id) === false ? "new" : undefined },
        element(
          "div",
          { class: "message", "data-type": message.type },
          element("span", { class: `intent ${INTENTS[message.intent]}` }, INTENTS[message.intent]),
          element("code", {}, message.type),
          element("span", { class: "source" }, `from ${message.source}`),
          receipts(message.receipts),
        ),
        effects.length === 0 ? "" : tree(effects, all, seen),
      );
    }),
  );
}

function receipts(all) {
  if (all.length === 0) return "";
  return element(
    "ul",
    { class: "receipts" },
    ...all.map((receipt) =>
      element(
        "li",
        { class: "receipt", "data-state": receipt.state, "data-service": receipt.service },
        RECEIPTS[receipt.state](receipt),
      ),
    ),
  );
}

function rootsOf(messages) {
  const ids = new Set(messages.map(({ id }) => id));
  return messages.filter(({ causationId }) => !ids.has(causationId));
}

/** Returns the worst state of the messages of an order. */
function stateOf({ shop, messages }) {
  const receipts = messages.flatMap((message) => message.receipts);
  const among = (state) => [
    ...new Set(receipts.filter((each) => each.state === state).map(({ service }) => service)),
  ];
  if (shop === "failed") return { name: "failed", text: "the shop gave up" };
  for (const name of ["dead", "retrying", "working", "waiting"]) {
    const services = among(name);
    if (services.length > 0) return { name, text: `${STATES[name]} ${services.join(", ")}` };
  }
  return shop === "busy" ? { name: "working", text: "under way" } : { name: "handled", text: "complete" };
}
