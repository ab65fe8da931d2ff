// What is broken on purpose.

import { at, get, post, remove } from "./api.js";
import { choice } from "./dialogs.js";
import { button, byId, el, fill } from "./dom.js";
import { attempt, say } from "./notices.js";
import { nameOf } from "./people.js";
import { fullTime } from "./time.js";

const NAMES = {
  http_error: "Requests fail",
  slow: "Requests are slow",
  temporary_ban: "Banned for a while",
  time_lock: "May write to nobody new",
  webhook_down: "Webhook is down",
};

/** The faults. `accounts` gives the accounts that can be restricted. */
export function faultPanel({ accounts }) {
  const form = byId("fault-form");
  const kind = byId("fault-kind");
  const list = byId("fault-list");

  async function refresh() {
    const faults = await get("/_sandbox/faults");
    fill(list, faults.map(card));
    byId("no-faults").hidden = faults.length > 0;
    byId("clear-faults").hidden = faults.length === 0;
  }

  const card = (fault) =>
    el(
      "li.card",
      { "data-fault": fault.id },
      el("h3", {}, NAMES[fault.kind] ?? fault.kind, el("span.badge.bad", {}, extent(fault))),
      el("p.detail", {}, facts(fault).join(" · ")),
      el("div.row", {}, button("", { "aria-label": `Clear ${fault.id}`, onclick: () => clear(fault) }, "Clear")),
    );

  async function clear(fault) {
    if (await attempt(remove(at`/_sandbox/faults/${fault.id}`))) say("The fault is cleared.");
    await attempt(refresh());
  }

  function fields() {
    fill(byId("fault-fields"), FIELDS[kind.value](accounts()));
  }

  async function set(event) {
    event.preventDefault();
    const values = [...new FormData(form)].filter(([, value]) => value !== "");
    const numbers = ["status", "seconds", "milliseconds", "requests", "retryAfterSeconds", "webhookId"];
    const body = Object.fromEntries(values.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
    if (await attempt(post("/_sandbox/faults", body))) say("The fault is set.");
    await attempt(refresh());
  }

  kind.addEventListener("change", fields);
  form.addEventListener("submit", set);
  byId("clear-faults").addEventListener("click", () => attempt(remove("/_sandbox/faults").then(refresh)));
  return {
    refresh() {
      if (byId("fault-fields").childElementCount === 0) fields();
      return refresh();
    },
    concerns: ({ kind }) => kind === "restricted" || kind === "state_replaced",
  };
}

const number = (label, name, properties) =>
  el("label.field", {}, label, el("input", { name, type: "number", min: 1, required: true, ...properties }));
const lasts = () => number("Seconds", "seconds", { value: 3600, max: 31_536_000 });
const who = (accounts) => choice("Account", { name: "account" }, accounts.map(({ jid, name }) => [jid, name]));
const which = () => [
  el("label.field", {}, "Operations", el("input", { name: "operation", placeholder: "all, or such as messages_*", pattern: "[a-z0-9_*]{1,100}" })),
  number("Requests", "requests", { required: false, placeholder: "until cleared", max: 1_000_000 }),
];

const FIELDS = {
  http_error: () => [
    choice("Status", { name: "status" }, [429, 500, 502, 503].map((status) => [status, status])),
    which(),
  ],
  slow: () => [number("Milliseconds", "milliseconds", { value: 2_000, max: 120_000 }), which()],
  temporary_ban: (accounts) => [who(accounts), lasts()],
  time_lock: (accounts) => [who(accounts), lasts()],
  webhook_down: () => [number("Webhook", "webhookId", { value: 1, min: 0 })],
};

function extent({ remaining, endsAt }) {
  if (remaining !== null) return remaining === 1 ? "1 request" : `${remaining} requests`;
  return endsAt ? "for a while" : "until cleared";
}

function facts({ account, webhookId, operation, status, milliseconds, retryAfterSeconds, endsAt }) {
  return [
    account && nameOf(account),
    webhookId !== null && `webhook ${webhookId}`,
    status && `status ${status}`,
    milliseconds && `${milliseconds} ms`,
    retryAfterSeconds !== null && `Retry-After ${retryAfterSeconds}`,
    status || milliseconds ? operation ?? "all operations" : null,
    endsAt && `until ${fullTime(endsAt)}`,
  ].filter(Boolean);
}
