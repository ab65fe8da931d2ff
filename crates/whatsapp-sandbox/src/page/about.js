// More about a message or a chat, in a dialog.

import { at, get, of, post, put, remove } from "./api.js";
import { ask } from "./dialogs.js";
import { button, byId, el } from "./dom.js";
import { attempt, tell } from "./notices.js";
import { nameOf, phoneOf } from "./people.js";
import { fullTime } from "./time.js";

/** Who has a message, and since when. */
export async function aboutMessage(account, chat, { id }) {
  await attempt(
    get(of(account, at`/chats/${chat.chatId}/messages/${id}`)).then((message) =>
      ask({ title: "About this message", body: [facts(message), receipts(message)] }),
    ),
  );
}

function facts(message) {
  const rows = [
    ["From", `${message.fromMe ? "You" : message.fromName}, ${phoneOf(message.from)}`],
    ["Sent", fullTime(message.timestamp)],
    message.editedAt && ["Edited", fullTime(message.editedAt)],
    ["Type", message.type],
    message.fromMe && ["Status", message.status],
    ["Id", el("code", {}, message.id)],
    message.mentions.length > 0 && ["Mentions", message.mentions.map(nameOf).join(", ")],
    message.media && ["File", el("span", {}, el("code", {}, message.media.id), ` ${message.media.mimeType}`)],
  ];
  return list(rows.filter(Boolean));
}

function receipts({ fromMe, receipts }) {
  if (!fromMe || receipts.length === 0) return null;
  const time = (instant) => el("td", {}, instant ? fullTime(instant) : "–");
  const plays = receipts.some((receipt) => receipt.playedAt);
  return el(
    "div.scroll",
    {},
    el(
      "table",
      {},
      el("caption", {}, "Receipts"),
      el("thead", {}, el("tr", {}, ["To", "Delivered", "Read", plays && "Played"].filter(Boolean).map((name) => el("th", { scope: "col" }, name)))),
      el(
        "tbody",
        {},
        receipts.map((receipt) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, nameOf(receipt.to)),
            time(receipt.deliveredAt),
            time(receipt.readAt),
            plays && time(receipt.playedAt),
          ),
        ),
      ),
    ),
  );
}

const list = (rows) => el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

/** What a chat is, and what the account can do about it. */
export function aboutChat(account, chat, { group, channel }) {
  if (group) return aboutGroup(account, group);
  if (channel) return aboutChannel(account, channel);
  return ask({ title: chat.name, body: list([["Chat", el("code", {}, chat.chatId)], ["Kind", chat.kind]]) });
}

async function aboutGroup(account, group) {
  const path = of(account, at`/groups/${group.id}`);
  const rows = [
    group.description && ["About", group.description],
    ["Group", el("code", {}, group.id)],
    group.announce && ["Writing", "only admins"],
    group.inviteCode && ["Invite code", el("code", { id: "invite-code" }, group.inviteCode)],
  ];
  const members = el(
    "ul.members",
    {},
    group.participants.map(({ jid, name, rank }) =>
      el("li", {}, el("span.name", {}, jid === account.jid ? `${name} (you)` : name), el("span.detail", {}, phoneOf(jid)), rank !== "member" && el("span.chip", {}, rank)),
    ),
  );
  const revoke = button("", { onclick: () => close(post(`${path}/invite/revoke`), "The old invite code leads nowhere now.") }, "New invite code");
  const leave = button(".danger", { onclick: () => close(post(`${path}/leave`), `${account.name} has left ${group.name}.`) }, "Leave group");
  const count = el("h3", {}, `${group.participants.length} members`);
  await ask({ title: group.name, body: [list(rows.filter(Boolean)), count, members, el("div.row", {}, group.inviteCode && revoke, leave)] });
}

async function aboutChannel(account, channel) {
  const rows = [
    channel.description && ["About", channel.description],
    ["Channel", el("code", {}, channel.id)],
    ["Owner", nameOf(channel.owner)],
    ["Followers", String(channel.followers)],
    ["You", channel.role],
  ];
  const path = of(account, at`/channels/${channel.id}/follower`);
  const leave = button(".danger", { onclick: () => close(remove(path), `${account.name} does not follow ${channel.name} any more.`) }, "Stop following");
  const mute = button("", { onclick: () => close(put(path, { muted: !channel.muted }), channel.muted ? "Unmuted." : "Muted.") }, channel.muted ? "Unmute" : "Mute");
  await ask({ title: channel.name, body: [list(rows.filter(Boolean)), channel.role === "follower" && el("div.row", {}, mute, leave)] });
}

/** Waits for work, says that it was done, and closes the dialog. */
async function close(work, done) {
  byId("dialog").close();
  if (await attempt(work)) tell(done);
}
