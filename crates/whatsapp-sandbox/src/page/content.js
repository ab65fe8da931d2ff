// What a message says, by the kind of its content.

import { at, of, put } from "./api.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { rich } from "./links.js";
import { attempt } from "./notices.js";
import { nameOf } from "./people.js";

const KINDS = { text, image, video, voice, file, poll, location, contact, revoked };

/** The nodes of a message's content, as the account sees it. */
export function content(account, message) {
  const kind = KINDS[message.type];
  return kind ? kind(message, account) : [el("p.text", {}, message.text)];
}

function text(message) {
  return [el("p.text", {}, rich(message.text))];
}

function image(message, account) {
  const picture = available(message) ? imageOf(message, account) : gone("Photo");
  return [picture, caption(message)];
}

function imageOf(message, account) {
  const address = addressOf(message, account);
  const image = el("img.media", { src: address, alt: captionOf(message) || "Photo without a caption", loading: "lazy" });
  return el("a.media-link", { href: address, target: "_blank", rel: "noopener" }, image);
}

function video(message, account) {
  const player = () => el("video.media", { src: addressOf(message, account), controls: true, preload: "none", "aria-label": "Video" });
  return [available(message) ? player() : gone("Video"), caption(message)];
}

function voice(message, account) {
  const player = () => el("audio", { src: addressOf(message, account), controls: true, preload: "none", "aria-label": "Voice message" });
  return [available(message) ? player() : gone("Voice message")];
}

function file(message, account) {
  const { filename, mimeType, fileLength } = message.media;
  const name = filename ?? "File";
  const label = [icon("file"), el("span", {}, el("span.name", {}, name), el("span.detail", {}, `${mimeType}, ${size(fileLength)}`))];
  const card = available(message)
    ? el("a.card", { href: addressOf(message, account), download: name }, label)
    : el("div.card.gone", {}, label, el("span.detail", {}, "expired"));
  return [card, message.text !== name && caption(message)];
}

function poll(message, account) {
  const { question, options, multipleAnswers } = message.poll;
  const most = Math.max(1, ...options.map((option) => option.voters.length));
  const mine = options.filter((option) => option.voters.includes(account.jid)).map((option) => option.option);
  return [
    el("p.question", {}, question),
    el("p.detail", {}, multipleAnswers ? "Choose one or more" : "Choose one"),
    el(
      "div.poll",
      { role: "group", "aria-label": question },
      options.map((option) => vote(message, account, option, { mine, most, multipleAnswers })),
    ),
  ];
}

function vote(message, account, { option, voters }, { mine, most, multipleAnswers }) {
  const chosen = mine.includes(option);
  const rest = multipleAnswers ? mine.filter((other) => other !== option) : [];
  const options = chosen ? rest : [...rest, option];
  const path = of(account, at`/chats/${message.chatId}/messages/${message.id}/vote`);
  return button(
    ".option",
    {
      "aria-pressed": String(chosen),
      title: voters.map(nameOf).join(", ") || "No votes yet",
      onclick: () => attempt(put(path, { options })),
    },
    el("span", {}, option),
    el("span.count", {}, String(voters.length), el("span.unseen", {}, voters.length === 1 ? " vote" : " votes")),
    el("progress", { max: most, value: voters.length, "aria-hidden": "true" }),
  );
}

function location(message) {
  const { latitude, longitude, name, address } = message.location;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=15/${latitude}/${longitude}`;
  const lines = [el("span.name", {}, name ?? "Location"), address && el("span.detail", {}, address), el("span.detail", {}, `${latitude}, ${longitude}`)];
  return [el("a.card", { href: map, target: "_blank", rel: "noopener noreferrer" }, icon("pin"), el("span", {}, lines))];
}

function contact(message) {
  return message.contacts.map(({ name, phoneNumber }) =>
    el("div.card", {}, icon("person"), el("span", {}, el("span.name", {}, name), el("span.detail", {}, phoneNumber))),
  );
}

function revoked() {
  return [el("p.text.revoked", {}, "This message was deleted")];
}

const available = (message) => message.media?.available;
const addressOf = (message, account) => of(account, at`/media/${message.media.id}`);
const gone = (what) => el("div.card.gone", {}, icon("file"), el("span", {}, `${what}: the file has expired`));

/** The caption; the summary of a file without one is its kind in brackets. */
const captionOf = (message) => (/^\[\w+\]$/.test(message.text) ? "" : message.text);

function caption(message) {
  const said = captionOf(message);
  return said && el("p.text", {}, rich(said));
}

function size(bytes) {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
