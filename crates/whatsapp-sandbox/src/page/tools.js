// The tools beside the phones, one tab each.

import { byId } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./notices.js";

/**
 * The tools. `panels` gives for each tab what reads it: `refresh`, which is called when the tab is opened and again when
 * something happens that its `concerns` names. `toggled` is called when the person has opened or closed the tools.
 */
export function tools(panels, { toggled }) {
  const aside = byId("tools");
  const toggle = byId("tools-toggle");
  const tabs = [...byId("tabs").children];
  const names = tabs.map((tab) => tab.id.replace("tab-", ""));
  let current = names[0];
  let timer = null;

  const isOpen = () => !aside.hidden;

  function show(name) {
    current = name;
    for (const [index, tab] of tabs.entries()) {
      const selected = names[index] === name;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      byId(names[index]).hidden = !selected;
    }
    refresh();
  }

  function refresh() {
    clearTimeout(timer);
    timer = null;
    if (isOpen()) attempt(panels[current].refresh());
  }

  function open(isOpened) {
    aside.hidden = !isOpened;
    toggle.setAttribute("aria-expanded", String(isOpened));
    document.body.classList.toggle("with-tools", isOpened);
    if (isOpened) show(current);
  }

  function close() {
    open(false);
    toggled(false);
    toggle.focus();
  }

  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (names.indexOf(current) + step + names.length) % names.length;
    show(names[next]);
    tabs[next].focus();
  });
  tabs.forEach((tab, index) => tab.addEventListener("click", () => show(names[index])));
  toggle.addEventListener("click", () => {
    if (isOpen()) return close();
    open(true);
    toggled(true);
    tabs[names.indexOf(current)].focus();
  });
  byId("tools-close").append(icon("close"));
  byId("tools-close").addEventListener("click", close);

  return {
    open,
    close,
    refresh,
    /** Reads the open tab again, a moment after events that concern it. */
    event(event) {
      const { concerns, delay = 150 } = panels[current];
      if (isOpen() && timer === null && concerns?.(event)) timer = setTimeout(refresh, delay);
    },
  };
}
