// Everything that happens on the network, as it is told.

import { byId, el, fill } from "./dom.js";
import { nameOf } from "./people.js";
import { clockTime, fullTime } from "./time.js";

const MOST = 200;

/** The latest events. */
export function activityPanel() {
  const list = byId("activity-list");
  const entry = (event) =>
    el(
      "li",
      {},
      el(
        "details",
        {
          ontoggle: ({ currentTarget }) => {
            const pre = currentTarget.querySelector("pre");
            if (currentTarget.open && !pre.textContent) pre.textContent = JSON.stringify(event.body, null, 2);
          },
        },
        el(
          "summary",
          {},
          el("time", { dateTime: event.at, title: fullTime(event.at) }, clockTime(event.at)),
          " ",
          el("code", {}, event.kind),
          " ",
          el("span.detail", {}, event.account ? nameOf(event.account) : event.session ?? ""),
        ),
        el("pre", { tabIndex: 0, "aria-label": "Body of the event" }),
      ),
    );
  byId("clear-activity").addEventListener("click", () => fill(list));
  return {
    refresh: async () => {},
    add(event) {
      list.prepend(entry(event));
      while (list.children.length > MOST) list.lastElementChild.remove();
    },
  };
}
