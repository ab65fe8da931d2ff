// The one dialog of the page: it asks something, or shows something.

import { byId, el, fill } from "./dom.js";

/**
 * Shows a dialog with this content. With `confirm`, the name of what happens then, it asks: the answer is the values of
 * the fields by name, or null if the person cancelled. `danger` marks what cannot be undone.
 */
export function ask({ title, body = [], confirm = null, danger = false }) {
  const dialog = byId("dialog");
  const form = byId("dialog-form");
  const accept = byId("dialog-confirm");
  byId("dialog-title").textContent = title;
  fill(byId("dialog-body"), body);
  byId("dialog-cancel").textContent = confirm ? "Cancel" : "Close";
  accept.hidden = !confirm;
  accept.disabled = !confirm;
  accept.textContent = confirm ?? "";
  accept.className = danger ? "danger" : "primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const submit = (event) => {
      event.preventDefault();
      dialog.close("accepted");
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener(
      "close",
      () => {
        form.removeEventListener("submit", submit);
        const accepted = dialog.returnValue === "accepted";
        resolve(accepted ? Object.fromEntries(new FormData(form)) : null);
      },
      { once: true },
    );
  });
}

/** Makes the dialog's own button work. */
export function prepare() {
  byId("dialog-cancel").addEventListener("click", () => byId("dialog").close());
}

/** A labelled field for a dialog or a form. */
export const field = (label, properties) => el("label.field", {}, label, el("input", { required: true, ...properties }));

/** A labelled choice; the options are pairs of value and name. */
export const choice = (label, properties, options) =>
  el("label.field", {}, label, el("select", properties, options.map(([value, name]) => el("option", { value }, name))));
