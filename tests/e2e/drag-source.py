#!/usr/bin/python3
"""A window to drag files from: drag-source.py FILE... Prints drag-end or drag-cancel."""

import sys

import gi

gi.require_version('Gtk', '4.0')
gi.require_version('Gdk', '4.0')
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402

uris = ''.join(Gio.File.new_for_path(p).get_uri() + '\r\n' for p in sys.argv[1:]).encode()


def told(word):
    print(word, flush=True)
    return False


def activate(app):
    window = Gtk.ApplicationWindow(application=app, title='Drag Source', default_width=260, default_height=140)
    label = Gtk.Label(label='drag me', hexpand=True, vexpand=True)
    window.set_child(label)
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect('prepare', lambda *a: Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new(uris)))
    source.connect('drag-end', lambda *a: told('drag-end'))
    source.connect('drag-cancel', lambda *a: told('drag-cancel'))
    label.add_controller(source)
    window.present()


application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect('activate', activate)
application.run([])
