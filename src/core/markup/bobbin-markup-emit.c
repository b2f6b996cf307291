/* The text of a block. The tree tells lines and columns of a text only roughly; where it really stands in the source is found by
 * laying the two side by side. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-walk.h"

#include <string.h>

#define LABEL_MAX  64 /* bytes */
#define ENTITY_MAX 40
#define NEEDLE_MAX 16

const BobbinWalkStyle *
_bobbin_walk_style (BobbinWalk *walk)
{
  static const BobbinWalkStyle none = { 0, 0 };

  return walk->styles->len > 0 ? &g_array_index (walk->styles, BobbinWalkStyle, walk->styles->len - 1) : &none;
}

static guint
add_target (BobbinWalk       *walk,
            const char *target)
{
  if (walk->block->targets == NULL)
    walk->block->targets = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (walk->block->targets, g_strdup (target));

  return walk->block->targets->len;
}

void
_bobbin_walk_push_style (BobbinWalk       *walk,
            guint       flags,
            const char *target)
{
  BobbinWalkStyle style = *_bobbin_walk_style (walk);

  style.flags |= flags;
  if (target != NULL && *target != '\0')
    style.target = add_target (walk, target);
  else if (target != NULL)
    style.flags &= ~(guint) flags; /* a link to nowhere is text */
  g_array_append_val (walk->styles, style);
}

static void
add_run (BobbinWalk  *walk,
         guint  start,
         guint  flags,
         guint  target)
{
  guint end = (guint) walk->text->len;
  BobbinMarkupRun run = { start, end, flags, target };
  BobbinMarkupRun *last;

  if (flags == 0 || end == start)
    return;
  if (walk->block->runs == NULL)
    walk->block->runs = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupRun));
  last = walk->block->runs->len > 0 ? &g_array_index (walk->block->runs, BobbinMarkupRun, walk->block->runs->len - 1) : NULL;
  if (last != NULL && last->end == start && last->flags == flags && last->target == target &&
      !(flags & (BOBBIN_RUN_MATH | BOBBIN_RUN_NOTE)))
    last->end = end;
  else
    g_array_append_val (walk->block->runs, run);
}

/* From here on the drawn text stands at @source. */
static void
step_to (BobbinWalk  *walk,
         gsize  source)
{
  BobbinMarkupStep step = { (guint) walk->text->len, source };
  GArray *steps = walk->block->steps;

  if (steps->len > 0 && walk->expected == source)
    return;
  if (steps->len > 0 && g_array_index (steps, BobbinMarkupStep, steps->len - 1).drawn == step.drawn)
    g_array_set_size (steps, steps->len - 1);
  g_array_append_val (steps, step);
}

/* @length drawn bytes for what stands at @at of the buffer, @used bytes of it. */
void
_bobbin_walk_emit (BobbinWalk       *walk,
      const char *drawn,
      gsize       length,
      gsize       at,
      gsize       used)
{
  gsize source = _bobbin_markup_parse_source (walk->parse, at);

  step_to (walk, source);
  g_string_append_len (walk->text, drawn, (gssize) length);
  walk->pos = at + used;
  walk->expected = length == used ? source + used : G_MAXSIZE;
}

/* Drawn as it stands in the source, where formulas are not made opaque. */
static void
emit_side_by_side (BobbinWalk  *walk,
                   gsize  at,
                   gsize  length)
{
  const BobbinMarkupParse *parse = walk->parse;

  if (at >= parse->prelude && at + length <= parse->prelude + (parse->to - parse->from))
    _bobbin_walk_emit (walk, parse->source + parse->from + (at - parse->prelude), length, at, length);
  else
    _bobbin_walk_emit (walk, parse->buf->str + at, length, at, length);
}

/* Where the text of @node begins, by what the tree says of it; G_MAXSIZE when that is not so. */
static gsize
hinted (BobbinWalk       *walk,
        cmark_node *node,
        const char *literal,
        gsize       length)
{
  const char *buf = walk->parse->buf->str;
  int line = cmark_node_get_start_line (node);
  int column = cmark_node_get_start_column (node) - 1;
  int first = cmark_node_get_start_line (walk->leaf);
  gsize at;

  if (line < first || column < 0)
    return G_MAXSIZE;

  at = _bobbin_markup_parse_line (walk->parse, line);
  if (line > first)
    {
      column -= cmark_node_get_start_column (walk->leaf) - 1;
      while (at < walk->limit && (buf[at] == ' ' || buf[at] == '\t' || buf[at] == '>'))
        at++;
    }
  at += (gsize) MAX (column, 0);
  length = MIN (length, 8);
  if (at < walk->pos || at + length > walk->limit || memcmp (buf + at, literal, length) != 0)
    return G_MAXSIZE;

  return at;
}

/* By its first bytes: what is long is found by them too. */
static const char *
find (const char *text,
      gsize       length,
      const char *needle,
      gsize       needle_length)
{
  char first[NEEDLE_MAX + 1];

  needle_length = MIN (needle_length, NEEDLE_MAX);
  memcpy (first, needle, needle_length);
  first[needle_length] = '\0';

  return g_strstr_len (text, (gssize) length, first);
}

static gsize
locate (BobbinWalk       *walk,
        cmark_node *node,
        const char *literal,
        gsize       length)
{
  const char *buf = walk->parse->buf->str;
  gsize at = hinted (walk, node, literal, length);
  const char *found;

  if (at != G_MAXSIZE)
    return at;
  if (walk->pos + length <= walk->limit && memcmp (buf + walk->pos, literal, length) == 0)
    return walk->pos;

  found = find (buf + walk->pos, walk->limit - walk->pos, literal, length);
  return found != NULL ? (gsize) (found - buf) : walk->pos;
}

static gboolean
same_byte (char drawn,
           char source)
{
  return drawn == source || (drawn == ' ' && source == '\n');
}

/* Lays @literal beside the source from @at on and takes it over, whatever is hidden between. */
void
_bobbin_walk_literal (BobbinWalk       *walk,
              const char *literal,
              gsize       length,
              gsize       at)
{
  const char *buf = walk->parse->buf->str;
  gsize i = 0;

  while (i < length)
    {
      gsize n = 0;
      const char *semicolon;

      while (i + n < length && at + n < walk->limit && literal[i + n] == buf[at + n])
        n++;
      while (n > 0 && i + n < length && (literal[i + n] & 0xc0) == 0x80)
        n--;
      if (n > 0)
        {
          emit_side_by_side (walk, at, n);
          i += n;
          at += n;
          continue;
        }
      if (at >= walk->limit)
        {
          _bobbin_walk_emit (walk, literal + i, length - i, walk->pos, 0);
          return;
        }
      if (same_byte (literal[i], buf[at]))
        {
          _bobbin_walk_emit (walk, " ", 1, at, 1);
          i++;
          at++;
          continue;
        }
      semicolon = buf[at] == '&' ? memchr (buf + at, ';', MIN (walk->limit - at, ENTITY_MAX)) : NULL;
      if (semicolon != NULL)
        {
          n = g_utf8_next_char (literal + i) - (literal + i);
          _bobbin_walk_emit (walk, literal + i, n, at, semicolon + 1 - (buf + at));
          i += n;
          at = semicolon + 1 - buf;
          continue;
        }
      at++;
    }
}

void
_bobbin_walk_styled (BobbinWalk       *walk,
             cmark_node *node,
             guint       flags)
{
  const char *literal = cmark_node_get_literal (node);
  gsize length = literal != NULL ? strlen (literal) : 0;
  guint start = (guint) walk->text->len;
  const BobbinWalkStyle *style = _bobbin_walk_style (walk);

  if (length == 0)
    return;
  _bobbin_walk_literal (walk, literal, length, locate (walk, node, literal, length));
  add_run (walk, start, style->flags | flags, style->target);
}

/* "[^label]": the number it has in the document. */
static void
emit_note (BobbinWalk       *walk,
           const char *mark,
           gsize       length,
           gsize       at)
{
  BobbinMarkupParse *parse = walk->parse;
  g_autofree char *label = g_strndup (mark + 2, length - 3);
  g_autofree char *number = NULL;
  guint start = (guint) walk->text->len;
  gboolean known = _bobbin_markup_refs_has_note (parse->refs, label, strlen (label));

  if (!known)
    walk->block->open_refs = TRUE;
  if (!known && parse->final)
    {
      _bobbin_walk_literal (walk, mark, length, at);
      add_run (walk, start, _bobbin_walk_style (walk)->flags, _bobbin_walk_style (walk)->target);
      return;
    }
  number = g_strdup_printf ("%u", _bobbin_markup_refs_note (parse->refs, label, strlen (label), FALSE));
  _bobbin_walk_emit (walk, number, strlen (number), at, length);
  add_run (walk, start, (_bobbin_walk_style (walk)->flags & ~(guint) BOBBIN_RUN_LINK) | BOBBIN_RUN_NOTE, add_target (walk, label));
}

/* "[^label]" at @text: its length; 0: it is none. */
static gsize
note_length (const char *text)
{
  gsize n;

  if (text[1] != '^')
    return 0;
  n = strcspn (text + 2, "[] \t\n");

  return n > 0 && n <= LABEL_MAX && text[2 + n] == ']' ? n + 3 : 0;
}

/* The formula that stands at @at of the buffer. */
static const BobbinMathSpan *
find_span (BobbinWalk *walk,
           gsize       at)
{
  const BobbinMarkupParse *parse = walk->parse;
  gsize source = _bobbin_markup_parse_source (parse, at);
  guint low = 0;
  guint high = parse->math->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const BobbinMathSpan *span = &g_array_index (parse->math, BobbinMathSpan, middle);

      if (span->start == source)
        return span;
      if (span->start < source)
        low = middle + 1;
      else
        high = middle;
    }

  return NULL;
}

static gsize
emit_math (BobbinWalk           *walk,
           const BobbinMathSpan *span,
           gsize                 at)
{
  g_autofree char *tex = bobbin_math_span_dup_tex (walk->parse->source, span);
  gboolean alone = span->display && _bobbin_walk_part (walk, BOBBIN_MARKUP_MATH, at);
  guint start = (guint) walk->text->len;

  _bobbin_walk_emit (walk, BOBBIN_OBJECT, strlen (BOBBIN_OBJECT), at, span->end - span->start);
  if (alone)
    {
      walk->block->info = g_steal_pointer (&tex);
      _bobbin_walk_part (walk, BOBBIN_MARKUP_PARAGRAPH, walk->pos);
    }
  else
    {
      add_run (walk, start, _bobbin_walk_style (walk)->flags | BOBBIN_RUN_MATH | (span->display ? BOBBIN_RUN_DISPLAY : 0),
               add_target (walk, tex));
    }

  return span->end - span->start;
}

static void
emit_plain (BobbinWalk *walk,
            const char *literal,
            gsize       length,
            gsize       at)
{
  const BobbinWalkStyle *style = _bobbin_walk_style (walk);
  guint start = (guint) walk->text->len;

  /* what goes on behind a picture or a formula */
  for (; start == 0 && !walk->block->continues && walk->block->kind == BOBBIN_MARKUP_PARAGRAPH && length > 0 && *literal == ' '; length--)
    {
      literal++;
      at++;
    }
  if (length == 0)
    return;
  _bobbin_walk_literal (walk, literal, length, at);
  add_run (walk, start, style->flags, style->target);
}

/* Text with footnotes and formulas in it. */
static void
emit_mixed (BobbinWalk *walk,
            const char *literal,
            gsize       at)
{
  const char *plain = literal;
  const char *p = literal;

  while ((p = strpbrk (p, "[\xef")) != NULL)
    {
      gsize length = *p == '[' && walk->parse->refs != NULL ? note_length (p) : 0;
      gboolean math = g_str_has_prefix (p, BOBBIN_MATH_MARK);
      const BobbinMathSpan *span = NULL;
      const char *found;
      gsize place;

      if (length == 0 && !math)
        {
          p++;
          continue;
        }
      emit_plain (walk, plain, (gsize) (p - plain), at);
      at = plain < p ? walk->pos : MAX (at, walk->pos);
      found = find (walk->parse->buf->str + at, walk->limit - at, p, math ? 3 : length);
      place = found != NULL ? (gsize) (found - walk->parse->buf->str) : at;
      if (math)
        span = find_span (walk, place);
      if (length > 0)
        emit_note (walk, p, length, place);
      else if (span != NULL)
        length = emit_math (walk, span, place);
      else
        emit_plain (walk, p, length = 3, place);
      at = walk->pos;
      p += MIN (length, strlen (p));
      plain = p;
    }
  emit_plain (walk, plain, strlen (plain), at);
}

void
_bobbin_walk_text (BobbinWalk *walk,
                   cmark_node *node)
{
  const char *literal = cmark_node_get_literal (node);
  const BobbinMarkupParse *parse = walk->parse;
  gsize at;

  if (literal == NULL || *literal == '\0')
    return;
  if (walk->block->continues && walk->text->len == 0 && walk->pos == parse->prelude &&
      g_str_has_prefix (literal, BOBBIN_PRELUDE_MARK))
    {
      literal += strlen (BOBBIN_PRELUDE_MARK);
      at = walk->pos;
    }
  else
    {
      at = locate (walk, node, literal, strlen (literal));
    }
  if (strchr (literal, ']') != NULL && parse->refs != NULL)
    walk->block->open_refs = TRUE; /* perhaps a link that is defined later */

  if (!parse->strict && strpbrk (literal, "[\xef") != NULL)
    emit_mixed (walk, literal, at);
  else
    emit_plain (walk, literal, strlen (literal), at);
}

static gboolean
is_wide_before (const char *text,
                gsize       end)
{
  const char *p;

  if (end == 0)
    return FALSE;
  p = g_utf8_find_prev_char (text, text + end);

  return p != NULL && g_unichar_iswide (g_utf8_get_char (p));
}

/* A line end within a paragraph: a space, or nothing between two characters of a script that has none. */
void
_bobbin_walk_break (BobbinWalk       *walk,
            cmark_node *node)
{
  const char *buf = walk->parse->buf->str;
  const char *newline = memchr (buf + walk->pos, '\n', walk->limit - walk->pos);
  gsize at = newline != NULL ? (gsize) (newline - buf) : walk->pos;
  guint start = (guint) walk->text->len;
  const BobbinWalkStyle *style = _bobbin_walk_style (walk);
  gsize next = at + 1;

  if (walk->text->len == 0 && walk->block->cells == NULL)
    return; /* the prelude's, or after a formula */
  if (cmark_node_get_type (node) == CMARK_NODE_LINEBREAK)
    {
      _bobbin_walk_emit (walk, "\n", 1, at, 1);
    }
  else
    {
      while (next < walk->limit && (buf[next] == ' ' || buf[next] == '\t' || buf[next] == '>'))
        next++;
      if (is_wide_before (walk->text->str, walk->text->len) && next < walk->limit &&
          g_unichar_iswide (g_utf8_get_char (buf + next)))
        walk->pos = at + 1;
      else
        _bobbin_walk_emit (walk, " ", 1, at, 1);
    }
  add_run (walk, start, style->flags, style->target);
}

void
_bobbin_walk_pop_style (BobbinWalk *walk)
{
  g_array_set_size (walk->styles, walk->styles->len - 1);
}

void
_bobbin_walk_emit_mark (BobbinWalk *walk,
                        const char *drawn,
                        gsize       at,
                        gsize       used)
{
  guint start = (guint) walk->text->len;
  const BobbinWalkStyle *style = _bobbin_walk_style (walk);

  _bobbin_walk_emit (walk, drawn, strlen (drawn), at, used);
  add_run (walk, start, style->flags, style->target);
}
