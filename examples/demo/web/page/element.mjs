/** Makes an element: `element("p", { class: "hint" }, "text", otherElement)`. Undefined attributes are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Announces a text to screen readers. */
export function say(text) {
  byId("said").textContent = text;
}

/** Sends a command to the server. */
export async function post(path) {
  try {
    const response = await fetch(path, { method: "POST" });
    if (!response.ok) say(`That did not work: ${await response.text()}`);
  } catch {
    say("The demo does not answer: is it still running?");
  }
}
