#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <string.h>

/* A stretch that names something nobody had defined: looked at again when the document has ended. */
typedef struct
{
  gsize               from;
  gsize               to;
  BobbinMarkupContext context;
  guint               first;    /* block */
  guint               n_blocks;
} Stretch;

struct _BobbinMarkup
{
  /* owned */
  GPtrArray           *blocks;  /* of BobbinMarkupBlock; the frozen ones and then the tail */
  BobbinMarkupRefs    *refs;
  GArray              *open;    /* of Stretch */
  BobbinMarkupContext  context; /* of the tail */
  BobbinMarkupFlavour  flavour;
  guint                n_frozen;
  gsize                frozen;  /* bytes: the tail begins here */
  gsize                data;    /* bytes: a large picture at the start of the tail was read up to here */
  gsize                lines;   /* bytes: the whole lines up to here were looked at */
  guint64              parsed;
  guint                n_resolved; /* of @open, when the document has ended */
  gboolean             patient;
  gboolean             pending;    /* it has ended, and some of @open were not looked at again */
};

static void
stretch_clear (gpointer data)
{
  Stretch *stretch = data;

  _bobbin_markup_context_clear (&stretch->context);
}

BobbinMarkup *
bobbin_markup_new (BobbinMarkupFlavour flavour)
{
  BobbinMarkup *self = g_new0 (BobbinMarkup, 1);

  self->flavour = flavour;
  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_markup_block_free);
  self->open = g_array_new (FALSE, TRUE, sizeof (Stretch));
  g_array_set_clear_func (self->open, stretch_clear);
  self->refs = _bobbin_markup_refs_new ();

  return self;
}

void
bobbin_markup_free (BobbinMarkup *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->blocks);
  g_array_unref (self->open);
  _bobbin_markup_refs_free (self->refs);
  _bobbin_markup_context_clear (&self->context);
  g_free (self);
}

void
bobbin_markup_reset (BobbinMarkup *self)
{
  g_ptr_array_set_size (self->blocks, 0);
  g_array_set_size (self->open, 0);
  _bobbin_markup_refs_free (self->refs);
  self->refs = _bobbin_markup_refs_new ();
  _bobbin_markup_context_clear (&self->context);
  self->n_frozen = 0;
  self->frozen = 0;
  self->data = 0;
  self->lines = 0;
  self->n_resolved = 0;
  self->pending = FALSE;
}

void
bobbin_markup_set_patient (BobbinMarkup *self,
                           gboolean      patient)
{
  self->patient = patient;
}

gboolean
bobbin_markup_get_pending (BobbinMarkup *self)
{
  return self->pending;
}

guint
bobbin_markup_get_n (BobbinMarkup *self)
{
  return self->blocks->len;
}

guint
bobbin_markup_get_n_frozen (BobbinMarkup *self)
{
  return self->n_frozen;
}

guint64
bobbin_markup_get_parsed (BobbinMarkup *self)
{
  return self->parsed;
}

const BobbinMarkupBlock *
bobbin_markup_get (BobbinMarkup *self,
                   guint         index)
{
  g_return_val_if_fail (index < self->blocks->len, NULL);

  return g_ptr_array_index (self->blocks, index);
}

static void
parse_begin (BobbinMarkup              *self,
             BobbinMarkupParse         *parse,
             const BobbinMarkupContext *context,
             const char                *text,
             gsize                      from,
             gsize                      to,
             const char                *suffix,
             gboolean                   whole)
{
  *parse = (BobbinMarkupParse) {
    .source = text, .from = from, .to = to, .context = context,
    .strict = self->flavour == BOBBIN_MARKUP_STRICT, .refs = self->refs, .whole = whole,
  };
  self->parsed += to - from;
  _bobbin_markup_parse_init (parse, suffix);
}

/* Puts @fresh in the place of what is there from @at on, but keeps what is the same. Returns the first block that is not. */
static guint
merge (BobbinMarkup *self,
       GPtrArray    *fresh,
       guint         at,
       const char   *text)
{
  guint changed = at + fresh->len;

  for (guint i = 0; i < fresh->len; i++)
    {
      BobbinMarkupBlock *block = g_ptr_array_index (fresh, i);
      BobbinMarkupBlock *old = at + i < self->blocks->len ? g_ptr_array_index (self->blocks, at + i) : NULL;
      guint same = old != NULL ? bobbin_markup_block_compare (old, block, text) : 0;

      if (same == G_MAXUINT)
        {
          old->same = G_MAXUINT;
          continue;
        }
      changed = MIN (changed, at + i);
      block->same = same;
      fresh->pdata[i] = NULL;
      if (old == NULL)
        {
          g_ptr_array_add (self->blocks, block);
        }
      else
        {
          bobbin_markup_block_free (old);
          self->blocks->pdata[at + i] = block;
        }
    }

  return changed;
}

static gboolean
has_open_refs (GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    if (((BobbinMarkupBlock *) g_ptr_array_index (blocks, i))->open_refs)
      return TRUE;

  return FALSE;
}

static void
context_copy (BobbinMarkupContext       *to,
              const BobbinMarkupContext *from)
{
  *to = *from;
  to->head = g_strdup (from->head);
}

/* The tail begins at @to from now on; @blocks are what stands before it. */
static guint
freeze (BobbinMarkup        *self,
        GPtrArray           *blocks,
        const char          *text,
        gsize                to,
        BobbinMarkupContext *context)
{
  guint changed;

  _bobbin_markup_refs_collect (self->refs, blocks, text, self->frozen, to);
  if (has_open_refs (blocks))
    {
      Stretch stretch = { .from = self->frozen, .to = to, .first = self->n_frozen, .n_blocks = blocks->len };

      context_copy (&stretch.context, &self->context);
      g_array_append_val (self->open, stretch);
    }
  changed = merge (self, blocks, self->n_frozen, text);
  self->n_frozen += blocks->len;
  self->frozen = to;
  self->lines = MAX (self->lines, to);
  _bobbin_markup_context_clear (&self->context);
  self->context = *context;

  return changed;
}

/* Code without a line begins and ends behind its fence, where the next unit begins. */
static gboolean
is_before (const BobbinMarkupBlock *block,
           gsize                    boundary)
{
  return block->start < boundary || (block->kind == BOBBIN_MARKUP_CODE && block->end <= boundary);
}

/* Leaves those before @boundary; what comes then tells the number its list goes on with. */
static void
keep_before (GPtrArray           *blocks,
             gsize                boundary,
             BobbinMarkupContext *ret_context)
{
  const BobbinMarkupBlock *next;
  guint n = 0;

  memset (ret_context, 0, sizeof *ret_context);
  while (n < blocks->len && is_before (g_ptr_array_index (blocks, n), boundary))
    n++;
  if (n == blocks->len)
    return;

  next = g_ptr_array_index (blocks, n);
  if (next->n_boxes > 0 && (next->boxes[0].kind == BOBBIN_BOX_BULLET || next->boxes[0].kind == BOBBIN_BOX_NUMBER))
    {
      ret_context->in_list = TRUE;
      ret_context->list = next->boxes[0].list;
      ret_context->number = next->boxes[0].number;
    }
  g_ptr_array_set_size (blocks, (int) n);
}

/* Cuts the unit that fills [frozen, to). */
static gsize
cut_unit (BobbinMarkup        *self,
          BobbinMarkupParse   *parse,
          GPtrArray          **blocks,
          BobbinMarkupContext *ret_context)
{
  gsize boundary = _bobbin_markup_cut (parse, *blocks, ret_context);
  BobbinMarkupParse again;

  if (boundary <= parse->from || boundary > parse->to)
    {
      boundary = parse->to;
      _bobbin_markup_context_clear (ret_context);
    }
  if (boundary == parse->to)
    return boundary;

  parse_begin (self, &again, &self->context, parse->source, parse->from, boundary, NULL, TRUE);
  g_ptr_array_unref (*blocks);
  *blocks = _bobbin_markup_walk (&again);
  _bobbin_markup_parse_clear (&again);

  return boundary;
}

/* Freezes what is finished in [frozen, to), which are whole lines, or so many bytes that something has to be cut (@full). */
static gboolean
advance (BobbinMarkup *self,
         const char   *text,
         gsize         to,
         gboolean      full,
         guint        *changed)
{
  BobbinMarkupParse parse;
  BobbinMarkupContext context = { 0 };
  GPtrArray *blocks;
  cmark_node *before;
  cmark_node *last;
  gsize boundary = 0;

  parse_begin (self, &parse, &self->context, text, self->frozen, to, NULL, full);
  last = _bobbin_markup_parse_last_unit (&parse, &before);
  if (last != NULL && before != NULL)
    boundary = _bobbin_markup_parse_source (&parse,
                                            _bobbin_markup_parse_line (&parse, cmark_node_get_start_line (last)));
  if (boundary > parse.settled)
    boundary = 0;

  if (boundary > self->frozen || full)
    {
      guint first;

      blocks = _bobbin_markup_walk (&parse);
      if (boundary > self->frozen)
        keep_before (blocks, boundary, &context);
      else
        boundary = cut_unit (self, &parse, &blocks, &context);
      first = freeze (self, blocks, text, boundary, &context);
      *changed = MIN (*changed, first);
      g_ptr_array_unref (blocks);
    }
  _bobbin_markup_parse_clear (&parse);

  return boundary > 0;
}

/* Whether the line at @at may begin or end fenced code. */
static gboolean
is_fence (const char *text,
          gsize       at,
          gsize       to)
{
  while (at < to && text[at] == ' ')
    at++;

  return to - at >= 3 && (text[at] == '`' || text[at] == '~') && text[at + 1] == text[at] && text[at + 2] == text[at];
}

/* The last line's end within the smaller window when there is nothing but fenced code in it; 0: there is something else, or the line
 * is so long that it is not known yet. */
static gsize
code_end (BobbinMarkup *self,
          const char   *text,
          gsize         length)
{
  const BobbinMarkupContext *context = &self->context;
  gsize to = self->frozen + BOBBIN_MARKUP_CODE_WINDOW;
  gsize end = self->frozen;
  gboolean inside = context->leaf == LEAF_CODE && context->head != NULL;

  if (length <= to || context->n_boxes > 0 || context->mid_line || (!inside && !is_fence (text, end, to)))
    return 0;
  for (const char *p = text + end; (p = memchr (p, '\n', (size_t) (text + to - p))) != NULL;)
    {
      end = (gsize) (++p - text);
      if (is_fence (text, end, to))
        return 0;
    }

  return end > self->frozen + BOBBIN_MARKUP_CODE_WINDOW / 2 ? end : 0;
}

/* The end of the first line from @from on that may begin code which code_end() cuts: it has to be frozen up to there first, as it is
 * when the text comes in pieces. 0: there is none in the window. */
static gsize
long_code (BobbinMarkup *self,
           const char   *text,
           gsize         from,
           gsize         length)
{
  gsize ret = 0;
  gsize fence = length;

  if (length - self->frozen <= BOBBIN_MARKUP_CODE_WINDOW)
    return 0;

  for (gsize at = from; at < length && at <= fence + BOBBIN_MARKUP_CODE_WINDOW;)
    {
      const char *newline = memchr (text + at, '\n', length - at);
      gsize next = newline != NULL ? (gsize) (newline + 1 - text) : length;

      if (is_fence (text, at, length))
        {
          fence = at > self->frozen && at < self->frozen + BOBBIN_MARKUP_WINDOW ? at : length;
          ret = next;
        }
      if (fence == length && at >= self->frozen + BOBBIN_MARKUP_WINDOW)
        return 0;
      at = next;
    }

  return fence < length && length > fence + BOBBIN_MARKUP_CODE_WINDOW ? ret : 0;
}

/* The end of what is looked at as a whole: at a line's end, or between two characters of a long line. 0: more may come. */
static gsize
window_end (BobbinMarkup *self,
            const char   *text,
            gsize         length)
{
  gsize end = self->frozen + BOBBIN_MARKUP_WINDOW;

  if (length <= end)
    return 0;

  for (gsize i = end; i > self->frozen + BOBBIN_MARKUP_WINDOW / 2; i--)
    if (text[i - 1] == '\n')
      return i;
  while ((text[end] & 0xc0) == 0x80)
    end--;

  return end;
}

static cmark_node *
last_leaf (BobbinMarkupParse *parse)
{
  cmark_node *node = parse->root;

  while (node != NULL)
    {
      int type = (int) cmark_node_get_type (node);

      if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING || type == CMARK_NODE_CODE_BLOCK ||
          type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_THEMATIC_BREAK || _bobbin_markup_node_is (node, "table_row"))
        return node;
      node = cmark_node_last_child (node);
    }

  return NULL;
}

/* The head of a table looks like one before the line below it has come. */
static void
append_delimiter_row (GString    *suffix,
                      const char *text,
                      gsize       from,
                      gsize       to)
{
  gsize i = from;
  guint n = 0;

  while (to > from && strchr (" \t\r\n", text[to - 1]) != NULL)
    to--;
  while (to > i && memchr (text + i, '\n', to - i) != NULL)
    i = (gsize) ((const char *) memchr (text + i, '\n', to - i) - text) + 1;
  from = i;
  while (i < to && strchr (" \t>-+*", text[i]) != NULL)
    i++;
  if (i == to || text[i] != '|')
    return;

  for (gsize k = i; k < to; k++)
    n += text[k] == '|' && (k == i || text[k - 1] != '\\');
  if (n > 1 && text[to - 1] == '|')
    n--;
  g_string_append_c (suffix, '\n');
  for (; from < i; from++)
    g_string_append_c (suffix, text[from] == '>' ? '>' : ' ');
  g_string_append_c (suffix, '|');
  while (n-- > 0)
    g_string_append (suffix, "-|");
}

/* What makes the open leaf look finished; NULL: it does. */
static char *
close_leaf (BobbinMarkupParse *parse,
            gsize             *ret_to)
{
  cmark_node *leaf = last_leaf (parse);
  int type = leaf != NULL ? (int) cmark_node_get_type (leaf) : 0;
  const char *text = parse->source;
  gsize last = parse->to;
  GString *suffix;
  char *closers;
  gsize from;

  while (last > parse->from && text[last - 1] == '\n')
    last--;
  if (leaf == NULL || parse->to - last > 1 || type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK ||
      type == CMARK_NODE_THEMATIC_BREAK || (type == CMARK_NODE_HEADING && last < parse->to))
    return NULL;

  from = _bobbin_markup_parse_source (parse, _bobbin_markup_parse_line (parse, cmark_node_get_start_line (leaf)) +
                                      (gsize) MAX (cmark_node_get_start_column (leaf) - 1, 0));
  closers = _bobbin_markup_inline_close (text, from, parse->to, ret_to);
  suffix = g_string_new (closers);
  g_free (closers);
  if (type == CMARK_NODE_PARAGRAPH && parse->refs != NULL && !parse->strict)
    append_delimiter_row (suffix, text, from, *ret_to);
  if (suffix->len == 0 && *ret_to == parse->to)
    return g_string_free (suffix, TRUE);

  return g_string_free (suffix, FALSE);
}

/* Shows the tail as it is so far. */
static guint
show_tail (BobbinMarkup *self,
           const char   *text,
           gsize         length,
           gboolean      final)
{
  g_autofree char *suffix = NULL;
  g_autoptr(GPtrArray) blocks = NULL;
  BobbinMarkupParse parse;
  gsize line = length;
  gsize to = length;
  guint changed;

  while (line > self->frozen && text[line - 1] != '\n')
    line--;
  if (!final && line < length && _bobbin_markup_must_hold (text, line, length))
    to = line;

  parse_begin (self, &parse, &self->context, text, self->frozen, to, NULL, final);
  if (!final)
    {
      gsize kept = to;

      suffix = close_leaf (&parse, &kept);
      if (suffix != NULL)
        {
          _bobbin_markup_parse_clear (&parse);
          parse_begin (self, &parse, &self->context, text, self->frozen, MAX (kept, self->frozen), suffix, final);
        }
    }
  blocks = _bobbin_markup_walk (&parse);
  _bobbin_markup_parse_clear (&parse);

  if (final)
    {
      BobbinMarkupContext none = { 0 };

      changed = freeze (self, blocks, text, length, &none);
    }
  else
    {
      changed = merge (self, blocks, self->n_frozen, text);
    }
  if (self->blocks->len > self->n_frozen + (final ? 0 : blocks->len))
    g_ptr_array_set_size (self->blocks, (int) (self->n_frozen + (final ? 0 : blocks->len)));

  return changed;
}

static guint
resolve_stretch (BobbinMarkup *self,
                 Stretch      *stretch,
                 const char   *text)
{
  BobbinMarkupParse parse;
  g_autoptr(GPtrArray) blocks = NULL;

  if (!_bobbin_markup_refs_concern (self->refs, text, stretch->from, stretch->to))
    return self->blocks->len;

  parse_begin (self, &parse, &stretch->context, text, stretch->from, stretch->to, NULL, TRUE);
  parse.final = TRUE;
  blocks = _bobbin_markup_walk (&parse);
  _bobbin_markup_parse_clear (&parse);

  return blocks->len == stretch->n_blocks ? merge (self, blocks, stretch->first, text) : self->blocks->len;
}

guint
bobbin_markup_resolve (BobbinMarkup *self,
                       const char   *text,
                       guint        *ret_end)
{
  guint changed = self->blocks->len;
  gsize bytes = 0;

  *ret_end = changed;

  while (self->n_resolved < self->open->len && (!self->patient || bytes < BOBBIN_MARKUP_WINDOW))
    {
      Stretch *stretch = &g_array_index (self->open, Stretch, self->n_resolved++);
      guint first = resolve_stretch (self, stretch, text);

      bytes += stretch->to - stretch->from;
      *ret_end = MIN (stretch->first + stretch->n_blocks, self->blocks->len);
      changed = MIN (changed, first);
    }
  if (self->n_resolved < self->open->len)
    return changed;

  g_array_set_size (self->open, 0);
  self->n_resolved = 0;
  self->pending = FALSE;

  return changed;
}

static gsize
last_newline (const char *text,
              gsize       from,
              gsize       to)
{
  while (to > from && text[to - 1] != '\n')
    to--;

  return to;
}

/* Without the first bytes of a character whose others are still to come. */
static gsize
whole_characters (const char *text,
                  gsize       length)
{
  gsize start = length;

  while (start > 0 && length - start < 4 && (text[start - 1] & 0xc0) == 0x80)
    start--;
  if (start == 0 || (text[start - 1] & 0x80) == 0)
    return length;
  start--;

  return g_utf8_get_char_validated (text + start, (gssize) (length - start)) == (gunichar) -2 ? start : length;
}

/* The large picture at the start of the tail; FALSE: there is none. @ret_open: it has not ended, and is all there is. */
static gboolean
take_data (BobbinMarkup *self,
           const char   *text,
           gsize         length,
           gboolean      final,
           gboolean     *ret_open,
           guint        *changed)
{
  const BobbinMarkupContext *context = &self->context;
  BobbinMarkupContext none = { 0 };
  g_autoptr(GPtrArray) blocks = NULL;
  BobbinMarkupBlock *block;
  gsize end;
  guint first;

  if (self->flavour == BOBBIN_MARKUP_STRICT || context->n_boxes > 0 || context->head != NULL || context->mid_line)
    return FALSE;
  block = _bobbin_markup_read_data (text, self->frozen, length, final, &self->data, &end);
  if (block == NULL)
    return FALSE;

  blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_markup_block_free);
  g_ptr_array_add (blocks, block);
  *ret_open = end == 0;
  if (*ret_open)
    {
      first = merge (self, blocks, self->n_frozen, text);
      g_ptr_array_set_size (self->blocks, (int) self->n_frozen + 1);
    }
  else
    {
      first = freeze (self, blocks, text, end, &none);
    }
  *changed = MIN (*changed, first);

  return TRUE;
}

guint
bobbin_markup_feed (BobbinMarkup *self,
                    const char   *text,
                    gsize         length,
                    gboolean      final)
{
  guint changed = G_MAXUINT;
  gboolean open = FALSE;
  gsize looked;
  gsize window;
  gsize lines;
  guint first;
  guint end;

  if (!final)
    length = MAX (whole_characters (text, length), self->frozen);
  looked = self->lines; /* up to there it is frozen as far as it can be */
  while (!open)
    {
      window = code_end (self, text, length);
      if (window == 0 && (window = long_code (self, text, MAX (looked, self->frozen), length)) > 0)
        {
          advance (self, text, window, FALSE, &changed);
          looked = window;
          continue;
        }
      if (window == 0 && (window = window_end (self, text, length)) == 0)
        break;
      if (!take_data (self, text, length, final, &open, &changed))
        advance (self, text, window, TRUE, &changed);
    }
  if (open)
    return MIN (changed, self->blocks->len);

  lines = last_newline (text, MAX (self->lines, self->frozen), length);
  if (!final && lines > self->lines)
    {
      self->lines = lines;
      advance (self, text, lines, FALSE, &changed);
    }

  first = show_tail (self, text, length, final);
  changed = MIN (changed, first);
  self->pending = final && self->open->len > 0;
  if (self->pending && !self->patient)
    {
      first = bobbin_markup_resolve (self, text, &end);
      changed = MIN (changed, first);
    }

  return MIN (changed, self->blocks->len);
}
