// What is delivered to webhooks, and what could not be.

import { get, post } from "./api.js";
import { button, byId, el, fill } from "./dom.js";
import { attempt, tell } from "./notices.js";
import { clockTime, fullTime, now } from "./time.js";

const PAGE = 50;
const TONES = { delivered: "good", waiting: "busy", dead: "bad" };
const STATES = { delivered: "delivered", waiting: "waiting", dead: "dead letter" };
/** No event tells of an attempt, so what waits is looked at again when it is due; not more often than this. */
const LOOK = { soonest: 700, latest: 30_000 };

/** The deliveries. */
export function deliveryPanel() {
  const list = byId("delivery-list");
  const filter = byId("delivery-state");
  const more = byId("more-deliveries");
  const cards = new Map();
  let wanted = PAGE;
  let look = null;

  async function refresh() {
    const state = filter.value ? `&state=${filter.value}` : "";
    const deliveries = [];
    let isPart = true;
    while (isPart && deliveries.length < wanted) {
      const before = deliveries.length > 0 ? `&before=${deliveries.at(-1).id}` : "";
      const page = await get(`/_sandbox/deliveries?limit=${PAGE}${state}${before}`);
      deliveries.push(...page);
      isPart = page.length === PAGE;
    }
    fill(list, deliveries.length === 0 ? el("li.empty", {}, "Nothing has been delivered. Agents register webhooks through the REST API.") : deliveries.map(card));
    more.hidden = !isPart;
    again(deliveries);
  }

  function card(delivery) {
    const state = JSON.stringify(delivery);
    const old = cards.get(delivery.id);
    if (old?.state === state) return old.node;
    const node = el("li.card", { "data-delivery": delivery.id, "data-state": delivery.state }, entry(delivery));
    cards.set(delivery.id, { state, node });
    return node;
  }

  function entry(delivery) {
    const { id, event, session, state, attempts, lastStatus, lastError, dueAt, url, createdAt } = delivery;
    const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
    return [
      el("h3", {}, event, el("span", { className: `badge ${TONES[state]}` }, STATES[state])),
      el("p.detail", {}, `${session} · `, el("time", { dateTime: createdAt, title: fullTime(createdAt) }, clockTime(createdAt)), ` · ${tries}`, lastStatus && ` · status ${lastStatus}`),
      el("p.detail.url", {}, url),
      lastError && el("p.problem", {}, lastError),
      dueAt && state === "waiting" && attempts > 0 && el("p.detail", {}, `tried again at ${fullTime(dueAt)}`),
      el("details", { ontoggle: ({ currentTarget }) => body(currentTarget, id) }, el("summary", {}, "Body"), el("pre", { tabIndex: 0, "aria-label": "Body of the delivery" })),
      state === "dead" && el("div.row", {}, button("", { onclick: () => attempt(post(`/_sandbox/deliveries/${id}/replay`).then(refresh)) }, "Replay")),
    ];
  }

  async function body(details, id) {
    if (!details.open) return;
    await attempt(get(`/_sandbox/deliveries/${id}`).then((delivery) => {
      details.querySelector("pre").textContent = pretty(delivery.body);
    }));
  }

  /** Looks again when the next of those that wait is due, as long as somebody looks at this tab. */
  function again(deliveries) {
    clearTimeout(look);
    const due = deliveries.filter(({ state, dueAt }) => state === "waiting" && dueAt).map(({ dueAt }) => new Date(dueAt) - now());
    if (due.length === 0) return;
    const wait = Math.min(Math.max(Math.min(...due) + 200, LOOK.soonest), LOOK.latest);
    look = setTimeout(() => byId("deliveries").offsetParent && attempt(refresh()), wait);
  }

  filter.addEventListener("change", () => {
    wanted = PAGE;
    attempt(refresh());
  });
  more.addEventListener("click", () => {
    wanted += PAGE;
    attempt(refresh());
  });
  byId("replay-all").addEventListener("click", () => {
    const work = post("/_sandbox/deliveries/replay", {});
    attempt(work.then(({ changed }) => tell(changed === 1 ? "One delivery is tried again." : `${changed} deliveries are tried again.`)).then(refresh));
  });

  // Deliveries follow events of every kind, a moment later.
  return { refresh, concerns: () => true, delay: 400 };
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
