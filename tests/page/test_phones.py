"""The phones: looking on while an agent works, and being the other side."""

import pathlib
import tempfile

from selenium.webdriver.common.keys import Keys

import world
from browser import PageTest
from world import ANA, SALES, SUPPORT, jid


class Phones(PageTest):
    def test_all_accounts_are_shown_with_their_agents(self):
        self.open()
        self.assertEqual(len(self.all("#accounts button")), 8)
        self.shows(f'#accounts [data-jid="{jid(SUPPORT)}"] .agent', "main")
        self.shows("#simulated", "Everything here is simulated")
        self.shows("#connection", "Live")

    def test_what_an_agent_sends_appears_and_its_ticks_change(self):
        self.open(SUPPORT, jid(ANA))
        sent = world.agent_sends(ANA, "The jacket is waiting for you")
        self.shows(f'#log li[data-id="{sent["id"]}"]', "The jacket is waiting for you")
        self.message(sent["id"], ".ticks.pending")
        self.shows(".chat[aria-current] .last", "The jacket is waiting for you")
        for status in ("sent", "delivered", "read"):
            world.advance(0.3)
            self.message(sent["id"], f".ticks.{status}")
        self.click(self.of(sent["id"], ".receipts"))
        self.shows("#dialog tbody th", "Ana")
        self.picture("receipts")
        self.press(Keys.ESCAPE)
        self.gone("#dialog")

    def test_an_answer_as_the_other_side_arrives_at_the_agent(self):
        agent = world.agent_hears(self)
        self.open(ANA, jid(SUPPORT))
        self.say("Coming at *five*")
        self.shows("#log .message:last-child strong", "five")
        world.advance(1)
        heard = world.until("the webhook", lambda: agent.bodies)
        self.assertEqual([it["payload"]["body"] for it in heard], ["Coming at *five*"])
        chats = {it["id"]: it for it in world.call("GET", "/api/sessions/main/chats")["data"]}
        self.assertEqual(chats[jid(ANA)]["unreadCount"], 2)
        self.find("#log .message:last-child .ticks.delivered")

    def test_a_message_is_answered_reacted_to_edited_starred_and_deleted(self):
        self.open(ANA, jid(SUPPORT))
        theirs = world.agent_sends(ANA, "Which size?")["id"]
        world.advance(1)
        self.menu(theirs, "Reply")
        self.shows("#context-what", "Reply to")
        self.say("Size L")
        mine = self.shows("#log .message.mine:last-child", "Size L").get_attribute("data-id")
        self.assertIn("Which size?", self.message(mine, "blockquote").text)
        world.advance(1)
        self.menu(theirs, "👍")
        self.shows(f'#log li[data-id="{theirs}"] .reactions', "👍")
        self.menu(theirs, "👍")
        self.gone(f'#log li[data-id="{theirs}"] .reactions')
        self.menu(theirs, "Star")
        self.message(theirs, "[aria-label=starred]")
        self.menu(mine, "Edit")
        field = self.find("#text")
        self.assertEqual(field.get_attribute("value"), "Size L")
        field.clear()
        self.say("Size M")
        self.shows(f'#log li[data-id="{mine}"] .foot', "edited")
        self.shows(f'#log li[data-id="{mine}"] .text', "Size M")
        self.menu(mine, "Delete for everyone")
        self.click("#dialog-confirm")
        self.shows(f'#log li[data-id="{mine}"]', "This message was deleted")
        seen = {it["id"]: it for it in world.messages(SUPPORT, jid(ANA))}
        self.assertEqual(seen[mine]["type"], "revoked")
        self.menu(mine, "Delete for me")
        self.gone(f'#log li[data-id="{mine}"]')
        self.message(theirs)
        self.assertIn(mine, {it["id"] for it in world.messages(SUPPORT, jid(ANA))})

    def test_a_vote_counts_and_can_be_taken_back(self):
        poll = world.send(SUPPORT, ANA, type="poll", question="When?", options=["Monday", "Friday"])["id"]
        world.advance(1)
        self.open(ANA, jid(SUPPORT))
        option = f'#log li[data-id="{poll}"] .option'
        self.click(option, "Friday")
        self.shows(f"{option}[aria-pressed=true]", "Friday")
        options = world.on_message(SUPPORT, jid(ANA), poll, "GET")["poll"]["options"]
        self.assertEqual([it["voters"] for it in options], [[], [jid(ANA)]])
        self.click(option, "Monday")
        self.shows(f"{option}[aria-pressed=true]", "Monday")
        self.click(option, "Monday")
        self.gone(f"{option}[aria-pressed=true]")

    def test_who_types_is_seen_typing_by_the_other_side(self):
        self.open(ANA, jid(SUPPORT))
        self.find("#text").send_keys("Hm")
        path = f"/_sandbox/accounts/{SUPPORT}/chats"

        def doing():
            chats = world.call("GET", path)["data"]
            return next(it["presence"]["doing"] for it in chats if it["chatId"] == jid(ANA))

        world.until("typing", lambda: doing() == "composing")
        self.find("#text").clear()
        self.find("#text").send_keys("H" + Keys.BACKSPACE)
        world.until("the end of typing", lambda: doing() is None)
        activity = f"/_sandbox/accounts/{SUPPORT}/chats/{jid(ANA)}/activity"
        world.call("PUT", activity, {"doing": "composing"})
        self.shows("#chat-presence", "typing")
        self.shows(".chat[aria-current] .last", "typing")
        world.advance(26)
        self.wait(lambda _: "typing" not in self.find("#chat-presence").text, "typing ends by itself")

    def test_a_file_is_attached_and_can_be_had_again(self):
        self.open(ANA, jid(SUPPORT))
        with tempfile.TemporaryDirectory() as folder:
            note = pathlib.Path(folder, "note.txt")
            note.write_text("A note")
            self.all("#attach")[0].send_keys(str(note))
            self.shows("#log .message:last-child a.card", "note.txt")
            wide = pathlib.Path(folder, "large.bin")
            wide.write_bytes(bytes(8_000_001))
            self.all("#attach")[0].send_keys(str(wide))
            self.shows(".notice.refused", "larger than 8 MB")
        sent = [it for it in world.messages(ANA, jid(SUPPORT)) if it["type"] == "file"]
        self.assertEqual(len(sent), 1)

    def test_every_kind_of_content_is_shown(self):
        chat = jid(SUPPORT)
        first = world.send(ANA, chat, text="*Bold*, _italic_, ~gone~, `code`, https://example.com/menu.")["id"]
        world.send(ANA, chat, type="image", base64=world.PNG, caption="The damage")
        world.send(ANA, chat, type="file", base64="JVBERi0xLjQK", filename="invoice.pdf")
        world.send(ANA, chat, type="poll", question="Pizza or pasta?", options=["Pizza", "Pasta"], multipleAnswers=True)
        world.send(ANA, chat, type="location", latitude=-23.55, longitude=-46.63, name="Office")
        card = [{"name": "Bruno Lima", "phoneNumber": "+5521977770002"}]
        world.send(ANA, chat, type="contact", contacts=card, isForwarded=True)
        world.send(ANA, chat, text="I answer that", quotedMessageId=first)
        world.advance(1)
        self.open(ANA, chat)
        for selector, text in [
            ("strong", "Bold"),
            ("em", "italic"),
            ("s", "gone"),
            ("code", "code"),
            ('a[href="https://example.com/menu"][rel~=noopener]', "https://example.com/menu"),
            (".text", "The damage"),
            ("a.card[download]", "invoice.pdf"),
            (".question", "Pizza or pasta?"),
            ("a.card", "Office"),
            ("div.card", "Bruno Lima"),
            (".mark", "Forwarded"),
            ("blockquote", "Bold"),
        ]:
            self.shows(f"#log {selector}", text)
        loaded = "return document.querySelector('#log img.media').naturalWidth"
        self.wait(lambda _: self.run_script(loaded) == 1, "the picture is not shown")
        self.picture("contents")

    def test_a_text_with_a_script_is_only_text(self):
        attack = '<img src=x onerror="window.ran = true"><script>window.ran = true</script> javascript:alert(1)'
        name = "<b>Mallory</b>"
        body = {"phoneNumber": "+14155550123", "name": name}
        world.call("POST", "/_sandbox/accounts", body)
        world.send("+14155550123", jid(SUPPORT), text=attack)
        world.send("+14155550123", jid(SUPPORT), type="file", base64="PHNjcmlwdD4=", filename="<i>.html", caption=attack)
        world.advance(1)
        self.open(SUPPORT, jid("+14155550123"))
        self.assertEqual(self.shows("#log .text", "onerror").text, attack)
        self.shows("#accounts .name", name)
        self.shows("#chat-name", name)
        self.assertEqual(self.all("#log img, #log script, #log i, #accounts b, #chats b"), [])
        self.assertIsNone(self.run_script("return window.ran"))

    def test_thousands_of_messages_come_by_pages(self):
        for number in range(140):
            world.send(ANA, jid(SUPPORT), text=f"Message {number}")
        self.open(ANA, jid(SUPPORT))
        self.shows("#log .message:last-child", "Message 139")
        self.assertEqual(len(self.all("#log .message")), 50)
        top = "const log = document.getElementById('log'); log.scrollTop = 0; return log.scrollHeight"
        # Older pages come in until the first message is there, and nothing jumps.
        world.until("the oldest", lambda: self.run_script(top) and len(self.all("#log .message")) >= 144)
        texts = [it.get_attribute("textContent") for it in self.all("#log .message .text")]
        numbers = [int(it.removeprefix("Message ")) for it in texts if it.startswith("Message ")]
        self.assertEqual(numbers, list(range(140)))
        for number in range(140, 200):
            world.send(ANA, jid(SUPPORT), text=f"Message {number}")
        self.shows("#log .message:last-child", "Message 199")
        self.assertEqual(len({it.get_attribute("data-id") for it in self.all("#log .message")}), 204)
        self.click("#newest")
        self.gone("#newest")

    def test_a_group_is_joined_by_code_and_left(self):
        group = world.call("GET", f"/_sandbox/accounts/{SUPPORT}/groups")["data"]
        group = next(it for it in group if it["name"] == "Acme Launch")
        self.open(SALES)
        self.click("#join")
        self.fill("#dialog [name=code]", group["inviteCode"])
        self.click("#dialog-confirm")
        self.shows("#chat-name", "Acme Launch")
        self.say("Hello from Sales")
        self.shows("#log .message:last-child", "Hello from Sales")
        members = f"/_sandbox/accounts/{SUPPORT}/groups/{group['id']}"
        names = lambda: [it["name"] for it in world.call("GET", members)["data"]["participants"]]
        self.assertIn("Acme Sales", names())
        self.click("#chat-info")
        self.shows("#dialog .members", "Acme Sales (you)")
        self.picture("group")
        self.click("#dialog button", "Leave group")
        self.shows(".notice", "has left")
        self.gone("#open")
        self.assertNotIn("Acme Sales", names())

    def test_a_group_message_tells_who_has_it(self):
        groups = world.call("GET", f"/_sandbox/accounts/{SUPPORT}/groups")["data"]
        group = next(it["id"] for it in groups if it["name"] == "Acme Launch")
        world.call("PATCH", f"/_sandbox/accounts/{ANA}", {"online": False})
        self.open(SUPPORT, group)
        self.say("Who is there?")
        message = self.shows("#log .message:last-child", "Who is there?").get_attribute("data-id")
        world.advance(2)
        self.message(message, ".ticks.sent")
        self.click(self.of(message, ".receipts"))
        self.shows("#dialog tbody th", "Ana")
        rows = {it.text.split(" ")[0]: it.text for it in self.all("#dialog tbody tr")}
        self.assertEqual(set(rows), {"Ana", "Bruno", "Diego"})
        self.assertTrue(rows["Ana"].endswith("– –"), rows)
        self.assertNotIn("–", rows["Bruno"])

    def test_only_the_owner_posts_in_a_channel(self):
        body = {"name": "Neighbourhood"}
        channel = world.call("POST", f"/_sandbox/accounts/{ANA}/channels", body)["data"]["id"]
        self.open(ANA, channel)
        self.say("Lost: one cat")
        self.shows("#log .message:last-child", "Lost: one cat")
        world.advance(1)
        self.click("#accounts button", "Bruno")
        self.click("#join")
        self.fill("#dialog [name=code]", channel)
        self.click("#dialog-confirm")
        self.shows("#cannot", "Only the owner posts")
        self.shows("#log .message:last-child", "Lost: one cat")
        self.gone("#text")

    def test_a_chat_with_somebody_new_begins_with_its_first_message(self):
        self.open(ANA)
        self.click("#new-chat")
        self.fill("#dialog [name=phone]", "+1 202 555 0199")
        self.click("#dialog-confirm")
        self.say("ping")
        world.advance(5)
        self.shows("#log .message:last-child", "Echo: ping")

    def test_messages_are_read_when_the_person_says_so(self):
        world.send(ANA, jid(SUPPORT), text="Are you there?")
        world.advance(1)
        self.open(SUPPORT, jid(ANA))
        self.shows(".chat[aria-current] .unread", "2")
        self.click("#mark-read")
        self.gone(".chat[aria-current] .unread")
        self.gone("#mark-read")


class Refused(PageTest):
    expected = ("messages - Failed to load resource",)

    def test_a_phone_that_is_off_cannot_write_and_gets_its_backlog_later(self):
        self.open(ANA, jid(SUPPORT))
        self.click("#power")
        self.find("#power[aria-checked=false]")
        sent = world.agent_sends(ANA, "Where are you?")["id"]
        world.advance(2)
        self.say("Here")
        self.shows(".notice.refused", "is off: switch it on first")
        self.picture("refused")
        self.assertEqual(self.find("#text").get_attribute("value"), "Here", "what was refused is kept")
        self.assertEqual(self.all(f'#log li[data-id="{sent}"]'), [])
        self.click("#power")
        self.message(sent)


class Left(PageTest):
    expected = ("he live events have ended",)

    def test_a_page_that_one_leaves_keeps_no_connection(self):
        # A browser opens six at most to one host.
        for _ in range(8):
            self.open(ANA, jid(SUPPORT))
        self.driver.back()
        self.driver.back()
        self.shows("#connection", "Live")
        sent = world.send(ANA, jid(SUPPORT), text="Back again")["id"]
        self.message(sent)


class Lost(PageTest):
    expected = ("net::ERR_", "he live events have ended")

    def test_a_lost_connection_comes_back_and_misses_nothing(self):
        wire = world.Wire()
        self.addCleanup(wire.close)
        self.open(ANA, jid(SUPPORT), wire.page)
        self.tool("activity")
        world.advance(0)
        world.send(ANA, jid(SUPPORT), text="Before")
        self.shows("#activity-list", "message")
        wire.cut()
        self.shows("#connection", "Connection lost")
        wire.heard.clear()
        world.on_message(ANA, jid(SUPPORT), world.send(ANA, jid(SUPPORT), text="Meanwhile")["id"], "DELETE")
        wire.mend()
        self.shows("#connection", "Live")
        self.shows("#log .message:last-child", "This message was deleted")
        self.shows("#activity-list code", "message_revoked")
        self.assertIn(b"last-event-id:", b"".join(wire.heard).lower())
