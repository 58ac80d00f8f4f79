import { byId, post } from "./element.mjs";
import { announceLetters, showLetters } from "./letters.mjs";
import { forgetOrders, revealOrder, showOrder } from "./orders.mjs";
import { announce, showServices } from "./services.mjs";

const HINTS = {
  commands:
    "The shop sends a command to each service and depends on all of them. It waits for the warehouse, and so does the customer.",
  events:
    "The shop publishes an event and depends on no service. Subscribers react now, or when they run again.",
};

const stories = new Map();
const services = new Map();
const letters = new Map();
const shop = byId("shop");
/** Whether BUY was pressed on this page and its order has not arrived yet. */
let isExpecting = false;
const way = () => String(new FormData(shop).get("way"));

function showWay() {
  byId("hint").textContent = HINTS[way()];
  showServices(services, stories, way());
}

shop.addEventListener("change", showWay);
shop.addEventListener("submit", (event) => {
  event.preventDefault();
  isExpecting = true;
  void post(`/${way()}/orders?count=${event.submitter?.value ?? 1}`);
});

const ON_CHANGE = {
  hello() {
    isExpecting = false;
    forgetOrders(stories);
    services.clear();
    letters.clear();
    showLetters(letters);
  },
  order({ story }) {
    const isNew = !stories.has(story.correlationId);
    showOrder(story, stories);
    if (isNew && isExpecting) revealOrder(story);
    if (isNew) isExpecting = false;
    showServices(services, stories, way());
  },
  service({ service }) {
    const key = `${service.way} ${service.name}`;
    announce(service, services.get(key));
    services.set(key, service);
    showServices(services, stories, way());
  },
  letters({ service, letters: ofService }) {
    announceLetters(service, ofService.length, letters.get(service)?.length ?? 0);
    letters.set(service, ofService);
    showLetters(letters);
  },
  problem({ text }) {
    byId("said").textContent = text;
  },
};

const link = byId("link");
const changes = new EventSource("/changes");
changes.addEventListener("message", ({ data }) => {
  const change = JSON.parse(data);
  ON_CHANGE[change.kind](change);
});
changes.addEventListener("open", () => {
  link.dataset.state = "live";
  link.textContent = "live";
});
changes.addEventListener("error", () => {
  link.dataset.state = "lost";
  link.textContent = "not connected";
});

showWay();
const { broker, explanation } = await (await fetch("/broker")).json();
byId("broker").textContent = broker;
byId("explanation").textContent = explanation;
