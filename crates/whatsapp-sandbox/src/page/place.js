// Where the page is, kept in the address so that it comes back there: #/account/chat.

/** The account and the chat that the address names. */
export function read() {
  const [account, chat] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { account: account || null, chat: chat || null };
}

/** Puts an account and a chat into the address. */
export function write(account, chat) {
  const path = [account, chat].filter(Boolean).map(encodeURIComponent).join("/");
  history.replaceState(null, "", `#/${path}`);
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
