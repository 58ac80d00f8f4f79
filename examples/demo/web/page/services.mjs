import { byId, element, post, say } from "./element.mjs";

const NEXT = {
  running: { action: "stop", text: "Stop" },
  stopped: { action: "start", text: "Start" },
  starting: { action: "start", text: "Starts…" },
  stopping: { action: "stop", text: "Stops…" },
};

/** Shows the services of one way with the number of waiting messages. An existing row keeps its buttons, and so the focus. */
export function showServices(services, stories, way) {
  const list = byId("services");
  const wanted = [...services.values()].filter((service) => service.way === way);
  for (const row of list.querySelectorAll(":scope > li"))
    if (!wanted.some((service) => rowId(service) === row.id)) row.remove();
  for (const service of wanted) {
    const row = document.getElementById(rowId(service)) ?? list.appendChild(rowOf(service));
    update(row, service, waitingFor(service, stories));
  }
}

/** Announces the state of a service to screen readers. */
export function announce(service, before) {
  if (before !== undefined && before.state !== service.state) say(`${service.name} is ${service.state}.`);
}

function rowOf({ way, name }) {
  const path = `/${way}/services/${name}`;
  return element(
    "li",
    { id: rowId({ way, name }), "data-service": name },
    element("h3", {}, name),
    element("p", { class: "state" }),
    element("button", {
      class: "life",
      type: "button",
      click: (event) => post(`${path}/${event.currentTarget.dataset.action}`),
    }),
    element("button", {
      class: "fault",
      type: "button",
      click: (event) => post(`${path}/${event.currentTarget.dataset.action}`),
    }),
  );
}

function update(row, { name, state, isFailing }, waiting) {
  row.dataset.state = isFailing && state === "running" ? "failing" : state;
  const [text, life, fault] = [".state", ".life", ".fault"].map((selector) => row.querySelector(selector));
  const { action, text: label } = NEXT[state];
  text.textContent = [
    isFailing && state === "running" ? "fails" : state,
    waiting > 0 ? `${waiting} waiting` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
  life.textContent = label;
  life.dataset.action = action;
  life.setAttribute("aria-label", `${label} ${name}`);
  life.setAttribute("aria-disabled", String(state === "starting" || state === "stopping"));
  fault.textContent = isFailing ? "Mend" : "Fail";
  fault.dataset.action = isFailing ? "repair" : "fail";
  fault.setAttribute("aria-label", isFailing ? `Mend ${name}` : `Make ${name} fail`);
}

function waitingFor({ way, name }, stories) {
  return [...stories.values()]
    .filter((story) => story.way === way)
    .flatMap(({ messages }) => messages.flatMap(({ receipts }) => receipts))
    .filter(({ service, state }) => service === name && (state === "waiting" || state === "retrying")).length;
}

function rowId({ way, name }) {
  return `service-${way}-${name}`;
}
