// What stands above the messages: whose chat it is, and what the other side is doing.

import { byId, fill } from "./dom.js";
import { avatar, phoneOf } from "./people.js";
import { when } from "./time.js";

/** Shows the chat's name, picture, presence and what is unread. `kind` has its group or channel, where it is one. */
export function showHead(account, chat, kind) {
  byId("chat-name").textContent = chat.name;
  fill(byId("chat-picture"), avatar(chat.name, chat.pictureUrl, chat.chatId));
  byId("chat-presence").textContent = presence(account, chat, kind);
  byId("chat-presence").classList.toggle("doing", Boolean(chat.presence.doing));
  const unread = byId("mark-read");
  unread.hidden = chat.unread === 0;
  unread.textContent = `Mark ${chat.unread} as read`;
}

function presence(account, chat, { group, channel }) {
  const { doing, available, lastSeen } = chat.presence;
  if (doing) return doing === "recording" ? "recording…" : "typing…";
  if (group) return group.participants.map(({ jid, name }) => (jid === account.jid ? "you" : name)).join(", ");
  if (channel) return `${channel.followers} followers`;
  if (available) return "online";
  return lastSeen ? `last seen ${when(lastSeen)}` : phoneOf(chat.chatId);
}
