"""The tools: sessions, webhooks, faults, clock."""

import base64

from selenium.webdriver.common.keys import Keys

import world
from browser import PageTest
from world import ANA, SALES, jid


class Sessions(PageTest):
    def card(self, name, rest=""):
        return f'[data-session="{name}"] {rest}'

    def test_a_qr_code_is_scanned_as_a_chosen_account(self):
        self.open()
        self.tool("sessions")
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        drawn = "return document.querySelector(arguments[0])?.naturalWidth > 50"
        self.wait(lambda _: self.run_script(drawn, self.card("agent", "img.qr")), "the code is not drawn")
        self.picture("sessions")
        self.choose(self.card("agent", "select"), SALES)
        self.click(self.card("agent", "button"), "Scan")
        self.shows(self.card("agent", ".badge"), "connect")
        self.shows(self.card("agent", ".detail"), "Acme Sales")
        world.advance(2)
        self.shows(self.card("agent", ".badge"), "connected")
        self.shows(f'#accounts [data-jid="{jid(SALES)}"] .agent', "agent")
        self.assertEqual(world.call("GET", "/api/sessions/agent")["data"]["status"], "CONNECTED")
        self.click(self.card("agent", "button"), "Unlink")
        self.shows(self.card("agent", ".badge"), "logged out")

    def test_the_qr_code_changes_when_it_expires(self):
        self.open()
        self.tool("sessions")
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        address = "return document.querySelector(arguments[0])?.src"
        source = lambda: self.run_script(address, self.card("agent", "img.qr"))
        world.until("the code", source)
        first = source()
        world.advance(21)
        world.until("the next code", lambda: source() not in (None, "", first))

    def test_a_pairing_code_is_typed(self):
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        code = world.call("POST", "/api/agent/pair/code", {"phoneNumber": "+14155550123"})["code"]
        self.open()
        self.tool("sessions")
        self.shows(self.card("agent", ".pairing-code"), code)
        self.fill(self.card("agent", "input[name=code]"), code.lower() + Keys.ENTER)
        self.shows(self.card("agent", ".detail"), "+14155550123")
        self.shows("#accounts button", "+14155550123")

    def test_a_phone_rejects(self):
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        self.open()
        self.tool("sessions")
        self.click(self.card("agent", "button"), "Reject")
        self.shows(self.card("agent", ".badge"), "rejected")


class WrongCode(PageTest):
    expected = ("enter-code - Failed to load resource",)

    def test_a_wrong_pairing_code_is_told_in_words(self):
        world.call("POST", "/api/sessions", {"name": "agent", "start": True})
        world.call("POST", "/api/agent/pair/code", {"phoneNumber": "+14155550123"})
        self.open()
        self.tool("sessions")
        self.fill('[data-session="agent"] input[name=code]', "WRONG123" + Keys.ENTER)
        self.shows(".notice.refused", "The pairing code is not the one")


class Webhooks(PageTest):
    def test_a_delivery_fails_and_is_replayed(self):
        # Time goes on by itself here, for so do the attempts.
        world.call("PUT", "/_sandbox/clock", {"mode": "system"})
        receiver = world.Receiver(500)
        self.addCleanup(receiver.close)
        retries = {"attempts": 1, "delaySeconds": 1, "policy": "constant"}
        body = {"url": receiver.url, "events": ["message.received"], "retries": retries}
        world.call("POST", "/api/webhooks", body)
        self.open()
        self.tool("deliveries")
        self.shows("#deliveries", "Nothing has been delivered")
        world.send(ANA, jid(world.SUPPORT), text="Anybody there?")
        self.shows("#delivery-list [data-state=waiting]", "message.received")
        dead = self.shows("#delivery-list [data-state=dead]", "message.received")
        self.assertIn("2 attempts", dead.text)
        self.assertIn("status 500", dead.text)
        self.click("#delivery-list summary")
        self.shows("#delivery-list pre", "Anybody there?")
        self.picture("webhooks")
        receiver.status = 200
        self.click("#delivery-list button", "Replay")
        self.shows("#delivery-list [data-state=delivered]", "message.received")
        self.assertEqual(len(receiver.bodies), 3)
        self.assertEqual(len({it["id"] for it in receiver.bodies}), 1, "it is one event")
        self.choose("#delivery-state", "dead")
        self.gone("#delivery-list [data-delivery]")


class Faults(PageTest):
    def test_a_fault_is_set_shown_and_cleared(self):
        self.open()
        self.tool("faults")
        self.choose("#fault-kind", "time_lock")
        self.choose("#fault-fields select", jid(SALES))
        self.click("#fault-form button[type=submit]")
        self.shows("#fault-list", "May write to nobody new")
        self.shows("#fault-list", "Acme Sales")
        faults = world.call("GET", "/_sandbox/faults")["data"]
        self.assertEqual([it["kind"] for it in faults], ["time_lock"])
        self.choose("#fault-kind", "http_error")
        self.choose("#fault-fields select", "503")
        self.fill("#fault-fields [name=operation]", "messages_*")
        self.fill("#fault-fields [name=requests]", "2")
        self.click("#fault-form button[type=submit]")
        self.shows("#fault-list", "2 requests")
        self.picture("faults")
        with self.assertRaisesRegex(AssertionError, "503"):
            world.agent_sends(ANA, "Does it work?")
        self.click("#fault-list button", "Clear")
        self.shows("#fault-list", "Requests fail")
        self.click("#clear-faults")
        self.find("#no-faults")
        self.assertEqual(world.call("GET", "/_sandbox/faults")["data"], [])


class Clock(PageTest):
    def test_time_passes_when_the_person_says_so(self):
        self.open(ANA, jid(world.SUPPORT))
        self.tool("clock")
        self.shows("#clock-now", "Mar 2, 2026, 09:30:00")
        self.say("Tick")
        self.find("#log .message:last-child .ticks.pending")
        self.click("#advances button", "1 min")
        self.shows("#clock-now", "09:31:00")
        self.shows("#instant", "09:31:00")
        self.find("#log .message:last-child .ticks.delivered")
        self.click("#advances button", "1 day")
        self.shows("#clock-now", "Mar 3, 2026")
        self.shows("#log .day", "Yesterday")
        self.picture("clock")

    def test_a_reset_asks_first_and_is_seen_at_once(self):
        world.send(ANA, jid(world.SUPPORT), text="Soon forgotten")
        self.open(ANA, jid(world.SUPPORT))
        self.shows("#log", "Soon forgotten")
        self.tool("clock")
        self.click("#reset")
        self.click("#dialog-cancel")
        self.assertIn("Soon forgotten", self.find("#log").text)
        self.click("#reset")
        self.picture("reset")
        self.click("#dialog-confirm")
        self.wait(lambda _: all("Soon forgotten" not in it.text for it in self.all("#chats")), "it is still there")
        self.shows("#chats", "Small question")

    def test_the_state_can_be_saved(self):
        self.open()
        self.tool("clock")
        link = self.shows("#clock a[download]", "Export").get_attribute("href")
        self.assertEqual(link, world.BASE + "/_sandbox/state")
        self.assertEqual(world.call("GET", "/_sandbox/state")["format"], "whatsapp-sandbox-state")


class Media(PageTest):
    def test_a_file_that_has_expired_says_so(self):
        png = base64.b64encode(base64.b64decode(world.PNG)).decode()
        sent = world.send(ANA, jid(world.SUPPORT), type="image", base64=png, caption="Look")
        world.call("POST", f"/_sandbox/media/{sent['media']['id']}/expire")
        self.open(ANA, jid(world.SUPPORT))
        self.assertIn("expired", self.message(sent["id"], ".gone").text)
