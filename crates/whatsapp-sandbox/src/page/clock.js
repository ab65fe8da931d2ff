// Time, chance, and beginning anew.

import { get, post, put } from "./api.js";
import { ask, choice } from "./dialogs.js";
import { button, byId, el, fill } from "./dom.js";
import { attempt, tell } from "./notices.js";
import { fullTime, keep, now } from "./time.js";

const STEPS = [
  ["1 s", 1_000],
  ["1 min", 60_000],
  ["1 h", 3_600_000],
  ["1 day", 86_400_000],
];

/** The clock. `moved` is called when the time has been changed. */
export function clockPanel({ moved }) {
  let mode = null;

  async function refresh() {
    show(await get("/_sandbox/clock"));
    const { seed } = await get("/_sandbox/seed");
    if (document.activeElement !== byId("seed")) byId("seed").value = seed ?? "";
  }

  function show(clock) {
    const isNew = mode !== null && mode !== clock.mode;
    mode = clock.mode;
    keep(clock);
    const manual = mode === "manual";
    byId("clock-mode").textContent = manual
      ? "A clock of the sandbox's own. It stands still until you let time pass; what is due then is done."
      : "The clock of the system.";
    byId("clock-switch").textContent = manual ? "Follow the system's clock" : "Stop the clock here";
    byId("advance").hidden = !manual;
    byId("instant").hidden = !manual;
    tick();
    if (isNew) moved();
  }

  function tick() {
    const text = fullTime(now());
    byId("clock-now").textContent = text;
    byId("instant").textContent = text;
  }

  const advance = (milliseconds) =>
    attempt(post("/_sandbox/clock/advance", { milliseconds }).then((clock) => {
      show(clock);
      moved();
    }));

  async function reset() {
    const values = await ask({
      title: "Reset the sandbox?",
      body: [
        el("p", {}, "Everything is forgotten: accounts, messages, sessions, webhooks and faults. Export the state first if you want it back."),
        choice("Begin with", { name: "to" }, [["demo", "the demo accounts"], ["empty", "nobody"]]),
      ],
      confirm: "Reset",
      danger: true,
    });
    if (values) await attempt(post("/_sandbox/reset", { to: values.to }).then(() => tell("The sandbox begins anew.")));
  }

  fill(byId("advances"), STEPS.map(([name, milliseconds]) => button("", { onclick: () => advance(milliseconds) }, `+ ${name}`)));
  byId("advance").addEventListener("submit", (event) => {
    event.preventDefault();
    advance(byId("advance-count").valueAsNumber * Number(byId("advance-unit").value));
  });
  byId("clock-switch").addEventListener("click", () => {
    attempt(put("/_sandbox/clock", { mode: mode === "manual" ? "system" : "manual" }).then(show));
  });
  byId("seed-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { value } = byId("seed");
    attempt(put("/_sandbox/seed", { seed: value === "" ? null : Number(value) }).then(() => tell("The seed is set.")));
  });
  byId("reset").addEventListener("click", reset);
  // The system's clock goes on by itself; only its text has to.
  setInterval(() => mode === "system" && byId("clock").offsetParent && tick(), 1_000);
  return {
    refresh,
    /** Reads the time of the network, which a manual clock may have been advanced to by somebody else. */
    read: async () => show(await get("/_sandbox/clock")),
    /** Something has happened at this instant: a manual clock has come that far. */
    hear(at) {
      if (mode !== "manual" || new Date(at) <= now()) return;
      keep({ mode, now: at });
      tick();
    },
    concerns: () => mode === "manual",
  };
}
