#!/usr/bin/python3
"""Buttons that show only an icon say what they do: a tooltip and an accessible label each. Fields have a label."""

import xml.etree.ElementTree as ET

from tap import TOP, main, read, tracked

FIELDS = ('GtkEntry', 'GtkSearchEntry', 'GtkText', 'GtkTextView', 'GtkListView', 'GtkDropDown', 'GtkSwitch', 'GtkScale')
BUTTONS = ('GtkButton', 'GtkMenuButton', 'GtkToggleButton', 'AdwSplitButton')


def properties(node):
    return {p.get('name'): (p.text or '') for p in node.findall('property')}


def accessible(node):
    block = node.find('accessibility')
    return {} if block is None else {e.get('name'): e for e in block}


def objects(kinds):
    for path in tracked('.ui'):
        for node in ET.parse(f'{TOP}/{path}').getroot().iter():
            if node.tag in ('object', 'template') and (node.get('parent') or node.get('class')) in kinds:
                yield path, node


def icon_buttons_have_words():
    bad, seen = [], 0
    for path, node in objects(BUTTONS):
        props = properties(node)
        bare_image = node.find('property[@name="child"]/object[@class="GtkImage"]') is not None \
            or node.find('child/object[@class="GtkImage"]') is not None
        if 'label' in props or not ('icon-name' in props or bare_image):
            continue
        seen += 1
        bound = {p.get('name') for p in node.findall('binding')}
        if 'tooltip-text' not in props and 'tooltip-text' not in bound:
            bad.append(f'{path}: {node.get("id") or props}: no tooltip')
        if not {'label', 'labelled-by'} & set(accessible(node)):
            bad.append(f'{path}: {node.get("id") or props}: no accessible label')
    assert seen > 10, f'only {seen} icon buttons were found'
    assert not bad, '\n'.join(bad)


def fields_have_labels():
    bad = []
    for path, node in objects(FIELDS):
        # A row labels the widget it activates by its title.
        if node.get('id') and f'<property name="activatable-widget">{node.get("id")}<' in read(path):
            continue
        if not {'label', 'labelled-by'} & set(accessible(node)):
            bad.append(f'{path}: {node.get("class")} {node.get("id")}: no accessible label')
    assert not bad, '\n'.join(bad)


if __name__ == '__main__':
    main([icon_buttons_have_words, fields_have_labels])
