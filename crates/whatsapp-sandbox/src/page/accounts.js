// The accounts of the network, one to look at.

import { get, patch, post, of } from "./api.js";
import { ask, choice, field } from "./dialogs.js";
import { button, byId, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { rove } from "./lists.js";
import { attempt } from "./notices.js";
import { avatar, remember } from "./people.js";

const PAGE = 500;
const CHARACTERS = [
  ["owner", "does nothing by itself"],
  ["reader", "reads what arrives"],
  ["echo", "answers with what it is sent"],
];

/** The list of accounts. `choose` is called with the one that is chosen. */
export function accountList({ choose }) {
  const list = byId("accounts");
  const stop = rove(list, "button");
  let accounts = [];
  let shown = null;

  function render() {
    const focused = document.activeElement?.closest("#accounts button")?.dataset.jid;
    fill(list, accounts.map((account) => el("li", {}, item(account))));
    stop();
    if (focused) list.querySelector(`[data-jid="${focused}"]`)?.focus();
  }

  function item(account) {
    const state = account.online ? (account.available ? "online" : "on") : "off";
    return button(
      ".account",
      {
        "data-jid": account.jid,
        tabIndex: -1,
        "aria-current": account.jid === shown ? "true" : null,
        title: `${account.name}, ${account.phoneNumber}`,
        onclick: () => choose(account),
      },
      el("span.portrait", {}, avatar(account.name, account.pictureUrl, account.jid), el("span", { className: `dot ${state}` })),
      el(
        "span.label",
        {},
        el("span.name", {}, account.name),
        el("span.detail", {}, account.registered ? account.phoneNumber : "not on WhatsApp"),
        account.sessions.map((name) => el("span.chip.agent", { title: `An agent acts for it: session ${name}` }, name)),
        el("span.unseen", {}, STATES[state]),
      ),
    );
  }

  async function create() {
    const values = await ask({
      title: "New account",
      body: [
        field("Phone number", { name: "phoneNumber", type: "tel", placeholder: "+5511988880009" }),
        field("Name", { name: "name", maxLength: 25, required: false }),
        choice("It", { name: "character" }, CHARACTERS),
      ],
      confirm: "Create",
    });
    if (!values) return;
    const { phoneNumber, name, character } = values;
    const body = { phoneNumber, character, ...(name.trim() ? { name } : {}) };
    await attempt(post("/_sandbox/accounts", body).then(async (account) => {
      await load();
      choose(account);
    }));
  }

  /** Reads the accounts again. */
  async function load() {
    accounts = [];
    for (let page; page === undefined || page.length === PAGE; ) {
      page = await get(`/_sandbox/accounts?limit=${PAGE}&offset=${accounts.length}`);
      accounts.push(...page);
    }
    remember(accounts);
    render();
    return accounts;
  }

  byId("new-account").append(icon("plus"));
  byId("new-account").addEventListener("click", create);
  return {
    load,
    all: () => accounts,
    /** The account with this phone number or JID. */
    find: (id) => accounts.find((account) => account.phoneNumber === id || account.jid === id),
    /** Marks the account that is looked at. */
    show(account) {
      shown = account?.jid ?? null;
      render();
    },
  };
}

const STATES = { online: "online", on: "phone is on", off: "phone is off" };

/** Switches the phone of an account on or off. */
export const switchPhone = (account, online) => patch(of(account), { online });
