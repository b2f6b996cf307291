#!/usr/bin/python3
"""What a desktop offers on the session bus, as far as the program uses it, for tests: a process of its own that notes what it is
asked, a JSON line a call.

    desktop-services.py NAME...     of those in SERVICES

    gtk            org.gtk.Notifications, as the shell of GNOME has it
    notifications  org.freedesktop.Notifications, as others have it; {"invoke": [number, "key"]} on standard input clicks
    background     the Background portal, which grants what is asked; {"deny": true} makes it refuse
    session        org.gnome.SessionManager: inhibitors"""

import json
import sys
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

INTERFACES = '''<node>
<interface name="org.gtk.Notifications">
  <method name="AddNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
  <method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
</interface>
<interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/>
    <arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface>
<interface name="org.freedesktop.portal.Background">
  <method name="RequestBackground"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method>
  <property name="version" type="u" access="read"/>
</interface>
<interface name="org.gnome.SessionManager">
  <method name="RegisterClient"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
  <method name="UnregisterClient"><arg type="o" direction="in"/></method>
  <method name="Inhibit"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="u" direction="in"/><arg type="u" direction="out"/></method>
  <method name="Uninhibit"><arg type="u" direction="in"/></method>
</interface>
</node>'''

SERVICES = {
    'gtk': ('org.gtk.Notifications', '/org/gtk/Notifications'),
    'notifications': ('org.freedesktop.Notifications', '/org/freedesktop/Notifications'),
    'background': ('org.freedesktop.portal.Background', '/org/freedesktop/portal/desktop'),
    'session': ('org.gnome.SessionManager', '/org/gnome/SessionManager'),
}
NAMES = {'background': 'org.freedesktop.portal.Desktop'}

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
state = {'number': 0, 'deny': False}


def respond(sender, options):
    """The portal's answer: a signal from the request."""
    path = f'/org/freedesktop/portal/desktop/request/{sender[1:].replace(".", "_")}/{options["handle_token"]}'
    granted = not state['deny']
    results = {'background': GLib.Variant('b', granted), 'autostart': GLib.Variant('b', granted and options.get('autostart', False))}
    GLib.idle_add(lambda: bus.emit_signal(sender, path, 'org.freedesktop.portal.Request', 'Response',
                                          GLib.Variant('(ua{sv})', (0 if granted else 1, results))) and False)
    return GLib.Variant('(o)', (path,))


def called(_, sender, path, interface, method, parameters, invocation):
    arguments = parameters.unpack()
    print(json.dumps([method, *arguments]), flush=True)
    state['number'] += 1
    out = {
        'GetCapabilities': lambda: GLib.Variant('(as)', (['actions', 'body', 'body-markup', 'persistence'],)),
        'GetServerInformation': lambda: GLib.Variant('(ssss)', ('Tests', 'Bobbin', '1', '1.2')),
        'Notify': lambda: GLib.Variant('(u)', (arguments[1] or state['number'],)),
        'RequestBackground': lambda: respond(sender, arguments[1]),
        'RegisterClient': lambda: GLib.Variant('(o)', ('/org/gnome/SessionManager/Client1',)),
        'Inhibit': lambda: GLib.Variant('(u)', (state['number'],)),
    }.get(method)
    value = out() if out else None
    if method == 'Notify':
        print(json.dumps(['Notified', value.unpack()[0]]), flush=True)
    invocation.return_value(value)


def read_commands():
    for line in sys.stdin:
        command = json.loads(line)
        state['deny'] = command.get('deny', state['deny'])
        if 'invoke' in command:
            number, key = command['invoke']
            bus.emit_signal(None, SERVICES['notifications'][1], SERVICES['notifications'][0], 'ActionInvoked',
                            GLib.Variant('(us)', (number, key)))


if __name__ == '__main__':
    node = Gio.DBusNodeInfo.new_for_xml(INTERFACES)
    for name in sys.argv[1:]:
        interface, path = SERVICES[name]
        bus.register_object(path, node.lookup_interface(interface), called, None, None)
        bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
                      GLib.Variant('(su)', (NAMES.get(name, interface), 4)), None, 0, -1, None)
    print('"ready"', flush=True)
    threading.Thread(target=read_commands, daemon=True).start()
    GLib.MainLoop().run()
