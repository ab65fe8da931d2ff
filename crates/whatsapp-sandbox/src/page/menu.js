// The menu of a message.

import { at, of, post, put, remove } from "./api.js";
import { aboutMessage } from "./about.js";
import { ask } from "./dialogs.js";
import { button, byId, el, fill } from "./dom.js";
import { rove } from "./lists.js";
import { attempt } from "./notices.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const GAP = 6;

/** The menu. `reply` and `edit` go on in the composer; `mayDelete` says whether others' messages can be deleted. */
export function messageMenu({ reply, edit, mayDelete }) {
  const menu = byId("menu");
  rove(menu, '[role="menuitem"]');
  let owner = null;
  // The side keys go along the emoji; up and down through all.
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
    if (step) event.target[step]?.focus();
    if (event.key === "Tab") menu.hidePopover();
  });
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && (document.activeElement === document.body || menu.contains(document.activeElement))) owner?.focus();
  });

  /** Opens the menu of a message at an element. */
  return (account, chat, message, node, anchor) => {
    owner = node;
    const path = of(account, at`/chats/${chat.chatId}/messages/${message.id}`);
    const item = (label, work) => {
      const run = () => {
        menu.hidePopover();
        work();
      };
      return button("", { role: "menuitem", tabIndex: -1, onclick: run }, label);
    };
    fill(menu, items({ account, chat, message, path, item, reply, edit, mayDelete }));
    menu.showPopover();
    position(menu, anchor.getBoundingClientRect());
    menu.querySelector('[role="menuitem"]').focus();
  };
}

function items({ account, chat, message, path, item, reply, edit, mayDelete }) {
  const about = item("About this message", () => aboutMessage(account, chat, message));
  const forMe = item("Delete for me", () => attempt(remove(`${path}/copy`)));
  if (message.type === "revoked") return [forMe, about];
  const mine = message.reactions.find(({ by }) => by === account.jid)?.reaction;
  const react = (reaction) => attempt(put(`${path}/reaction`, { reaction }));
  const emoji = EMOJI.map((each) => {
    const choice = item(each, () => react(each === mine ? "" : each));
    choice.setAttribute("aria-label", each === mine ? `Take back ${each}` : `React with ${each}`);
    choice.classList.toggle("chosen", each === mine);
    return choice;
  });
  const editable = message.fromMe && ["text", "image", "video", "file"].includes(message.type);
  const playable = message.type === "voice" && !message.fromMe;
  const seen = of(account, at`/chats/${chat.chatId}/seen`);
  return [
    el("div.emoji", { role: "group", "aria-label": "React" }, emoji),
    mine && !EMOJI.includes(mine) && item(`Take back ${mine}`, () => react("")),
    item("Reply", () => reply(message)),
    playable && item("Mark as played", () => attempt(post(seen, { messageIds: [message.id], played: true }))),
    item(message.starred ? "Remove star" : "Star", () => attempt(put(`${path}/star`, { starred: !message.starred }))),
    editable && item("Edit", () => edit(message)),
    forMe,
    (message.fromMe || mayDelete()) && item("Delete for everyone…", () => revoke(message, path)),
    about,
  ];
}

async function revoke(message, path) {
  const body = el("p", {}, `“${message.text.slice(0, 120)}” is taken back from everyone who has it.`);
  if (await ask({ title: "Delete this message?", body, confirm: "Delete", danger: true })) await attempt(remove(path));
}

/** Below the anchor, or above it where there is more room; never outside the window. */
function position(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height > innerHeight ? Math.max(GAP, anchor.top - height - GAP) : below;
  menu.style.top = `${Math.min(top, Math.max(GAP, innerHeight - height - GAP))}px`;
  menu.style.left = `${Math.min(Math.max(GAP, anchor.left), Math.max(GAP, innerWidth - width - GAP))}px`;
}
