// Who is behind a JID, and how people are shown.

import { el } from "./dom.js";
import { local } from "./api.js";

const HUES = 6;
const known = new Map();

/** Remembers the accounts of the network. */
export function remember(accounts) {
  known.clear();
  for (const account of accounts) {
    known.set(account.jid, account);
    known.set(account.lid, account);
  }
}

/** The account with this JID. */
export const accountOf = (jid) => known.get(jid);

/** The name that somebody shows to others; the number of who is not known. */
export const nameOf = (jid) => known.get(jid)?.name ?? phoneOf(jid);

/** The phone number in a JID, or the JID. */
export const phoneOf = (jid) => jid.replace(/^(\d+)@(s\.whatsapp\.net|c\.us)$/, "+$1");

/** A picture, or else initials on a colour of their own. */
export function avatar(name, pictureUrl, key = name) {
  if (pictureUrl) return el("img.avatar", { src: local(pictureUrl), alt: "", loading: "lazy", width: 40, height: 40 });
  return el("span", { className: `avatar hue-${hue(key)}`, "aria-hidden": "true" }, initials(name));
}

/** One of a few colours, always the same for the same key. */
export function hue(key) {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % HUES;
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, "")][0].toUpperCase()).join("") || "#";
}
