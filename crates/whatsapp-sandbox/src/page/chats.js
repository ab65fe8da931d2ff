// The chats of an account, the latest first.

import { get, of } from "./api.js";
import { button, byId, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { rove } from "./lists.js";
import { attempt } from "./notices.js";
import { avatar, nameOf } from "./people.js";
import { when } from "./time.js";
import { ticks } from "./message.js";

const PAGE = 60;
const MOST = 500;
const KINDS = { image: "Photo", video: "Video", voice: "Voice message", file: "File", poll: "Poll", location: "Location", contact: "Contact" };

/** The list of chats. `choose` is called with the id of the one that is chosen; `loaded` whenever they were read. */
export function chatList({ choose, loaded }) {
  const list = byId("chats");
  const search = byId("search");
  const stop = rove(list, "button.chat");
  const nodes = new Map();
  let account = null;
  let chats = [];
  let wanted = PAGE;
  let shown = null;
  let refreshing = null;
  let stale = false;

  async function load() {
    const owner = account;
    const limit = search.value ? MOST : wanted;
    const read = await get(`${of(owner, "/chats")}?limit=${limit}`);
    if (owner !== account) return;
    chats = read;
    render(read.length === limit && limit < MOST);
    loaded();
  }

  /** Reads the chats again; while that is under way, once more afterwards. */
  function refresh() {
    if (!account) return Promise.resolve();
    stale = true;
    refreshing ??= attempt(
      (async () => {
        while (stale) {
          stale = false;
          await load();
        }
      })(),
    ).finally(() => (refreshing = null));
    return refreshing;
  }

  function render(isPart) {
    const sought = search.value.trim().toLowerCase();
    const found = chats.filter((chat) => matches(chat, sought));
    const items = found.map(node);
    if (isPart && !sought) items.push(el("li", {}, button(".more", { onclick: more }, "Show older chats")));
    // Only what has changed its place is moved, so that the focus and the scrolled place stay.
    items.forEach((item, index) => {
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
    while (list.children.length > items.length) list.lastElementChild.remove();
    byId("no-chats").hidden = items.length > 0;
    byId("no-chats").textContent = sought ? "No chat matches." : "No chats yet.";
    stop();
  }

  function more() {
    wanted = Math.min(wanted + PAGE, MOST);
    refresh();
  }

  /** The item of a chat: the one that is there, unless something has changed. */
  function node(chat) {
    const state = JSON.stringify([chat, chat.chatId === shown, when(chat.lastMessage?.timestamp ?? 0)]);
    const old = nodes.get(chat.chatId);
    if (old?.state === state) return old.item;
    const item = old?.item ?? el("li");
    const hadFocus = item.contains(document.activeElement);
    fill(item, entry(chat));
    if (hadFocus) item.firstElementChild.focus();
    nodes.set(chat.chatId, { item, state });
    return item;
  }

  function entry(chat) {
    const { lastMessage: last, unread } = chat;
    return button(
      ".chat",
      {
        tabIndex: -1,
        "data-chat": chat.chatId,
        "aria-current": chat.chatId === shown ? "true" : null,
        onclick: () => choose(chat.chatId),
      },
      avatar(chat.name, chat.pictureUrl, chat.chatId),
      el("span.name", {}, kindIcon(chat.kind), el("span.text", {}, chat.name)),
      last && el("time", { dateTime: last.timestamp }, when(last.timestamp)),
      el("span.last", {}, preview(chat)),
      unread > 0 && el("span.unread", {}, String(unread), el("span.unseen", {}, " unread")),
    );
  }

  search.addEventListener("input", refresh);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.querySelector("button.chat")?.focus();
  });

  return {
    refresh,
    /** Shows the chats of an account. */
    open(owner) {
      account = owner;
      chats = [];
      wanted = PAGE;
      nodes.clear();
      fill(list);
      return refresh();
    },
    /** Marks the chat that is open. */
    show(chatId) {
      shown = chatId;
      render(false);
    },
    find: (chatId) => chats.find((chat) => chat.chatId === chatId),
    /** A chat that may be further down than was read; null if the account does not have it. */
    async seek(chatId) {
      const owner = account;
      for (let offset = 0; ; offset += MOST) {
        const page = await get(`${of(owner, "/chats")}?limit=${MOST}&offset=${offset}`);
        const found = page.find((chat) => chat.chatId === chatId);
        if (found || page.length < MOST) return found ?? null;
      }
    },
    focus: () => list.querySelector('button.chat[tabindex="0"]')?.focus(),
  };
}

const matches = (chat, sought) =>
  [chat.name, chat.chatId, chat.lastMessage?.text ?? ""].some((text) => text.toLowerCase().includes(sought));

const kindIcon = (kind) => ({ group: icon("group"), channel: icon("pulse"), status: icon("clock") })[kind];

function preview(chat) {
  const { presence, lastMessage: last } = chat;
  if (presence.doing) return el("em.doing", {}, presence.doing === "recording" ? "recording…" : "typing…");
  if (!last) return "";
  if (last.type === "revoked") return el("em", {}, "This message was deleted");
  const who = last.fromMe ? ticks(last.status) : chat.kind === "group" && `${nameOf(last.from)}: `;
  // The summary of a file without a caption is its kind in brackets.
  const text = /^\[\w+\]$/.test(last.text) ? KINDS[last.type] ?? last.text : last.text;
  return [who, KINDS[last.type] && text !== KINDS[last.type] ? `${KINDS[last.type]} · ${text}` : text];
}
