// Dialogs that lead to a chat which the account has not got yet.

import { at, of, post, put } from "./api.js";
import { ask, field } from "./dialogs.js";
import { attempt, tell } from "./notices.js";

/** Asks for a phone number, and opens the chat with it. */
export async function writeTo(account, open) {
  const values = await ask({
    title: `Write to somebody as ${account.name}`,
    body: [field("Phone number", { name: "phone", type: "tel", placeholder: "+12025550199" })],
    confirm: "Open chat",
  });
  if (!values) return;
  const digits = values.phone.replace(/\D/g, "");
  await open(`${digits}@s.whatsapp.net`);
}

/** Asks for a group's invite or a channel's id, joins it, and opens it. */
export async function join(account, open) {
  const values = await ask({
    title: `Join as ${account.name}`,
    body: [field("Invite code or link of a group, or id of a channel", { name: "code", maxLength: 200 })],
    confirm: "Join",
  });
  if (!values) return;
  const code = values.code.trim();
  const isChannel = code.endsWith("@newsletter");
  const joining = isChannel
    ? put(of(account, at`/channels/${code}/follower`), {})
    : post(of(account, "/groups/join"), { code });
  await attempt(joining.then(async ({ id, name }) => {
    tell(`${account.name} ${isChannel ? "follows" : "is in"} ${name} now.`);
    await open(id);
  }));
}
