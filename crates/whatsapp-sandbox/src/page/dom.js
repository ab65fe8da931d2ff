// Makes elements. Whatever is said becomes text nodes, so that no text of a message can become markup.

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * An element such as `p` or `button.primary`. `on…` are listeners; names that the element knows are set as properties,
 * others as attributes; what is null, undefined or false is left out, as with children.
 */
export function el(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...present(children));
  return element;
}

/** A button that only does something on this page. */
export const button = (tag, properties, ...children) => el(`button${tag}`, { type: "button", ...properties }, ...children);

/** Puts other children into an element. */
export const fill = (element, ...children) => element.replaceChildren(...present(children));

const present = (children) =>
  children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
