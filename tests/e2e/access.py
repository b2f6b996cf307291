"""The accessibility of a program, read over its bus.

All of a program comes in one call, as a screen reader takes it when it starts: hundreds of questions, one for each widget,
would each wait for the program in between. A tree is what was there at one moment; who wants to know what is there now reads
another. Only what one widget is asked for by itself is asked for again when it was read some time ago.
(libatspi, which would do most of this, uses objects of a program that has gone, and crashes.)"""

import re
import time
import warnings

import gi

warnings.simplefilter('ignore', DeprecationWarning)

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PREFIX = 'org.a11y.atspi.'
ROOT = '/org/a11y/atspi/accessible/root'
CACHE = '/org/a11y/atspi/cache'
MOMENT = 0.2       # seconds for which something is as it was
WINDOW = 1         # coordinates in the window
ALL = 2 ** 31 - 1  # characters
ROLES = {}
BITS = {}


class Failure(Exception):
    """A condition that did not come true."""


class Bus:
    """The accessibility bus of the desktop."""

    shared = None

    @classmethod
    def get(cls):
        if cls.shared is None:
            cls.shared = cls()
        return cls.shared

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        answer = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, None,
                                   Gio.DBusCallFlags.NONE, -1, None)
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(answer.unpack()[0], flags, None, None)

    def call(self, name, path, interface, method, signature=None, *arguments):
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.connection.call_sync(name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, -1, None).unpack()

    def call_all(self, name, calls):
        """Many calls at once, as nobody has to wait for one before the next: results by path, without those that failed."""
        context, told, left = GLib.MainContext.default(), {}, [0]

        def answered(connection, result, path):
            left[0] -= 1
            try:
                told[path] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass  # it has gone
        for path, interface, method, parameters in calls:
            left[0] += 1
            self.connection.call(name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, -1, None, answered, path)
        while left[0] > 0:
            context.iteration(True)
        return told

    def programs(self):
        """(name on the bus, process) of every program that can be read."""
        for name, _ in self.call(PREFIX + 'Registry', ROOT, PREFIX + 'Accessible', 'GetChildren')[0]:
            try:
                yield name, self.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID', '(s)', name)[0]
            except GLib.Error:
                pass  # it has just gone

    def title_of(self, name):
        """What a program calls itself."""
        return self.call(name, ROOT, 'org.freedesktop.DBus.Properties', 'Get', '(ss)', PREFIX + 'Accessible', 'Name')[0]


class Tree:
    """All of a program at one moment."""

    def __init__(self, bus, name):
        self.bus, self.name, self.time = bus, name, time.monotonic()
        self.nodes, self.below, self.has_states, self.asked = {}, {}, False, 0
        for (_, path), _, (_, parent), _, count, *facts, _ in bus.call(name, CACHE, PREFIX + 'Cache', 'GetItems')[0]:
            self.nodes[path] = Node(self, path, parent, count, facts)
        # That also tells what is hidden now and leaves out what is shown for the first time: who is below whom is asked for.
        calls = [(path, PREFIX + 'Accessible', 'GetChildren', None) for path in [ROOT, *self.nodes]]
        for path, (children,) in self.bus.call_all(self.name, calls).items():
            self.below[path] = [child for _, child in children]

    @property
    def root(self):
        return self.node(ROOT, None)

    def node(self, path, parent):
        if path not in self.nodes:
            self.nodes[path] = Node(self, path, parent, 0, None)
        return self.nodes[path]

    def read_states(self):
        """Of all at once. What the program tells with the rest is how they began, not how they are."""
        if not self.has_states:
            self.has_states = True
            calls = [(path, PREFIX + 'Accessible', 'GetState', None) for path in self.nodes]
            for path, (states,) in self.bus.call_all(self.name, calls).items():
                self.nodes[path].states = states

    def look_at_states(self, node):
        """Who asks for many wants to know them all."""
        if node.states is None and not self.has_states and time.monotonic() <= self.time + MOMENT:
            self.asked += 1
            if self.asked > 12:
                self.read_states()

    def read_texts(self):
        """Texts by path, of all that have one."""
        calls = [(node.path, PREFIX + 'Text', 'GetText', GLib.Variant('(ii)', (0, ALL))) for node in self.nodes.values() if node.can('Text')]
        return {path: text for path, (text,) in self.bus.call_all(self.name, calls).items()}

    def children_of(self, node):
        if node.path not in self.below and node.facts and node.count > 0:  # it is newer than the tree
            self.below[node.path] = [path for _, path in node.call('Accessible', 'GetChildren')[0]]
        return [self.node(path, node.path) for path in self.below.get(node.path, [])]

    def walk(self, node, only_visible=False):
        """@node and all below in their order, as they were at this moment, however long it takes to look at them."""
        if only_visible:
            self.read_states()
        waiting = [node]
        while waiting:
            node = waiting.pop()
            node.renew()
            yield node
            below = self.children_of(node)
            for child in below:
                child.renew()
            waiting += [child for child in reversed(below) if not only_visible or child.has('visible')]


class Node:
    """One accessible widget."""

    def __init__(self, tree, path, parent, count, facts):
        self.tree, self.path, self.parent_path, self.count = tree, path, parent, count
        self.known, self.time = facts, tree.time
        self.states = None  # of the same moment, when they were asked for

    def call(self, interface, method, signature=None, *arguments):
        return self.tree.bus.call(self.tree.name, self.path, PREFIX + interface, method, signature, *arguments)

    @property
    def facts(self):
        """Interfaces, name, role, description."""
        if self.known is None or time.monotonic() > self.time + MOMENT:
            self.time, self.states = time.monotonic(), None
            told = self.tree.bus.call(self.tree.name, self.path, 'org.freedesktop.DBus.Properties', 'GetAll', '(s)', PREFIX + 'Accessible')[0]
            self.count = told.get('ChildCount', 0)
            self.known = [self.call('Accessible', 'GetInterfaces')[0], told.get('Name', ''), self.call('Accessible', 'GetRole')[0],
                          told.get('Description', '')]
        return self.known

    def renew(self):
        """It is looked at as part of what was read at one moment."""
        if self.known is not None:
            self.time = time.monotonic()

    def can(self, interface):
        return PREFIX + interface in self.facts[0]

    @property
    def name(self):
        """GTK 4.8 doubles the name of a button whose label has a mnemonic ("_Undo Undo"): told once here."""
        name = self.facts[1]
        half = (len(name) - 1) // 2
        return name[-half:] if half > 0 and name[:-half].replace('_', '') == name[-half:] + ' ' else name

    @property
    def role(self):
        role = self.facts[2]
        if role not in ROLES:
            ROLES[role] = Atspi.role_get_name(Atspi.Role(role))
        return ROLES[role]

    @property
    def description(self):
        return self.facts[3]

    def has(self, state):
        if state not in BITS:
            BITS[state] = int(getattr(Atspi.StateType, state.upper()))
        bit = BITS[state]
        self.tree.look_at_states(self)
        if self.states is None or time.monotonic() > self.time + MOMENT:
            self.time, self.states = time.monotonic(), self.call('Accessible', 'GetState')[0]
        return bool(self.states[bit // 32] >> bit % 32 & 1)

    @property
    def text(self):
        """What it shows: its text where it has one, else its name."""
        return self.call('Text', 'GetText', '(ii)', 0, ALL)[0] if self.can('Text') else self.name

    @property
    def extents(self):
        """x, y, width, height in its window."""
        return self.call('Component', 'GetExtents', '(u)', WINDOW)[0] if self.can('Component') else (0, 0, 0, 0)

    @property
    def visible(self):
        return self.has('visible') and min(self.extents[2:]) > 0

    @property
    def sensitive(self):
        return self.has('sensitive')

    @property
    def editable(self):
        return self.can('EditableText')

    # the tree

    def tree_now(self):
        """To look around in: another one when this was read some time ago."""
        return self.tree if self.time and time.monotonic() <= self.tree.time + MOMENT else Tree(self.tree.bus, self.tree.name)

    @property
    def children(self):
        tree = self.tree_now()
        return tree.children_of(tree.node(self.path, self.parent_path))

    @property
    def parent(self):
        return self.tree.nodes.get(self.parent_path)

    def walk(self):
        tree = self.tree_now()
        return tree.walk(tree.node(self.path, self.parent_path))

    def shown(self):
        """Like walk(), but leaves out what is not on the screen."""
        tree = self.tree_now()
        return tree.walk(tree.node(self.path, self.parent_path), only_visible=True)

    def named(self, name):
        return bool(name.search(self.name)) if isinstance(name, re.Pattern) else self.name == name

    def around(self, levels=6):
        """Itself and what it is in."""
        node = self
        while node is not None and levels > 0:
            yield node
            node, levels = node.parent, levels - 1

    def matching(self, name, role):
        """The visible widgets of that name and role: only those that have both are asked where they are."""
        roles = (role,) if isinstance(role, str) else role
        for node in self.walk():
            if (roles is None or node.role in roles) and (name is None or node.named(name)) and node.is_shown_below(self):
                yield node

    def is_shown_below(self, top):
        for node in self.around(1000):
            if node.path == top.path:
                break
            if not node.has('visible'):
                return False
        return self.visible

    def find(self, name=None, role=None, index=0):
        """The first (or index-th) visible widget of that name and role; None when there is none."""
        for node in self.matching(name, role):
            if index == 0:
                return node
            index -= 1
        return None

    def find_all(self, name=None, role=None):
        return list(self.matching(name, role))

    def texts(self):
        """What can be read in it, in order."""
        tree = self.tree_now()
        texts = tree.read_texts()
        return [texts.get(node.path, node.name) for node in tree.walk(tree.node(self.path, self.parent_path), only_visible=True)]

    # what a screen reader can do

    @property
    def has_action(self):
        return self.can('Action') and self.call('Action', 'GetActions')[0] != []

    def press(self):
        """Its action, as a screen reader would."""
        if not self.has_action:
            raise Failure(f'{self.role} "{self.name}" has no action')
        self.act('Action', 'DoAction', '(i)', 0)

    def act(self, interface, method, signature, *arguments):
        """What was read before is old."""
        self.call(interface, method, signature, *arguments)
        self.time = 0

    def set_text(self, text):
        if not self.editable:
            raise Failure(f'{self.role} "{self.name}" cannot be edited')
        self.act('EditableText', 'SetTextContents', '(s)', text)

    def select_child(self, index):
        self.act('Selection', 'SelectChild', '(i)', index)

    def dump(self, depth=0, out=None):
        out = [] if out is None else out
        mark = '' if self.visible else ' (not shown)'
        text = self.text if self.can('Text') else ''
        out.append('  ' * depth + f'{self.role} "{self.name}"' + (f' text {text[:60]!r}' if text else '') + mark)
        for child in self.children:
            child.dump(depth + 1, out)
        return '\n'.join(out)
