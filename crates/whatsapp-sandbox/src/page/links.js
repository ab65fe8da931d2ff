// Text as WhatsApp shows it: links, and its few marks for bold, italic, struck out and code.

import { el } from "./dom.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
/** A link, code between backticks, or a word or more between two marks that touch it: a thousand characters at most, or a
 * text of nothing but marks would take for ever. */
const PATTERN =
  /https?:\/\/[^\s<>"]+|```([^]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]{0,1000}?\S)\3(?![\p{L}\p{N}])/gu;

/** The nodes of a text. */
export function rich(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    nodes.push(text.slice(end, match.index), part(match));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function part([whole, block, code, mark, inner]) {
  if (mark) return el(MARKS[mark], {}, rich(inner));
  if (block ?? code) return el("code", {}, block ?? code);
  return link(whole);
}

function link(address) {
  // What ends a sentence does not belong to the address in it.
  const [, url, rest] = address.match(/^(.*?)([.,;:!?)\]]*)$/s);
  return [el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, url), rest].filter(Boolean);
}
