// Time as the network has it, which is not always the system's.

const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SHORT = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const FULL = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

let standsAt = null;

/** Takes the time from a clock of the sandbox. */
export function keep(clock) {
  standsAt = clock.mode === "manual" ? new Date(clock.now) : null;
}

/** The present instant on the network. */
export const now = () => standsAt ?? new Date();

/** Hours and minutes. */
export const clockTime = (instant) => HOUR.format(new Date(instant));

/** Day and time to the second. */
export const fullTime = (instant) => FULL.format(new Date(instant));

/** A key that is the same for instants of one day. */
export const dayKey = (instant) => new Date(instant).toDateString();

/** The day in words. */
export function dayName(instant) {
  const ago = daysAgo(instant);
  if (ago === 0) return "Today";
  return ago === 1 ? "Yesterday" : DAY.format(new Date(instant));
}

/** The time of what is of today, the day of what is older. */
export function when(instant) {
  const ago = daysAgo(instant);
  if (ago === 0) return clockTime(instant);
  return ago === 1 ? "Yesterday" : SHORT.format(new Date(instant));
}

const daysAgo = (instant) => Math.round((midnight(now()) - midnight(new Date(instant))) / 86_400_000);
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** How long something takes, in its largest unit. */
export function span(seconds) {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
