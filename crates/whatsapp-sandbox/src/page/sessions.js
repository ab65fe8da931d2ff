// The sessions, and the phone that links them.

import { at, get, local, post } from "./api.js";
import { button, byId, el, fill } from "./dom.js";
import { attempt, tell } from "./notices.js";
import { span, when } from "./time.js";

const STATES = {
  new: "new",
  pairing: "waits for a phone",
  connecting: "connecting",
  connected: "connected",
  manual_stop: "stopped",
  qr_timeout: "nobody scanned",
  logged_out: "logged out",
  rejected: "rejected",
  passkey_required: "asked for a passkey",
  temporary_ban: "banned for a while",
  stream_error: "cut off",
};
const TONES = { connected: "good", pairing: "busy", connecting: "busy", new: "" };

/** The sessions. `accounts` gives the accounts that can scan. */
export function sessionPanel({ accounts }) {
  const list = byId("session-list");
  const cards = new Map();

  async function refresh() {
    const sessions = await get("/_sandbox/sessions");
    for (const name of [...cards.keys()]) {
      if (!sessions.some((session) => session.name === name)) cards.delete(name);
    }
    for (const session of sessions) {
      const old = cards.get(session.name);
      const state = JSON.stringify([{ ...session, secondsLeft: null }, accounts().length]);
      if (old?.state === state) {
        countdown(old.node, session);
        continue;
      }
      const focused = old?.node.contains(document.activeElement) ? document.activeElement.id : null;
      const node = card(session);
      cards.set(session.name, { state, node });
      if (focused) queueMicrotask(() => byId(focused)?.focus());
    }
    fill(list, sessions.map(({ name }) => cards.get(name).node), sessions.length === 0 && el("p.empty", {}, "There is no session."));
  }

  const card = (session) => {
    const { name, state, account, synced } = session;
    const node = el(
      "article.session",
      { "aria-label": `Session ${name}`, "data-session": name },
      el("h3", {}, name, el("span", { className: `badge ${TONES[state] ?? "bad"}` }, STATES[state] ?? state)),
      el("p.detail", {}, account ? `${account.pushName}, ${account.phoneNumber}` : "linked to no account", ` · since ${when(session.updatedAt)}`, synced < 100 && ` · ${synced} % of the history`),
      state === "pairing" && pairing(session),
      actions(session),
    );
    countdown(node, session);
    return node;
  };

  function pairing(session) {
    const { name, pairingCode, pairingPhoneNumber } = session;
    return [
      session.qr && scan(session),
      el(
        "form.code",
        { onsubmit: (event) => enter(event, name) },
        el("label", {}, "Pairing code ", el("input", { id: `code-${name}`, name: "code", required: true, autocomplete: "off", maxLength: 32 })),
        button("", { type: "submit" }, "Type on the phone"),
      ),
      pairingCode && el("p.hint", {}, "The agent was given ", el("code.pairing-code", {}, pairingCode), ` for ${pairingPhoneNumber}.`),
    ];
  }

  function scan(session) {
    const { name } = session;
    const options = accounts().map(({ phoneNumber, name: who }) => el("option", { value: phoneNumber }, `${who}, ${phoneNumber}`));
    const picture = el("img.qr", { alt: `QR code of session ${name}`, width: 180, height: 180 });
    attempt(draw(picture, local(session.qrPngUrl)));
    return el(
      "form.scan",
      { onsubmit: (event) => scanned(event, name) },
      picture,
      el(
        "div.stack",
        {},
        el("label", {}, "Scan as ", el("select", { id: `phone-${name}`, name: "phone" }, el("option", { value: "" }, "any free phone"), options)),
        button(".primary", { type: "submit" }, "Scan"),
      ),
    );
  }

  function scanned(event, name) {
    event.preventDefault();
    const phoneNumber = new FormData(event.target).get("phone");
    const work = post(at`/_sandbox/sessions/${name}/scan`, phoneNumber ? { phoneNumber } : {});
    attempt(work.then((account) => tell(`${account.pushName} has linked session ${name}.`)).then(refresh));
  }

  function enter(event, name) {
    event.preventDefault();
    const code = new FormData(event.target).get("code");
    const work = post(at`/_sandbox/sessions/${name}/enter-code`, { code });
    attempt(work.then((account) => tell(`${account.pushName} has linked session ${name}.`)).then(refresh));
  }

  function actions({ name, state }) {
    const act = (label, what, body, id) =>
      button("", { id: `${id}-${name}`, onclick: () => attempt(post(at`/_sandbox/sessions/${name}/${what}`, body).then(refresh)) }, label);
    if (state === "pairing") {
      return el("div.row", {}, act("Reject", "reject", {}, "reject"), act("Ask for a passkey", "reject", { reason: "passkey" }, "passkey"));
    }
    return el(
      "div.row",
      {},
      state === "connected" && act("Cut off for 30 s", "disconnect", { seconds: 30 }, "cut"),
      state === "connected" && act("Cut off", "disconnect", {}, "cut-off"),
      ["connected", "connecting", "temporary_ban", "stream_error", "manual_stop"].includes(state) && act("Unlink", "unlink", undefined, "unlink"),
    );
  }

  return { refresh, concerns: ({ kind }) => ["session_status", "session_qr", "contact", "restricted"].includes(kind) };
}

/** Says how long the state or the code lasts. */
function countdown(node, { secondsLeft, state }) {
  const old = node.querySelector(".left");
  old?.remove();
  if (secondsLeft === null) return;
  const text = state === "pairing" ? `the code changes in ${span(secondsLeft)}` : `ends in ${span(secondsLeft)}`;
  node.querySelector(".detail").append(el("span.left", {}, ` · ${text}`));
}

/** Shows a picture as it is now, whatever the browser has kept under its address. */
async function draw(image, address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return;
  const url = URL.createObjectURL(await answer.blob());
  image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
  image.src = url;
}
