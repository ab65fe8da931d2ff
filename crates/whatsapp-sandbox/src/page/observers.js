// Whom an event is told to, and where an account sees it.

/** Whether an account is told of an event. What it is not told of, such as a message on its way, is not there for it. */
export const isTold = (account, { observers }) => observers.some((observer) => observer.account === account.jid);

/** The account's chat in which an event happened, whether or not the account is told; null if there is none. */
export function chatOf(account, { observers, body }) {
  const told = observers.find((observer) => observer.account === account.jid);
  if (told) return told.chatId;
  const address = body.place?.address;
  if (address?.of !== "direct") return address?.jid ?? null;
  const sides = [address.one, address.other].map(({ phone }) => `${phone}@s.whatsapp.net`);
  if (!sides.includes(account.jid)) return null;
  return sides.find((jid) => jid !== account.jid) ?? account.jid;
}
