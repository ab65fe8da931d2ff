// What the page tells the person: in passing, or because something was refused.

import { button, byId, el } from "./dom.js";
import { icon } from "./icons.js";

const LIFE = 8_000;

/** Says something to those who listen to the page rather than look at it. */
export function say(text) {
  byId("live").textContent = text;
}

/** Shows a sentence for a while. */
export function tell(text, kind = "done") {
  const box = el("div", { className: `notice ${kind}`, role: kind === "refused" ? "alert" : "status" });
  const close = button(".quiet.icon", { "aria-label": "Dismiss", onclick: () => box.remove() }, icon("close"));
  byId("notices").append(box);
  // Added afterwards, for a region is read out when its content changes.
  box.append(el("p", {}, text), close);
  if (kind !== "refused") setTimeout(() => box.remove(), LIFE);
}

/** A sentence with a capital and a full stop; the routes write neither. */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** Waits for work and shows why it was refused, if it was. Whether it was done. */
export async function attempt(work) {
  try {
    await work;
    return true;
  } catch (error) {
    if (error.name !== "RouteError") console.error(error);
    tell(sentence(error.message), "refused");
    return false;
  }
}
