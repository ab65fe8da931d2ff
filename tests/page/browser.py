"""A headless Chromium, and the page in it."""

import json
import os
import pathlib
import shutil
import unittest
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import world

PICTURES = pathlib.Path(os.environ["PAGE_PICTURES"])


def start():
    """A browser that tells what it logs and what it asks for."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    # The sandbox of Chromium needs rights that containers do not give; only the page's own files are opened.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


class PageTest(unittest.TestCase):
    """The page, open on a sandbox that is as it always begins. Afterwards nothing was logged that it need not be."""

    #: What the browser may log, where a test lets a route refuse something.
    expected = ()

    @classmethod
    def setUpClass(cls):
        cls.driver = start()

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()

    def setUp(self):
        world.begin()
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.size(1600, 900)
        self.scheme("light")

    def tearDown(self):
        logged = [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]
        unexpected = [text for text in logged if not any(part in text for part in self.expected)]
        self.assertEqual(unexpected, [], "the page logs nothing")
        asked = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        urls = [it["params"]["request"]["url"] for it in asked if it["method"] == "Network.requestWillBeSent"]
        hosts = {urllib.parse.urlparse(url).netloc for url in urls if not url.startswith(("blob:", "about:"))}
        own = urllib.parse.urlparse(self.driver.current_url).netloc
        self.assertLessEqual(hosts, {own}, "the page asks nobody else")
        self.assertTrue(urls, "the requests are seen at all")

    # The window

    def open(self, account=None, chat=None, page=world.PAGE):
        path = "/".join(urllib.parse.quote(part, safe="") for part in (account, chat) if part)
        # Another fragment alone would load nothing.
        self.driver.get("about:blank")
        self.driver.get(f"{page}#/{path}" if path else page)
        self.find("body[data-ready]")
        if chat:
            self.find("#open")

    def size(self, width, height):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def scheme(self, name):
        features = [
            {"name": "prefers-color-scheme", "value": name},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, name):
        self.driver.save_screenshot(str(PICTURES / f"{name}.png"))

    def run_script(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    # What is there

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector):
        """The element, once it is there and can be seen."""

        def visible(driver):
            try:
                return next((it for it in driver.find_elements(By.CSS_SELECTOR, selector) if it.is_displayed()), None)
            except StaleElementReferenceException:
                return None

        return self.wait(visible, f"nothing like {selector} to be seen")

    def shows(self, selector, text):
        """The element that has this text, once there is one."""

        def look(driver):
            try:
                found = driver.find_elements(By.CSS_SELECTOR, selector)
                return next((it for it in found if text in (it.text or it.get_attribute("textContent"))), None)
            except StaleElementReferenceException:
                return None

        return self.wait(look, f"no {selector} with {text!r}")

    def gone(self, selector):
        """Waits until nothing like this can be seen."""

        def look(driver):
            try:
                return not any(it.is_displayed() for it in driver.find_elements(By.CSS_SELECTOR, selector))
            except StaleElementReferenceException:
                return False

        self.wait(look, f"{selector} is still there")

    def wait(self, look, message):
        return WebDriverWait(self.driver, world.PATIENCE, poll_frequency=0.05).until(look, message)

    def message(self, message_id, rest=""):
        """The bubble of a message, or a part of it."""
        return self.find(self.of(message_id, rest))

    @staticmethod
    def of(message_id, rest=""):
        return f'#log li[data-id="{message_id}"] {rest}'

    # What a person does

    def click(self, selector, text=""):
        """Clicks what has this text; once more if it was just replaced by what it is now."""

        def clicked(driver):
            try:
                found = driver.find_elements(By.CSS_SELECTOR, selector)
                wanted = next((it for it in found if it.is_displayed() and text in it.get_attribute("textContent")), None)
                if wanted is None:
                    return False
                wanted.click()
                return True
            except StaleElementReferenceException:
                return False

        self.wait(clicked, f"no {selector} with {text!r} to click on")

    def press(self, *keys):
        """Presses keys, wherever the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self):
        return self.driver.switch_to.active_element

    def fill(self, selector, text):
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def say(self, text):
        """Writes in the composer."""
        self.find("#text").send_keys(text + Keys.ENTER)

    def choose(self, selector, value):
        self.click(f'{selector} option[value="{value}"]')

    def tool(self, name):
        """Opens a tool."""
        if not self.all("body.with-tools"):
            self.click("#tools-toggle")
        self.click(f"#tab-{name}")
        return self.find(f"#{name}")

    def menu(self, message_id, item):
        """Chooses from the menu of a message."""
        self.click(self.of(message_id, ".actions"))
        self.click("#menu [role=menuitem]", item)
