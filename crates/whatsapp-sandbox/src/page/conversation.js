// The messages of the open chat. They come by pages, the latest first; what happens to one changes only its item.

import { at, get, of, post } from "./api.js";
import { aboutMessage } from "./about.js";
import { byId, fill } from "./dom.js";
import { icon } from "./icons.js";
import { rove } from "./lists.js";
import { bubble, settle } from "./message.js";
import { attempt, say } from "./notices.js";

const PAGE = 50;
/** More changes at once than this are read as a page. */
const MANY = 20;
/** The most items in the document while one looks at the newest. */
const MOST = 400;
/** How near to the end one looks at the newest, and how near to the beginning older ones are read: pixels. */
const NEAR = { end: 80, beginning: 600 };
const GATHER = 60;

/** The open conversation. `menu` opens the menu of a message at an element. */
export function conversation({ menu }) {
  const log = byId("log");
  const newest = byId("newest");
  const stop = rove(log, "li.message");
  /** Messages that are shown, by id, in their order. */
  let shown = new Map();
  let open = null;
  let changed = new Set();
  let gathering = null;
  let flushed = Promise.resolve();

  const path = (rest = "") => of(open.account, at`/chats/${open.chat.chatId}/messages`) + rest;
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR.end;
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    newest.hidden = true;
  };

  function item(message) {
    const view = open;
    return bubble({
      account: view.account,
      chat: view.chat,
      message,
      menu: (node, anchor) => menu(message, node, anchor ?? node.querySelector(".bubble")),
      about: () => aboutMessage(view.account, view.chat, message),
      quoted: (id) => shown.get(id)?.message ?? get(path(at`/${id}`)),
    });
  }

  /** Shows the latest messages. */
  async function load() {
    const view = open;
    view.complete = true;
    view.hasGap = false;
    const page = await get(path(`?limit=${PAGE}`));
    if (view !== open) return;
    shown = new Map(page.map((message) => [message.id, { message, node: item(message) }]));
    view.complete = page.length < PAGE;
    settleAll();
    fill(log, [...shown.values()].map(({ node }) => node));
    toEnd();
    stop([...log.children].at(-1));
  }

  /** Puts right what depends on the present day and on an item's neighbour. */
  function settleAll() {
    let previous = null;
    for (const { message, node } of shown.values()) {
      settle(node, message, previous);
      previous = message;
    }
  }

  /** Reads the page before the oldest message that is shown. */
  async function older() {
    const view = open;
    if (!view || view.complete || view.reading || shown.size === 0) return;
    view.reading = true;
    const [oldest] = shown.keys();
    const page = await get(path(`?limit=${PAGE}&before=${oldest}`)).finally(() => (view.reading = false));
    if (view !== open) return;
    view.complete = page.length < PAGE;
    const [first] = shown.values();
    const added = page.map((message) => [message.id, { message, node: item(message) }]);
    const before = log.scrollHeight;
    let previous = null;
    for (const [, { message, node }] of added) {
      settle(node, message, previous);
      previous = message;
    }
    if (previous) settle(first.node, first.message, previous);
    log.prepend(...added.map(([, { node }]) => node));
    shown = new Map([...added, ...shown]);
    log.scrollTop += log.scrollHeight - before;
  }

  /** Shows a message as it is now: in its place, or as the latest. */
  function place(message) {
    const old = shown.get(message.id);
    const node = item(message);
    if (old) {
      const focused = old.node.contains(document.activeElement);
      const { tabIndex } = old.node;
      settle(node, message, neighbour(old.node));
      old.node.replaceWith(node);
      node.tabIndex = tabIndex;
      if (focused) node.focus();
    } else {
      settle(node, message, [...shown.values()].at(-1)?.message);
      log.append(node);
      stop(node);
    }
    shown.set(message.id, { message, node });
    return !old;
  }

  const neighbour = (node) => shown.get(node.previousElementSibling?.dataset.id)?.message;

  /** Reads what has changed: message by message, or the latest page if it is much. */
  async function flush() {
    const view = open;
    const ids = [...changed];
    changed = new Set();
    if (!view) return;
    const messages = ids.length > MANY ? await get(path(`?limit=${PAGE}`)) : await Promise.all(ids.map(one));
    if (view !== open) return;
    const found = messages.filter(Boolean);
    const fresh = found.filter(({ id }) => !shown.has(id));
    const wasAtEnd = isAtEnd();
    // Between what is shown and a page that is new altogether something would be missing.
    view.hasGap ||= fresh.length === PAGE;
    if (view.hasGap && wasAtEnd) return load();
    // What is older than all that is shown is read when one scrolls there.
    const oldest = [...shown.values()][0]?.message.timestamp ?? "";
    for (const message of found) {
      if (!shown.has(message.id) && (view.hasGap || message.timestamp < oldest)) continue;
      if (place(message) && !message.fromMe) say(`${message.fromName}: ${message.text}`);
    }
    if (wasAtEnd) {
      trim();
      toEnd();
    } else if (fresh.length > 0) {
      newest.hidden = false;
    }
  }

  const one = (id) =>
    get(path(at`/${id}`)).catch((error) => {
      // The account has left the group in the meantime.
      if (error.status === 404) return null;
      throw error;
    });

  /** Forgets the oldest items, which are read again when one scrolls there. */
  function trim() {
    if (shown.size <= MOST) return;
    for (const [id, { node }] of [...shown].slice(0, shown.size - MOST / 2)) {
      node.remove();
      shown.delete(id);
    }
    open.complete = false;
    const [first] = shown.values();
    settle(first.node, first.message, null);
  }

  log.addEventListener("scroll", () => {
    if (log.scrollTop < NEAR.beginning) attempt(older());
    if (isAtEnd()) newest.hidden = true;
  });
  // A picture that has come makes its message higher, another size of the window all of them.
  log.addEventListener("load", () => open?.atEnd && toEnd(), true);
  new ResizeObserver(() => open?.atEnd && toEnd()).observe(log);
  log.addEventListener("scrollend", () => open && (open.atEnd = isAtEnd()));
  newest.prepend(icon("down"));
  newest.addEventListener("click", () => (open.hasGap ? attempt(load()) : toEnd()));

  return {
    /** Shows a chat of an account; `isNew` if nobody has written in it yet. */
    async open(account, chat, isNew = false) {
      open = { account, chat, complete: true, reading: false, hasGap: false, atEnd: true };
      shown = new Map();
      changed = new Set();
      fill(log);
      // The network knows no chat in which nobody has written.
      if (!isNew) await attempt(load());
    },
    close() {
      open = null;
      fill(log);
    },
    /** The account has deleted its copy of a message: what others close the gap with is read anew. */
    removed(id) {
      if (shown.has(id)) attempt(load());
    },
    /** Something has happened to messages of the chat. */
    touch(ids) {
      ids.forEach((id) => changed.add(id));
      gathering ??= setTimeout(() => {
        gathering = null;
        // One after the other, so that messages stay in their order.
        flushed = flushed.then(() => attempt(flush()));
      }, GATHER);
    },
    /** Another day may be today. */
    settle: settleAll,
    /** The account reads what has arrived. */
    read: () => attempt(post(of(open.account, at`/chats/${open.chat.chatId}/seen`), {})),
    latestOwn: () => [...shown.values()].map(({ message }) => message).findLast(({ fromMe }) => fromMe),
  };
}
