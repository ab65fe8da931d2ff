// Lists that are one stop of the Tab key: the arrows go from item to item.

/**
 * Makes the items of a list, those that match `selector`, reachable by the arrows, Home and End. Returns what makes an
 * item the one that Tab leads to, which must be called once items have changed.
 */
export function rove(list, selector) {
  const items = () => [...list.querySelectorAll(selector)].filter((item) => item.offsetParent !== null);
  const stop = (item) => {
    for (const other of list.querySelectorAll(`${selector}[tabindex="0"]`)) other.tabIndex = -1;
    if (item) item.tabIndex = 0;
  };
  list.addEventListener("focusin", ({ target }) => {
    if (target.matches(selector)) stop(target);
  });
  list.addEventListener("keydown", (event) => {
    const from = event.target.closest(selector);
    if (event.target !== from || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = target(items(), from, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  });
  return (preferred) => stop(preferred ?? list.querySelector(`${selector}[aria-current="true"]`) ?? items()[0]);
}

function target(items, from, key) {
  const index = items.indexOf(from);
  if (key === "ArrowDown") return items[index + 1];
  if (key === "ArrowUp") return items[index - 1];
  if (key === "Home") return items[0];
  return key === "End" ? items.at(-1) : undefined;
}
