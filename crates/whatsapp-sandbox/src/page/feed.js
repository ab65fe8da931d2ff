// What happens in the sandbox, live. Read with `fetch` rather than `EventSource`, so that kinds of event need not be
// known beforehand, and a refusal is told in its own words.

const RETRY = { first: 500, most: 10_000 };
/** The sandbox says something every 15 seconds, if only that it is there. */
const SILENCE = 40_000;

/**
 * Follows the events for good. `open` is called whenever the stream has begun, `event` for each event, `lost` with the
 * reason when the stream has ended. Coming back, it goes on after the last event that it has seen.
 */
export async function follow({ open, event, lost }) {
  let last = null;
  let wait = RETRY.first;
  let watch = new AbortController();
  // A browser keeps a page that one has left, with its connections, of which it has few. Shown again, it goes on here.
  addEventListener("pagehide", () => watch.abort());
  for (;;) {
    watch = new AbortController();
    try {
      const headers = last === null ? {} : { "Last-Event-ID": last };
      const answer = await fetch("/_sandbox/events", { headers, cache: "no-store", signal: watch.signal });
      if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.error ?? `status ${answer.status}`);
      open();
      wait = RETRY.first;
      for await (const message of messages(answer.body, watch)) {
        last = message.id ?? last;
        event(JSON.parse(message.data));
      }
      throw new Error("the stream has ended");
    } catch (error) {
      watch.abort();
      lost(error);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, RETRY.most);
  }
}

/** The messages of a stream of server-sent events. */
async function* messages(body, watch) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const silence = setTimeout(() => watch.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const message = parse(block);
      if (message.data !== "") yield message;
    }
  }
}

function parse(block) {
  const message = { id: null, data: "" };
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.startsWith("data:")) message.data += (message.data === "" ? "" : "\n") + value;
    if (line.startsWith("id:")) message.id = value;
  }
  return message;
}
