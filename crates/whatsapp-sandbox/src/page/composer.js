// Writing as the account: a text, an answer to a message, another text for one, a file.

import { at, of, patch, post, put } from "./api.js";
import { byId } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, tell } from "./notices.js";

/** The most bytes of a file; larger ones are for the REST API. */
const LARGEST = 8_000_000;
/** The network shows an account as typing for 25 seconds; so often it is told again. */
const TYPING = 10_000;
/** So long after the last key the account is shown as doing nothing. */
const PAUSE = 5_000;
/** Kinds of chat that show who types. */
const TYPED_IN = ["direct", "group"];
const TYPES = {
  image: ["image/jpeg", "image/png", "image/webp"],
  video: ["video/mp4"],
  voice: ["audio/ogg", "audio/mpeg"],
};

/** The composer. `last` gives the account's latest message, for the arrow up; `isOn` says whether its phone is on. */
export function composer({ last, isOn }) {
  const form = byId("composer");
  const text = byId("text");
  let open = null;
  /** The message that is answered or edited: { what, message }. */
  let context = null;
  let toldAt = 0;
  let pause = null;

  const path = (rest) => of(open.account, at`/chats/${open.chat.chatId}` + rest);
  const drafts = new Map();
  const key = () => `${open.account.jid} ${open.chat.chatId}`;

  function activity(doing) {
    clearTimeout(pause);
    if (!open || !isOn() || !TYPED_IN.includes(open.chat.kind) || (doing === "nothing" && toldAt === 0)) return;
    toldAt = doing === "nothing" ? 0 : Date.now();
    // Whoever may not write is told when the message is sent.
    put(path("/activity"), { doing }).catch(() => {});
  }

  function typed() {
    grow();
    clearTimeout(pause);
    if (text.value === "") return activity("nothing");
    if (Date.now() - toldAt > TYPING) activity("composing");
    pause = setTimeout(() => activity("nothing"), PAUSE);
  }

  /** As high as its lines, up to a limit of the style. */
  function grow() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  function refer(what, message) {
    context = message && { what, message };
    byId("context").hidden = !message;
    if (!message) return;
    byId("context-what").textContent = what === "edit" ? "Edit:" : `Reply to ${message.fromMe ? "yourself" : message.fromName}:`;
    byId("context-text").textContent = message.text;
    if (what === "edit") text.value = message.text;
    grow();
    text.focus();
  }

  function cancel() {
    if (context?.what === "edit") text.value = "";
    refer(null, null);
    grow();
  }

  /** Says why one cannot write here; null if one can. */
  function allow(cannot) {
    byId("cannot").hidden = !cannot;
    byId("cannot").textContent = cannot ?? "";
    byId("writing").hidden = Boolean(cannot);
  }

  async function send() {
    const said = text.value;
    if (!open || said.trim() === "") return;
    const { what, message } = context ?? {};
    const quotedMessageId = what === "reply" ? message.id : undefined;
    const sending =
      what === "edit"
        ? patch(path(at`/messages/${message.id}`), { text: said })
        : post(path("/messages"), { type: "text", text: said, quotedMessageId });
    text.value = "";
    toldAt = 0;
    clearTimeout(pause);
    const before = context;
    refer(null, null);
    grow();
    if (await attempt(sending)) return;
    // What was refused is still there to be changed.
    if (before) refer(before.what, before.message);
    text.value = said;
    grow();
  }

  async function attach(file) {
    if (file.size > LARGEST) {
      return tell(`${file.name} is larger than ${LARGEST / 1_000_000} MB, the most that this page sends.`, "refused");
    }
    const base64 = await read(file);
    const type = Object.keys(TYPES).find((kind) => TYPES[kind].includes(file.type)) ?? "file";
    const body = { type, base64 };
    if (type === "file") body.filename = file.name;
    const caption = text.value.trim();
    if (caption && type !== "voice") body.caption = caption;
    if (context?.what === "reply") body.quotedMessageId = context.message.id;
    if (!(await attempt(post(path("/messages"), body)))) return;
    if (body.caption) text.value = "";
    refer(null, null);
    grow();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("input", typed);
  text.addEventListener("blur", () => activity("nothing"));
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && context) {
      event.stopPropagation();
      cancel();
    } else if (event.key === "ArrowUp" && text.value === "" && last()?.type === "text") {
      event.preventDefault();
      refer("edit", last());
    }
  });
  byId("attach").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (file && open) await attach(file);
  });
  byId("context-end").append(icon("close"));
  byId("context-end").addEventListener("click", () => {
    cancel();
    text.focus();
  });
  byId("send").append(icon("send"));
  byId("attach").parentElement.append(icon("attach"));

  return {
    /** Writes in a chat of an account. */
    open(account, chat) {
      if (open) drafts.set(key(), text.value);
      activity("nothing");
      open = { account, chat };
      refer(null, null);
      text.value = drafts.get(key()) ?? "";
      text.placeholder = `Write as ${account.name}`;
      allow(null);
      grow();
    },
    allow,
    reply: (message) => refer("reply", message),
    edit: (message) => refer("edit", message),
    focus: () => text.focus(),
  };
}

/** The bytes of a file as base64. */
function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
