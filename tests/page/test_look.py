"""How the page looks and how it is reached: keys, names, contrast, narrow windows."""

from selenium.webdriver.common.keys import Keys

import world
from browser import PageTest
from world import ANA, SUPPORT, jid

CONTROLS = "a[href], button, input, select, textarea, summary, audio, video, [role=tab], [role=menuitem], [role=switch]"

#: The texts whose contrast with what is behind them is below what WCAG AA asks for. A canvas knows every way to write a colour.
CONTRAST = """
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
};
const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a)).concat(1);
const ground = (element) => {
  if (!element) return rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#000" : "#fff");
  const own = rgba(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own : over(own, ground(element.parentElement));
};
const light = (colour) => {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const faint = [];
let looked = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
  if (element.closest(".unseen, option, noscript")) continue;
  const style = getComputedStyle(element);
  const behind = ground(element);
  const [one, two] = [light(over(rgba(style.color), behind)), light(behind)];
  const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  looked += 1;
  if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
}
return { faint, looked };
"""

#: What sticks out of the window on the right, unless something around it can be scrolled.
OUTSIDE = """
const scrolls = (element) => {
  for (let it = element.parentElement; it; it = it.parentElement) {
    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(it).overflowX) && it !== document.documentElement) return true;
  }
  return false;
};
const wide = [...document.querySelectorAll("body *")].filter((it) =>
  it.checkVisibility() && it.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(it) && !it.closest(".unseen"));
return {
  page: document.documentElement.scrollWidth - innerWidth,
  wide: wide.map((it) => it.outerHTML.slice(0, 120)),
  lists: [...document.querySelectorAll("#log, #chats, #accounts, #tools section")]
    .filter((it) => it.checkVisibility() && it.scrollWidth > it.clientWidth).map((it) => it.id),
};
"""


class Look(PageTest):
    def furnish(self):
        """Something of everything, and the open conversation."""
        chat = jid(SUPPORT)
        first = world.send(ANA, chat, text="Do you have *it* in blue? See https://example.com/jackets")["id"]
        world.send(ANA, chat, type="image", base64=world.PNG, caption="Like this one")
        poll = world.send(ANA, chat, type="poll", question="Which?", options=["Blue", "Green"])["id"]
        world.on_message(ANA, chat, poll, "PUT", "/vote", {"options": ["Blue"]})
        world.on_message(ANA, chat, first, "PUT", "/reaction", {"reaction": "👍"})
        world.send(ANA, chat, type="file", base64="JVBERi0xLjQK", filename="a-rather-long-name-of-an-invoice-2026-03-02.pdf")
        gone = world.send(ANA, chat, text="Never mind")["id"]
        world.on_message(ANA, chat, gone, "DELETE")
        world.advance(1)
        world.agent_sends(ANA, "Blue is there, green comes on Friday. " * 3)
        world.send(ANA, chat, text="x" * 200, quotedMessageId=first, isForwarded=True)
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        world.call("POST", "/api/agent/pair/code", {"phoneNumber": "+14155550123"})
        world.call("POST", "/_sandbox/faults", {"kind": "slow", "milliseconds": 1, "operation": "groups_*"})
        world.advance(1)
        self.open(ANA, chat)
        self.shows("#log .message:last-child", "x" * 200)

    def test_light_and_dark_are_readable(self):
        self.furnish()
        for scheme in ("light", "dark"):
            self.scheme(scheme)
            for tool in ("sessions", "faults", "clock", "activity", "deliveries"):
                self.tool(tool)
                found = self.run_script(CONTRAST)
                self.assertGreater(found["looked"], 40)
                self.assertEqual(found["faint"], [], f"{scheme}, {tool}")
            self.tool("sessions")
            self.picture(f"wide-{scheme}")
        grounds = set()
        for scheme in ("light", "dark"):
            self.scheme(scheme)
            grounds.add(self.run_script("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(grounds), 2)

    def test_every_control_has_a_name(self):
        self.furnish()
        nameless = []
        seen = 0
        for tool in ("sessions", "deliveries", "faults", "clock", "activity"):
            self.tool(tool)
            for control in self.all(CONTROLS):
                if control.is_displayed():
                    seen += 1
                    if not control.accessible_name.strip():
                        nameless.append(control.get_attribute("outerHTML")[:120])
        self.assertGreater(seen, 60)
        self.assertEqual(nameless, [])

    def test_the_structure_is_sound(self):
        self.furnish()
        ids = [it.get_attribute("id") for it in self.all("[id]")]
        self.assertEqual(len(ids), len(set(ids)), "ids are unique")
        referred = "return [...document.querySelectorAll('[aria-controls], [aria-labelledby], [for]')].flatMap((it) => ['aria-controls', 'aria-labelledby', 'for'].map((name) => it.getAttribute(name)).filter(Boolean))"
        self.assertLessEqual(set(self.run_script(referred)), set(ids), "what is referred to is there")
        self.assertEqual(len(self.all("h1")), 1)
        self.assertEqual(len(self.all("main")), 1)
        for landmark in ("header", "nav[aria-label]", "main[aria-label]", "section[aria-label]", "aside[aria-label]"):
            self.assertTrue(self.all(landmark), landmark)
        self.assertEqual(self.all("img:not([alt])"), [])
        self.assertEqual(self.all('html[lang="en"]') != [], True)
        # One stop of the Tab key for each list, however long it is.
        for items in ("#accounts button", "#chats button.chat", "#log li.message", "#tabs [role=tab]"):
            self.assertEqual(len(self.all(f'{items}[tabindex="0"]')), 1, items)
        self.assertTrue(all(it.get_attribute("rel") for it in self.all('a[target="_blank"]')))

    def test_a_chat_is_reached_and_answered_by_keys_alone(self):
        self.open(SUPPORT)
        self.press("/")
        self.assertEqual(self.focused().get_attribute("id"), "search")
        chats = [it.get_attribute("data-chat") for it in self.all("button.chat")]
        for key, index in [(Keys.ARROW_DOWN, 0), (Keys.ARROW_DOWN, 1), (Keys.END, -1), (Keys.ARROW_UP, -2), (Keys.HOME, 0)]:
            self.press(key)
            self.assertEqual(self.focused().get_attribute("data-chat"), chats[index])
        self.press("/", "ana")
        self.wait(lambda _: len(self.all("button.chat")) == 1, "one chat is found")
        self.press(Keys.ARROW_DOWN)
        self.assertEqual(self.focused().get_attribute("data-chat"), jid(ANA))
        self.picture("keyboard")
        self.press(Keys.ENTER)
        self.shows("#chat-name", "Ana Souza")
        self.shows("#log .message:last-child", "Small question")
        for _ in range(40):
            if self.focused().get_attribute("class").startswith("message"):
                break
            self.press(Keys.TAB)
        self.assertIn("Small question", self.focused().text)
        outline = "return getComputedStyle(document.activeElement.querySelector('.bubble')).outlineStyle"
        self.assertEqual(self.run_script(outline), "solid", "the focus is seen")
        self.press(Keys.ARROW_UP, Keys.END, Keys.ENTER)
        self.assertEqual(self.focused().get_attribute("role"), "menuitem")
        self.picture("menu")
        self.press(Keys.ESCAPE)
        self.wait(lambda _: "Small question" in self.focused().text, "the focus comes back to the message")
        self.press(Keys.ENTER, Keys.ARROW_DOWN)
        while self.focused().text != "Reply":
            self.press(Keys.ARROW_DOWN)
        self.press(Keys.ENTER)
        self.wait(lambda _: self.focused().get_attribute("id") == "text", "one writes at once")
        self.press("Yes, by card as well", Keys.ENTER)
        self.shows("#log .message:last-child", "Yes, by card as well")
        self.press(Keys.ESCAPE)
        self.wait(lambda _: self.focused().get_attribute("data-chat") == jid(ANA), "Escape leads to the chats")

    def test_tabs_and_dialogs_follow_the_keys(self):
        self.open()
        self.click("#tab-sessions")
        self.press(Keys.ARROW_RIGHT)
        self.assertEqual(self.focused().get_attribute("id"), "tab-deliveries")
        self.find("#deliveries")
        self.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
        self.find("#activity")
        self.press(Keys.ESCAPE)
        self.gone("#tools")
        self.assertEqual(self.focused().get_attribute("id"), "tools-toggle")
        self.click("#new-chat")
        self.press(Keys.ESCAPE)
        self.gone("#dialog")
        self.assertEqual(self.focused().get_attribute("id"), "new-chat")

    def test_new_messages_are_told_to_those_who_listen(self):
        self.open(ANA, jid(SUPPORT))
        world.agent_sends(ANA, "Listen")
        world.advance(1)
        self.wait(lambda _: self.run_script("return document.getElementById('live').textContent") == "Acme: Listen", "it is not told")
        self.assertEqual(self.all("#live")[0].get_attribute("aria-live"), "polite")

    def test_a_narrow_window_shows_one_part_at_a_time(self):
        self.furnish()
        self.size(360, 740)
        self.scheme("light")
        self.open(ANA, jid(SUPPORT))
        self.gone("#chats-column")
        self.fits("narrow-conversation")
        self.click(self.of(self.all("#log .message")[-1].get_attribute("data-id"), ".actions"))
        self.find("#menu")
        self.fits("narrow-menu")
        self.press(Keys.ESCAPE)
        self.click("#to-chats")
        self.gone("#conversation")
        self.find("#chats-column")
        self.fits("narrow-chats")
        self.click("#to-accounts")
        self.find("#accounts-column")
        self.fits("narrow-accounts")
        for tool in ("sessions", "deliveries", "faults", "clock", "activity"):
            self.tool(tool)
            self.fits(f"narrow-{tool}")

    def test_middle_widths_have_room_for_all(self):
        self.furnish()
        for width in (736, 1000, 1280):
            self.size(width, 800)
            self.fits(f"middle-{width}")

    def fits(self, picture):
        self.picture(picture)
        self.assertEqual(self.run_script(OUTSIDE), {"page": 0, "wide": [], "lists": []}, picture)
