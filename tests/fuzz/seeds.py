#!/usr/bin/python3
"""Seeds of the fuzzers, made of what the tests have: recorded exchanges and the texts in the tests of each codec.

seeds.py SOURCE_ROOT DIRECTORY STAMP: DIRECTORY/TARGET/NN and DIRECTORY/TARGET.dict
"""
import io
import re
import sys
import zipfile
from pathlib import Path

root, out, stamp = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
MAX = 16 * 1024
seeds = {}
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]+|u[0-9a-fA-F]{4}|[0-7]{1,3}|.)', re.S)
PLAIN = {'n': b'\n', 't': b'\t', 'r': b'\r', '0': b'\0', 'a': b'\a', 'b': b'\b', 'f': b'\f', 'v': b'\v'}


def unescape(text):
    """The bytes of a literal of C."""
    parts, at = [], 0
    for match in ESCAPE.finditer(text):
        parts.append(text[at:match.start()].encode())
        code = match[1]
        if code[0] == 'x':
            parts.append(bytes([int(code[1:], 16) & 255]))
        elif code[0] == 'u' and len(code) == 5:
            parts.append(chr(int(code[1:], 16)).encode(errors='replace'))
        elif code[0] in '01234567' and code != '0':
            parts.append(bytes([int(code, 8) & 255]))
        else:
            parts.append(PLAIN.get(code, code.encode()))
        at = match.end()
    return b''.join(parts + [text[at:].encode()])


def literals(*files):
    """Texts in sources of C, those that stand side by side joined; macros between them are passed over."""
    found = []
    for name in files:
        source = (root / 'tests' / name).read_text()
        for group in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', source):
            text = b''.join(unescape(part) for part in re.findall(r'"((?:[^"\\\n]|\\.)*)"', group[0]))
            if len(text) > 1:
                found.append(text)
    return found


def add(target, *bodies, modes=(0, 8), cuts=True):
    """Each body once plainly for each mode, and once cut in three."""
    for body in bodies:
        body = body[:MAX]
        for mode in modes:
            seeds.setdefault(target, []).append(bytes([mode]) + body)
        if cuts and len(body) > 8:
            third = len(body) // 3
            seeds[target].append(bytes([modes[0] | 2]) + third.to_bytes(2, 'big') + (2 * third).to_bytes(2, 'big') + body)


def as_events(bodies):
    """JSON and pieces of it as lines of an event stream."""
    return [b'data: ' + (b if b[:1] == b'{' else b'{' + b + b'}') + b'\n\n' for b in bodies if b[:1] in b'{"']


def add_wire():
    data = root / 'tests' / 'data'
    sse = (data / 'nebelus' / 'session-sse.txt').read_bytes()
    frames = (data / 'nebelus' / 'session-ws.jsonl').read_bytes()
    client = (data / 'nebelus' / 'session-ws-client.jsonl').read_bytes()
    bodies = [p.read_bytes() for p in sorted((data / 'agentflow').glob('*.body'))]
    streams = [b for b in bodies if b'\n{' in b or b'}{' in b or b.startswith(b'{"event"')]
    add('sse', sse, *literals('core/wire/test-sse-parser.c'))
    add('ndjson', *streams, *literals('core/wire/test-ndjson-parser.c'))
    add('nebelus', sse, *literals('core/wire/test-nebelus-blocks.c'), modes=(8,))
    add('nebelus', frames, *literals('core/wire/test-nebelus-decoder.c', 'core/wire/test-nebelus-delta.c', 'core/wire/test-nebelus-media.c'),
        modes=(0,))
    add('nebelus', client, *client.splitlines(), *literals('core/wire/test-nebelus-server.c', 'core/wire/test-nebelus-encoder.c'), modes=(16,))
    add('agentflow', *streams, *literals('core/wire/test-agentflow-decoder.c', 'core/wire/test-agentflow-delta.c'))
    add('agentflow', *[b for b in bodies if b.startswith(b'{') and b not in streams], modes=(16,))
    assistants = literals('core/wire/test-assistants-decoder.c')
    add('assistants', *assistants, *as_events(assistants))
    entities = literals('core/wire/test-entities-decoder.c')
    add('entities', *entities, *as_events(entities), b''.join(as_events(entities)[:30]))
    add('aibtc', *literals('core/wire/test-aibtc-decoder.c'), cuts=False)
    texts = literals('core/wire/test-agentflow-history.c', 'core/wire/test-agentflow-blocks.c', 'core/wire/test-aibtc-decoder.c',
                     'core/wire/test-entities-decoder.c', 'core/wire/test-assistants-decoder.c')
    add('histories', *[b for b in bodies if b[:1] in b'{['], *[b'[' + t + b']' for t in texts if t[:1] == b'{'],
        *[t for t in texts if t[:1] in b'[{'], modes=(0, 8, 16, 24), cuts=False)
    add('refusals', *[b for b in bodies if len(b) < 2000], *literals('core/wire/test-agentflow-errors.c', 'core/wire/test-nebelus-errors.c',
                                                                     'core/wire/test-assistants-errors.c'), modes=(0, 24, 64, 88), cuts=False)
    for size in (0, 1, 125, 126, 300, 70000):
        head = bytes([size]) if size < 126 else b'\x7e' + size.to_bytes(2, 'big') if size < 65536 else b'\x7f' + size.to_bytes(8, 'big')
        body = b'{"a":1}' * (min(size, 400) // 7 + 1)
        for first in (0x81, 0x01, 0x80, 0x89, 0x82, 0xc1):
            add('frames', bytes([first]) + head + body[:size], bytes([first]) + head[:1] + body[:size] + bytes([0x80, 0]))


def add_data():
    bodies = [p.read_bytes() for p in sorted((root / 'tests' / 'data' / 'agentflow').glob('*.body'))]
    json = [b for b in bodies if b[:1] in b'{["' and len(b) < 8000]
    more = literals('core/util/test-json.c', 'core/util/test-json-index.c', 'core/util/test-json-stream.c')
    add('json', *json, *more, cuts=False)
    add('json-stream', *json, *more)
    add('json-schema', *[b'{"schema":' + a + b',"value":' + v + b'}' for a, v in zip(literals('core/util/test-json-schema.c') * 2,
                         (literals('core/util/test-json-schema.c') * 2)[1:]) if a[:1] == b'{'], cuts=False)
    add('data', *json[:20], *literals('core/model/test-chart.c', 'core/model/test-table.c', 'core/model/test-json-rows.c'), modes=(0,), cuts=False)
    add('markup', *literals('core/markup/test-markup.c', 'core/markup/test-markup-write.c', 'core/util/test-snippet.c'),
        (root / 'README.md').read_bytes()[:6000])
    add('math', *literals('core/markup/test-math-parse.c', 'core/markup/test-math-scan.c'), modes=(0,))
    links = literals('core/transport/test-address.c', 'core/util/test-id.c', 'ui/window/test-link.c')
    add('links', *links, b'bobbin:new?text=a%20b%26c', b'bobbin://00000003K9ZQ4', b'https://user:pw@[::1]:8/?q#f', modes=(0,), cuts=False)
    add('words', *literals('core/util/test-time.c', 'core/util/test-text.c', 'core/util/test-jwt.c', 'core/util/test-needle.c',
                           'core/util/test-fuzzy.c', 'core/util/test-redact.c', 'core/model/test-table.c'), modes=(0,), cuts=False)
    add('search', *literals('core/store/test-store-search.c'), b'"high water', b'tid*', b'NEAR(a b, 3)', b'-x AND (y', modes=(0, 8, 16), cuts=False)


def zipped(*files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(zipfile.ZipInfo(name), body)
    return packed.getvalue()


def add_files():
    texts = [t for t in literals('core/export/test-import.c', 'core/export/test-export.c') if t[:1] in b'[{']
    bodies = [p.read_bytes() for p in sorted((root / 'tests' / 'data' / 'agentflow').glob('*.body'))]
    whole = (b'{"format":"bobbin-conversation","version":1,"title":"Tides","messages":[{"role":"user","text":"When?","blocks":'
             b'[{"kind":"text","text":"When?"}]},{"role":"assistant","blocks":[{"kind":"table","data":{"rows":[[1]]}}]}]}')
    chat = (b'[{"title":"S","conversation_id":"c","current_node":"a","mapping":{"r":{"id":"r","parent":null,"children":["u"],"message":null},'
            b'"u":{"id":"u","parent":"r","children":["a"],"message":{"author":{"role":"user"},"create_time":1700000001,"content":'
            b'{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":"file-service://file-AbC12345"},"x"]}}},'
            b'"a":{"id":"a","parent":"u","children":[],"message":{"author":{"role":"assistant"},"recipient":"all","content":'
            b'{"content_type":"text","parts":["y"]}}}}}]')
    add('import', whole, b'[' + whole + b',' + whole + b']', chat, *texts, *[b for b in bodies if b'"messages"' in b], modes=(0,), cuts=False)
    add('import', zipped(('conversations.json', chat), ('file-AbC12345-sunset.png', b'\x89PNG\r\n')), zipped(('a.json', whole)),
        zipped(('bobbin-backup.json', b'{"version":1}'), ('bobbin.db', b'SQLite format 3\0'), ('attachments/ab/abcdef', b'x'), ('../up', b'x')),
        zipped(('bobbin-backup.json', b'{}')), modes=(0,), cuts=False)
    add('image', b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\6\0\0\0', b'GIF89a\x10\0\x10\0',
        b'\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\0\x10\0\x10\3\1"\0\2\x11\1\3\x11\1',
        b'RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0\x2f\0\0\0', b'RIFF\x1a\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0',
        b'RIFF\x1a\0\0\0WEBPVP8 \x0e\0\0\0\x30\1\0\x9d\x01\x2a\x10\0\x10\0', modes=(0,), cuts=False)


def words_of(bodies):
    """Names of members and commands: what a fuzzer does not find by itself."""
    found = set()
    for body in bodies:
        found.update(re.findall(rb'"[a-z_]{2,30}"', body))
        found.update(re.findall(rb'\\[a-zA-Z]{2,20}', body))
    return sorted(found)[:400] or [b'\0']  # an empty dictionary is refused


add_wire()
add_data()
add_files()
for target, bodies in seeds.items():
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(dict.fromkeys(bodies)):
        (folder / f'{number:04}').write_bytes(body)
    escaped = [''.join(chr(c) if 32 <= c < 127 and c not in (34, 92) else f'\\x{c:02x}' for c in word) for word in words_of(bodies)]
    (out / f'{target}.dict').write_text(''.join(f'"{word}"\n' for word in escaped))
stamp.write_text('')
