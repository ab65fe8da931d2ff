// One message as a bubble.

import { content } from "./content.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { hue, nameOf } from "./people.js";
import { clockTime, dayKey, dayName, fullTime } from "./time.js";

const STATUS = { pending: "pending", sent: "sent", delivered: "delivered", read: "read", played: "played" };

/** The sign of how far a message has come. */
export function ticks(status) {
  const drawing = status === "read" || status === "played" ? "delivered" : status;
  return el("span", { className: `ticks ${status}`, role: "img", "aria-label": STATUS[status], title: STATUS[status] }, icon(drawing));
}

/**
 * The item of a message. `chat` is the chat that it is in, `menu` opens its menu at an element, `about` tells more of it,
 * and `quoted` gives the message that it replies to, now or later.
 */
export function bubble({ account, chat, message, menu, about, quoted }) {
  const { fromMe, type } = message;
  const item = el("li", {
    className: `message ${fromMe ? "mine" : "theirs"}`,
    "data-type": type,
    tabIndex: -1,
    "aria-label": label(message),
    "data-id": message.id,
    onkeydown: (event) => {
      if (event.target !== item || !["Enter", "ContextMenu"].includes(event.key)) return;
      event.preventDefault();
      menu(item);
    },
    oncontextmenu: (event) => {
      if (event.target.closest("a, audio, video") || String(getSelection())) return;
      event.preventDefault();
      menu(item);
    },
  });
  const shows = chat.kind !== "direct" && !fromMe;
  item.append(
    el(
      "div.bubble",
      {},
      shows && el("p", { className: `from hue-${hue(message.from)}` }, message.fromName),
      message.isForwarded && el("p.mark", {}, "Forwarded"),
      message.quotedMessageId && quote(quoted(message.quotedMessageId)),
      content(account, message),
      foot(message, about),
      button(".actions.quiet.icon", { tabIndex: -1, "aria-label": "Actions", onclick: ({ currentTarget }) => menu(item, currentTarget) }, icon("more")),
    ),
  );
  if (message.reactions.length > 0) item.append(reactions(message, account));
  return item;
}

function foot(message, about) {
  const { timestamp, status, fromMe, editedAt, starred, type } = message;
  return el(
    "p.foot",
    {},
    starred && el("span", { role: "img", "aria-label": "starred", title: "Starred" }, icon("star")),
    editedAt && type !== "revoked" && el("span", { title: fullTime(editedAt) }, "edited"),
    el("time", { dateTime: timestamp, title: fullTime(timestamp) }, clockTime(timestamp)),
    fromMe && type !== "revoked" &&
      button(".receipts", { tabIndex: -1, title: "Who has it", "aria-label": `Receipts: ${STATUS[status]}`, onclick: about }, ticks(status)),
  );
}

function quote(found) {
  const box = el("blockquote", {}, el("p", {}, "…"));
  Promise.resolve(found).then(
    (message) => box.replaceChildren(el("p.from", {}, message.fromMe ? "You" : message.fromName), el("p", {}, message.text)),
    () => box.replaceChildren(el("p", {}, "A message that this account does not have")),
  );
  return box;
}

function reactions({ reactions }, account) {
  return el(
    "ul.reactions",
    { "aria-label": "Reactions" },
    [...grouped(reactions)].map(([emoji, all]) => {
      const names = all.map(({ by: jid }) => (jid === account.jid ? "You" : nameOf(jid))).join(", ");
      return el("li", { title: names }, emoji, all.length > 1 && ` ${all.length}`, el("span.unseen", {}, ` by ${names}`));
    }),
  );
}

function grouped(reactions) {
  const groups = new Map();
  for (const each of reactions) groups.set(each.reaction, [...(groups.get(each.reaction) ?? []), each]);
  return groups;
}

/** What the item is called for those who hear it. */
function label(message) {
  const who = message.fromMe ? "You" : message.fromName;
  const status = message.fromMe && message.type !== "revoked" ? `, ${STATUS[message.status]}` : "";
  const what = message.type === "text" ? message.text : `${message.type}: ${message.text}`;
  return `${who}, ${clockTime(message.timestamp)}${status}: ${message.type === "revoked" ? "deleted" : what}`;
}

/** Says to an item what comes before it: the day is named where it begins, a sender where another one spoke before. */
export function settle(item, message, previous) {
  const isNewDay = !previous || dayKey(previous.timestamp) !== dayKey(message.timestamp);
  item.classList.toggle("follows", !isNewDay && previous.from === message.from);
  const day = item.querySelector(":scope > .day");
  day?.remove();
  if (isNewDay) item.prepend(el("p.day", {}, dayName(message.timestamp)));
}
