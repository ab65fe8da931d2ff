
// Looks every two seconds whether the account is linked, and tells whoever embeds the page.
const token = new URLSearchParams(location.search).get("token");
const done = (live) => {
  const { state, session, callback } = live.dataset;
  if (state !== "linked") return false;
  if (window.parent !== window) {
    window.parent.postMessage({ event: "connected", session }, callback ? new URL(callback).origin : "*");
  } else if (callback) {
    location.replace(callback);
  }
  return true;
};
const look = async () => {
  try {
    const answer = await fetch("?token=" + encodeURIComponent(token));
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.getElementById("live").replaceWith(page.getElementById("live"));
      if (page.querySelector("form") === null) document.querySelector("form")?.remove();
    }
  } catch {
    // The server is away for a moment; the next look tells.
  }
  if (!done(document.getElementById("live"))) setTimeout(look, 2000);
};
if (!done(document.getElementById("live"))) setTimeout(look, 2000);
