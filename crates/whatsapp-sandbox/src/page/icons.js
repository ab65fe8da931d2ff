// Small drawings, in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";

/** Strokes on a ground of 24 by 24. */
const STROKES = {
  attach: "M20 11.5l-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.6-8.6a3.5 3.5 0 0 1 5 5l-8.6 8.5a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  back: "M15 5l-7 7 7 7",
  chat: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.5l3 2",
  close: "M6 6l12 12M18 6L6 18",
  delivered: "M2.5 13l4 4L15 8.5M11 16l1 1 9.5-9",
  down: "M12 5v14M6 13l6 6 6-6",
  file: "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5",
  group: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 2.5-5 6-5s6 2 6 5M16 5.5a3 3 0 0 1 0 5.5M17.5 14.5c2 .5 3.5 2 3.5 4.5",
  info: "M12 11v6M12 7.5v.5M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
  link: "M10 14a4 4 0 0 0 6 .3l3-3a4 4 0 0 0-5.6-5.6l-1 1M14 10a4 4 0 0 0-6-.3l-3 3a4 4 0 0 0 5.6 5.6l1-1",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  pending: "M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v4l2.5 1.5",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  plus: "M12 5v14M5 12h14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.5-4 3-6 7-6s6.5 2 7 6",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  send: "M4 12l16-7-6.5 15.5L11 14z",
  sent: "M5 13l4.5 4.5L19 8",
  star: "M12 4l2.5 5.3 5.8.7-4.3 4 1.2 5.7L12 16.9l-5.2 2.8L8 14 3.7 10l5.8-.7z",
};

/** A drawing; it has no name of its own, which is for what it stands in. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}
