// The page: puts its parts together, and tells them what happens.

import { aboutChat } from "./about.js";
import { accountList, switchPhone } from "./accounts.js";
import { activityPanel } from "./activity.js";
import { at, get, of } from "./api.js";
import { chatList } from "./chats.js";
import { clockPanel } from "./clock.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { deliveryPanel } from "./deliveries.js";
import { ask, prepare } from "./dialogs.js";
import { byId, el, fill } from "./dom.js";
import { faultPanel } from "./faults.js";
import { follow } from "./feed.js";
import { showHead } from "./head.js";
import { icon } from "./icons.js";
import { join, writeTo } from "./joining.js";
import { messageMenu } from "./menu.js";
import { attempt, sentence } from "./notices.js";
import { chatOf, isTold } from "./observers.js";
import { accountOf } from "./people.js";
import * as place from "./place.js";
import { sessionPanel } from "./sessions.js";
import { tools } from "./tools.js";

/** Events that tell of messages; others of the same chat change no bubble. */
const OF_MESSAGES = ["message", "message_arrived", "message_edited", "message_revoked", "reaction", "receipt", "poll_vote", "star"];
/** Events after which accounts look different. */
const OF_ACCOUNTS = ["session_status", "contact", "presence", "restricted"];
const KEYS = [
  ["/", "search the chats"],
  ["↑ ↓ Home End", "go through accounts, chats and messages"],
  ["Enter", "open a chat; open the menu of a message; send"],
  ["Shift+Enter", "a new line"],
  ["↑ in an empty message", "edit your latest message"],
  ["Esc", "close, cancel, or go back"],
];

let account = null;
let chat = null;
let group = null;
let channel = null;

const accounts = accountList({ choose: (chosen) => attempt(openAccount(chosen)) });
const chats = chatList({ choose: (id) => attempt(openChat(id)), loaded: chatsRead });
const writer = composer({ last: () => messages.latestOwn(), isOn: () => account.online });
const menu = messageMenu({ reply: writer.reply, edit: writer.edit, mayDelete: isAdmin });
const messages = conversation({ menu: (message, node, anchor) => menu(account, chat, message, node, anchor) });
const activity = activityPanel();
const clock = clockPanel({ moved: timeMoved });
const panels = {
  sessions: sessionPanel({ accounts: accounts.all }),
  deliveries: deliveryPanel(),
  faults: faultPanel({ accounts: accounts.all }),
  clock,
  activity,
};
const toolbox = tools(panels, { toggled: (isOpen) => view(isOpen ? "tools" : chat ? "conversation" : "chats") });

/** Which part a narrow window shows. */
function view(name) {
  document.body.dataset.view = name;
}

function isAdmin() {
  return group?.participants.some(({ jid, rank }) => jid === account.jid && rank !== "member") ?? false;
}

async function openAccount(chosen, chatId = null) {
  account = chosen;
  closeChat();
  accounts.show(account);
  showAccount();
  place.write(account.phoneNumber, chatId);
  view("chats");
  await chats.open(account);
  if (chatId) await openChat(chatId);
}

function showAccount() {
  byId("whose").textContent = account.name;
  const agents = account.sessions.length > 0 ? ` · agent: ${account.sessions.join(", ")}` : "";
  byId("whose-number").textContent = account.phoneNumber + agents;
  byId("power").setAttribute("aria-checked", String(account.online));
}

/** Opens a chat; one with somebody whom the account has never written to is not known to the network yet. */
async function openChat(chatId) {
  const owner = account;
  const known = chats.find(chatId) ?? (await chats.seek(chatId));
  if (owner !== account) return;
  // Groups and channels that the account is not in are not there for it.
  if (!known && !chatId.endsWith("@s.whatsapp.net")) return closeChat();
  chat = known ?? { chatId, kind: "direct", name: accountOf(chatId)?.name ?? chatId, presence: {}, unread: 0 };
  group = null;
  channel = null;
  chats.show(chatId);
  place.write(account.phoneNumber, chatId);
  byId("nothing-open").hidden = true;
  byId("open").hidden = false;
  view("conversation");
  showChat();
  writer.open(account, chat);
  await Promise.all([messages.open(account, chat, !known), readKind()]);
}

/** Reads what a group or channel lets the account do. */
async function readKind() {
  const { chatId, kind } = chat;
  const path = { group: at`/groups/${chatId}`, channel: "/channels" }[kind];
  if (!path) return;
  const read = await get(of(account, path));
  if (chat?.chatId !== chatId) return;
  if (kind === "group") group = read;
  else channel = read.find(({ id }) => id === chatId) ?? null;
  showChat();
  writer.allow(cannotWrite());
}

function cannotWrite() {
  if (channel && channel.role !== "owner") return "Only the owner posts in this channel.";
  return group?.announce && !isAdmin() ? "Only admins write in this group." : null;
}

function closeChat() {
  chat = null;
  chats.show(null);
  messages.close();
  byId("open").hidden = true;
  byId("nothing-open").hidden = false;
}

function showChat() {
  showHead(account, chat, { group, channel });
}

function timeMoved() {
  messages.settle();
  chats.refresh();
}

/** The chats of the account were read: the open one may have changed, or be gone. */
function chatsRead() {
  const now = chat && chats.find(chat.chatId);
  if (!now) return;
  chat = now;
  showChat();
}

/** Reads everything again: the time, or all that the network holds, is another one. */
async function reload() {
  await clock.read();
  const all = await accounts.load();
  const wanted = account ?? accounts.find(place.read().account);
  const chosen = (wanted && accounts.find(wanted.jid)) ?? all[0];
  if (!chosen) {
    account = null;
    closeChat();
    fill(byId("chats"));
    return;
  }
  const chatId = chat?.chatId ?? (chosen.phoneNumber === place.read().account ? place.read().chat : null);
  const current = document.body.dataset.view;
  await openAccount(chosen, chatId);
  if (account && current !== "chats") view(current);
  toolbox.refresh();
}

let readingAccounts = null;

/** Reads the accounts again, a moment later. */
function touchAccounts() {
  readingAccounts ??= setTimeout(async () => {
    readingAccounts = null;
    await attempt(accounts.load().then(() => {
      account = accounts.find(account?.jid) ?? account;
      if (account) showAccount();
    }));
  }, 200);
}

function happened(event) {
  activity.add(event);
  if (event.kind === "state_replaced") {
    closeChat();
    attempt(reload());
    return;
  }
  toolbox.event(event);
  clock.hear(event.at);
  if (OF_ACCOUNTS.includes(event.kind)) touchAccounts();
  if (!account) return;
  const chatId = chatOf(account, event);
  if (!chatId) return;
  chats.refresh();
  if (chatId !== chat?.chatId) return;
  const id = event.body.message_id ?? event.body.message?.id;
  if (event.kind === "message_removed" && isTold(account, event)) messages.removed(id);
  if (id && isTold(account, event) && OF_MESSAGES.includes(event.kind)) messages.touch([id]);
  if (["group_changed", "participants_changed", "channel_changed"].includes(event.kind)) attempt(membershipChanged());
}

async function membershipChanged() {
  const { chatId } = chat;
  await chats.refresh();
  if (chat?.chatId !== chatId) return;
  if (chats.find(chatId)) await readKind();
  else closeChat();
}

function listenToControls() {
  byId("power").addEventListener("click", () => {
    if (account) attempt(switchPhone(account, !account.online).then(touchAccounts));
  });
  byId("new-chat").append(icon("chat"));
  byId("new-chat").addEventListener("click", () => {
    if (account) writeTo(account, async (id) => {
      await attempt(openChat(id));
      writer.focus();
    });
  });
  byId("join").append(icon("link"));
  byId("join").addEventListener("click", () => {
    if (account) join(account, async (id) => {
      await chats.refresh();
      await openChat(id);
    });
  });
  byId("mark-read").addEventListener("click", () => messages.read());
  byId("chat-info").append(icon("info"));
  byId("chat-info").addEventListener("click", () => aboutChat(account, chat, { group, channel }));
  byId("to-accounts").append(icon("back"));
  byId("to-accounts").addEventListener("click", () => view("accounts"));
  byId("to-chats").append(icon("back"));
  byId("to-chats").addEventListener("click", () => view("chats"));
  byId("accounts").addEventListener("click", () => view("chats"));
  byId("help").addEventListener("click", () => {
    ask({ title: "Keys", body: el("dl.keys", {}, KEYS.map(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])) });
  });
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
    const writes = event.target.matches("input, textarea, select");
    if (event.key === "/" && !writes) {
      event.preventDefault();
      view("chats");
      byId("search").focus();
    } else if (event.key === "Escape") {
      back(event.target);
    }
  });
}

/** One step back: from the message to the chats, from the search to the list. */
function back(from) {
  if (byId("conversation").contains(from)) {
    view("chats");
    chats.focus();
  } else if (byId("tools").contains(from)) {
    toolbox.close();
  } else if (from === byId("search")) {
    from.value = "";
    chats.refresh();
    chats.focus();
  }
}

function connection(state, text) {
  byId("connection").dataset.state = state;
  byId("connection").textContent = text;
}

prepare();
listenToControls();
listenToKeys();
if (matchMedia("(min-width: 1400px)").matches) toolbox.open(true);
follow({
  async open() {
    connection("live", "Live");
    await attempt(reload());
    document.body.dataset.ready = "yes";
  },
  event: happened,
  lost(error) {
    connection("lost", "Connection lost, trying again…");
    console.info(sentence(`the live events have ended: ${error.message}`));
  },
});
