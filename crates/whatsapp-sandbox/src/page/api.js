// The control routes of the sandbox.

/** What a route says, in its own words. */
export class RouteError extends Error {
  constructor(message, status) {
    super(message);
    this.name = "RouteError";
    this.status = status;
  }
}

/** A path whose variables are encoded: at`/_sandbox/accounts/${phone}`. */
export const at = (parts, ...values) => String.raw({ raw: parts }, ...values.map(encodeURIComponent));

/** A path below that of an account. */
export const of = (account, rest = "") => at`/_sandbox/accounts/${account.phoneNumber}` + rest;

/** The path of an address that the sandbox gives: the page may have been opened under another name of this machine. */
export const local = (address) => new URL(address, location.href).pathname;

async function call(method, path, body) {
  const request = { method, cache: "no-store" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new RouteError("The sandbox does not answer. Is it still running?", 0);
  }
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw new RouteError(content?.error ?? `The sandbox answered ${answer.status}.`, answer.status);
  return content?.data;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const put = (path, body) => call("PUT", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);
