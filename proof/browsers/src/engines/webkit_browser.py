"""A window of WebKitGTK for WebKitWebDriver, with the folder of its profile as its argument.

WebKit's own MiniBrowser does not do: under WebDriver its session is ephemeral, and in an ephemeral session WebKit does not
print the console (FrameConsoleClient::addMessage in Source/WebCore/page/FrameConsoleClient.cpp).
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2


def started(_, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("WebKitGTK")
    info.set_version(
        WebKit2.get_major_version(),
        WebKit2.get_minor_version(),
        WebKit2.get_micro_version(),
    )
    session.set_application_info(info)
    session.connect("create-web-view", lambda _: view)


def listen():
    """Does what the file says, and removes it."""
    try:
        with open(f"{folder}/told") as file:
            word = file.read()
    except FileNotFoundError:
        return True
    if word == "no storage":
        view.get_settings().set_enable_html5_local_storage(False)
    else:
        settings = Gtk.Settings.get_default()
        settings.set_property("gtk-application-prefer-dark-theme", word == "dark")
    os.remove(f"{folder}/told")
    return True


folder = sys.argv[1]
# What WebKit calls stdout is the standard error of its processes. Rust empties the file, so each line goes to its end.
console = os.open(f"{folder}/console", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
os.dup2(console, sys.stderr.fileno())

data = WebKit2.WebsiteDataManager(
    base_data_directory=folder, base_cache_directory=folder
)
context = WebKit2.WebContext(website_data_manager=data)
# Cookies are sent to other sites, as in the simulated browser.
context.get_cookie_manager().set_accept_policy(WebKit2.CookieAcceptPolicy.ALWAYS)
context.set_automation_allowed(True)
context.connect("automation-started", started)
view = WebKit2.WebView(
    web_context=context,
    is_controlled_by_automation=True,
    settings=WebKit2.Settings(enable_write_console_messages_to_stdout=True),
)
window = Gtk.Window(default_width=1280, default_height=990)
view.connect("close", lambda _: window.destroy())
window.connect("destroy", Gtk.main_quit)
window.add(view)
window.show_all()
GLib.timeout_add(20, listen)
Gtk.main()
