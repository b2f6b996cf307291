#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-write.h"

#include <string.h>

struct _BobbinMarkupWriter
{
  BobbinMarkupFormat       format;
  const char              *source;  /* borrowed */
  gsize                    length;
  gsize                    from;
  gsize                    to;
  GString                 *out;     /* owned */
  guint                    n;       /* blocks written */
  const BobbinMarkupBlock *last;    /* borrowed */
  BobbinMarkupBox          open[BOBBIN_MARKUP_DEPTH]; /* HTML: elements that are open */
  guint                    n_open;
  gsize                    md_from; /* MARKDOWN: [md_from, md_to) */
  gsize                    md_to;
};

BobbinMarkupWriter *
bobbin_markup_writer_new (BobbinMarkupFormat  format,
                          const char         *source,
                          gsize               length,
                          gsize               from,
                          gsize               to)
{
  BobbinMarkupWriter *self = g_new0 (BobbinMarkupWriter, 1);

  self->format = format;
  self->source = source;
  self->length = length;
  self->from = from;
  self->to = MIN (to, length);
  self->out = g_string_new (NULL);

  return self;
}

/* Plain text */

static const char *
separator (const BobbinMarkupBlock *last,
           const BobbinMarkupBlock *block)
{
  const BobbinMarkupBox *box = block->n_boxes > 0 ? &block->boxes[block->n_boxes - 1] : NULL;

  if (block->continues)
    return block->kind == BOBBIN_MARKUP_CODE || block->kind == BOBBIN_MARKUP_TABLE ? "\n" : "";
  if (!block->loose && last->n_boxes > 0 && box != NULL && box->kind != BOBBIN_BOX_QUOTE && box->first)
    return "\n";

  return "\n\n";
}

/* "  2. ", or as much space. */
static char *
text_margin (const BobbinMarkupBlock *block,
             gboolean                 first)
{
  GString *margin = g_string_new (NULL);

  for (guint i = 0; i < block->n_boxes; i++)
    {
      const BobbinMarkupBox *box = &block->boxes[i];
      gboolean mark = first && box->first;

      if (box->kind == BOBBIN_BOX_QUOTE)
        g_string_append (margin, "> ");
      else if (!mark)
        g_string_append (margin, box->kind == BOBBIN_BOX_BULLET ? "  " : "   ");
      else if (box->kind == BOBBIN_BOX_BULLET)
        g_string_append (margin, box->task == 0 ? "• " : box->task == 'x' ? "☑ " : "☐ ");
      else if (box->kind == BOBBIN_BOX_NOTE)
        g_string_append_printf (margin, "[%u] ", box->number);
      else
        g_string_append_printf (margin, "%u. %s", box->number, box->task == 0 ? "" : box->task == 'x' ? "☑ " : "☐ ");
    }

  return g_string_free (margin, FALSE);
}

/* Formulas are their TeX, all else is as it is drawn. */
static void
append_drawn (GString                 *out,
              const BobbinMarkupBlock *block,
              const char              *text,
              guint                    from,
              guint                    to)
{
  if (block->kind == BOBBIN_MARKUP_MATH)
    {
      g_string_append_printf (out, "$$%s$$", block->info);
      return;
    }
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);

      if (!(run->flags & BOBBIN_RUN_MATH) || run->start < from || run->end > to)
        continue;
      g_string_append_len (out, text + from, run->start - from);
      g_string_append_printf (out, run->flags & BOBBIN_RUN_DISPLAY ? "$$%s$$" : "$%s$", bobbin_markup_block_target (block, run));
      from = run->end;
    }
  g_string_append_len (out, text + from, to - from);
}

static void
write_text (BobbinMarkupWriter      *self,
            const BobbinMarkupBlock *block,
            guint                    from,
            guint                    to)
{
  const char *text = bobbin_markup_block_get_text (block, self->source);
  g_autoptr(GString) drawn = g_string_new (NULL);
  g_autofree char *first = text_margin (block, TRUE);
  g_autofree char *rest = text_margin (block, FALSE);

  if (self->n > 0)
    g_string_append (self->out, separator (self->last, block));
  if (block->kind == BOBBIN_MARKUP_RULE)
    g_string_append (drawn, "———");
  else
    append_drawn (drawn, block, text, from, to);

  /* a part of a single block is its words only */
  if (from == 0 && (self->n > 0 || to == block->length) && !block->continues)
    g_string_append (self->out, first);
  for (const char *line = drawn->str;;)
    {
      const char *end = strchr (line, '\n');

      g_string_append_len (self->out, line, end != NULL ? end + 1 - line : (gssize) strlen (line));
      if (end == NULL)
        break;
      g_string_append (self->out, rest);
      line = end + 1;
    }
}

/* HTML */

static gboolean
is_safe (const char *address)
{
  static const char *const schemes[] = { "http://", "https://", "mailto:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (address, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;

  return FALSE;
}

static void
append_escaped (GString    *out,
                const char *text,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    switch (text[i])
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '"':
        g_string_append (out, "&quot;");
        break;
      default:
        g_string_append_c (out, text[i]);
      }
}

static void
append_hard_breaks (GString    *out,
                    const char *text,
                    gsize       length,
                    gboolean    breaks)
{
  const char *end = text + length;

  for (const char *newline; breaks && (newline = memchr (text, '\n', (gsize) (end - text))) != NULL; text = newline + 1)
    {
      append_escaped (out, text, (gsize) (newline - text));
      g_string_append (out, "<br>\n");
    }
  append_escaped (out, text, (gsize) (end - text));
}

static const struct { guint flag; const char *open; const char *close; } tags[] = {
  { BOBBIN_RUN_STRONG, "<strong>", "</strong>" }, { BOBBIN_RUN_EMPHASIS, "<em>", "</em>" },
  { BOBBIN_RUN_STRIKE, "<s>", "</s>" }, { BOBBIN_RUN_CODE, "<code>", "</code>" },
  { BOBBIN_RUN_NOTE, "<sup>", "</sup>" }, { BOBBIN_RUN_MATH, "<code>", "</code>" },
};

static void
html_run (GString                 *out,
          const BobbinMarkupBlock *block,
          const BobbinMarkupRun   *run,
          const char              *text,
          guint                    from,
          guint                    to)
{
  const char *target = bobbin_markup_block_target (block, run);
  gboolean link = (run->flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE)) && target != NULL && is_safe (target);

  if (link)
    {
      g_string_append (out, "<a href=\"");
      append_escaped (out, target, strlen (target));
      g_string_append (out, "\">");
    }
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (run->flags & tags[i].flag)
      g_string_append (out, tags[i].open);
  if (run->flags & BOBBIN_RUN_MATH)
    append_escaped (out, target, strlen (target));
  else
    append_hard_breaks (out, text + from, to - from, TRUE);
  for (guint i = G_N_ELEMENTS (tags); i > 0; i--)
    if (run->flags & tags[i - 1].flag)
      g_string_append (out, tags[i - 1].close);
  if (link)
    g_string_append (out, "</a>");
}

static void
html_inline (GString                 *out,
             const BobbinMarkupBlock *block,
             const char              *text,
             guint                    from,
             guint                    to)
{
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);
      guint start = MAX (run->start, from);
      guint end = MIN (run->end, to);

      if (start >= end)
        continue;
      append_hard_breaks (out, text + from, start - from, TRUE);
      html_run (out, block, run, text, start, end);
      from = end;
    }
  append_hard_breaks (out, text + from, to - from, TRUE);
}

static void
html_table (GString                 *out,
            const BobbinMarkupBlock *block,
            const char              *text)
{
  g_string_append (out, "<table>\n");
  for (guint i = 0; i < block->cells->len; i++)
    {
      const BobbinMarkupCell *cell = &g_array_index (block->cells, BobbinMarkupCell, i);
      const char *tag = i < block->n_columns && !block->continues ? "th" : "td";

      g_string_append_printf (out, i % block->n_columns == 0 ? "<tr><%s>" : "<%s>", tag);
      html_inline (out, block, text, cell->start, cell->end);
      g_string_append_printf (out, (i + 1) % block->n_columns == 0 ? "</%s></tr>\n" : "</%s>", tag);
    }
  g_string_append (out, "</table>\n");
}

static void
html_close (BobbinMarkupWriter *self,
            guint               depth,
            gsize               keep_list)
{
  while (self->n_open > depth)
    {
      const BobbinMarkupBox *box = &self->open[--self->n_open];

      if (box->kind == BOBBIN_BOX_QUOTE)
        g_string_append (self->out, "</blockquote>\n");
      else if (box->kind == BOBBIN_BOX_NOTE)
        g_string_append (self->out, "</div>\n");
      else if (self->n_open == depth && keep_list == box->list)
        g_string_append (self->out, "</li>\n");
      else
        g_string_append (self->out, box->kind == BOBBIN_BOX_NUMBER ? "</li>\n</ol>\n" : "</li>\n</ul>\n");
    }
}

/* Closes and opens what stands around the block. */
static void
html_boxes (BobbinMarkupWriter      *self,
            const BobbinMarkupBlock *block)
{
  guint same = 0;
  gboolean keep;

  while (same < self->n_open && same < block->n_boxes && self->open[same].id == block->boxes[same].id)
    same++;
  keep = same < self->n_open && same < block->n_boxes && block->boxes[same].kind == self->open[same].kind &&
         (block->boxes[same].kind == BOBBIN_BOX_BULLET || block->boxes[same].kind == BOBBIN_BOX_NUMBER) &&
         block->boxes[same].list == self->open[same].list;
  html_close (self, same, keep ? block->boxes[same].list : G_MAXSIZE);

  for (guint i = same; i < block->n_boxes; i++)
    {
      const BobbinMarkupBox *box = &block->boxes[i];

      if (box->kind == BOBBIN_BOX_QUOTE)
        g_string_append (self->out, "<blockquote>\n");
      else if (box->kind == BOBBIN_BOX_NOTE)
        g_string_append_printf (self->out, "<div><sup>%u</sup> ", box->number);
      else if (i == same && keep)
        g_string_append (self->out, "<li>");
      else if (box->kind == BOBBIN_BOX_NUMBER)
        g_string_append_printf (self->out, "<ol start=\"%u\">\n<li>", box->number);
      else
        g_string_append (self->out, "<ul>\n<li>");
      if (box->task != 0 && box->first)
        g_string_append (self->out, box->task == 'x' ? "☑ " : "☐ ");
      self->open[self->n_open++] = *box;
    }
}

static void
write_html (BobbinMarkupWriter      *self,
            const BobbinMarkupBlock *block,
            guint                    from,
            guint                    to)
{
  const char *text = bobbin_markup_block_get_text (block, self->source);
  GString *out = self->out;

  html_boxes (self, block);
  switch (block->kind)
    {
    case BOBBIN_MARKUP_HEADING:
      g_string_append_printf (out, "<h%u>", block->level);
      html_inline (out, block, text, from, to);
      g_string_append_printf (out, "</h%u>\n", block->level);
      break;
    case BOBBIN_MARKUP_CODE:
      g_string_append (out, "<pre><code>");
      append_escaped (out, text + from, to - from);
      g_string_append (out, "</code></pre>\n");
      break;
    case BOBBIN_MARKUP_RULE:
      g_string_append (out, "<hr>\n");
      break;
    case BOBBIN_MARKUP_TABLE:
      html_table (out, block, text);
      break;
    case BOBBIN_MARKUP_MATH:
      g_string_append (out, "<p><code>");
      append_escaped (out, block->info, strlen (block->info));
      g_string_append (out, "</code></p>\n");
      break;
    case BOBBIN_MARKUP_IMAGE:
    case BOBBIN_MARKUP_PARAGRAPH:
    default:
      g_string_append (out, "<p>");
      html_inline (out, block, text, from, to);
      g_string_append (out, "</p>\n");
    }
}

/* Markdown */

/* The run that @drawn is at the edge of, when all of it is in [from, to). */
static gboolean
edge_of_run (const BobbinMarkupBlock *block,
             guint                    from,
             guint                    to,
             gboolean                 at_end)
{
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);

      if (run->start >= from && run->end <= to && (at_end ? run->end == to : run->start == from))
        return TRUE;
    }

  return FALSE;
}

/* Where in the source the drawn byte before @drawn ends. */
static gsize
source_after (const BobbinMarkupBlock *block,
              const char              *text,
              guint                    drawn)
{
  const char *before = g_utf8_find_prev_char (text, text + drawn);

  if (before == NULL)
    return block->start;

  return bobbin_markup_block_to_source (block, (guint) (before - text)) + (gsize) (text + drawn - before);
}

static gsize
line_begin (const char *source,
            gsize       at)
{
  while (at > 0 && source[at - 1] != '\n')
    at--;

  return at;
}

/* The line of a fence at @at; 0: it is none. */
static gsize
fence_line (const char *source,
            gsize       length,
            gsize       at)
{
  gsize i = at;

  while (i < length && strchr (" \t>", source[i]) != NULL && source[i] != '\0')
    i++;
  if (i + 3 > length || (strncmp (source + i, "```", 3) != 0 && strncmp (source + i, "~~~", 3) != 0))
    return 0;
  while (i < length && source[i] != '\n')
    i++;

  return i;
}

static void
extend_markdown (BobbinMarkupWriter      *self,
                 const BobbinMarkupBlock *block,
                 guint                    from,
                 guint                    to)
{
  const char *text = bobbin_markup_block_get_text (block, self->source);
  gboolean whole = from == 0 && to == block->length;
  gsize end;

  if (self->n == 0)
    {
      self->md_from = bobbin_markup_block_to_source (block, from);
      if (from == 0 && (whole || self->to > block->end))
        self->md_from = line_begin (self->source, block->start);
      else if (edge_of_run (block, from, to, FALSE))
        self->md_from = from > 0 ? source_after (block, text, from) : block->start;
      if (block->kind == BOBBIN_MARKUP_CODE && from == 0 && self->md_from > 0)
        {
          gsize fence = line_begin (self->source, self->md_from - 1);

          self->md_from = fence_line (self->source, self->length, fence) > 0 ? fence : self->md_from;
        }
    }

  self->md_to = to == block->length ? block->end : source_after (block, text, to);
  if (to < block->length && edge_of_run (block, from, to, TRUE))
    self->md_to = MIN (bobbin_markup_block_to_source (block, to), block->end);
  end = block->kind == BOBBIN_MARKUP_CODE && to == block->length && self->md_to < self->length
          ? fence_line (self->source, self->length, self->md_to + 1) : 0;
  if (end > 0)
    self->md_to = end;
}

void
bobbin_markup_writer_add (BobbinMarkupWriter      *self,
                          const BobbinMarkupBlock *block)
{
  guint from = bobbin_markup_block_to_drawn (block, self->from);
  guint to = bobbin_markup_block_to_drawn (block, self->to);
  const char *text = bobbin_markup_block_get_text (block, self->source);

  /* A part that begins or ends within what is drawn as one character, a formula say, has it whole. */
  while (from > 0 && from < block->length && (text[from] & 0xc0) == 0x80)
    from--;
  while (to < block->length && (text[to] & 0xc0) == 0x80)
    to++;
  if (self->from >= self->to || block->start >= self->to || block->end <= self->from || (from >= to && block->length > 0))
    return;

  switch (self->format)
    {
    case BOBBIN_MARKUP_TO_MARKDOWN:
      extend_markdown (self, block, from, to);
      break;
    case BOBBIN_MARKUP_TO_HTML:
      write_html (self, block, from, to);
      break;
    case BOBBIN_MARKUP_TO_TEXT:
    default:
      write_text (self, block, from, to);
    }
  self->last = block;
  self->n++;
}

char *
bobbin_markup_writer_finish (BobbinMarkupWriter *self)
{
  GString *out = self->out;

  if (self->format == BOBBIN_MARKUP_TO_HTML)
    html_close (self, 0, G_MAXSIZE);
  if (self->md_to > self->md_from)
    g_string_append_len (out, self->source + self->md_from, (gssize) (self->md_to - self->md_from));
  g_free (self);

  return g_string_free (out, FALSE);
}

char *
bobbin_markup_write (BobbinMarkup       *document,
                     BobbinMarkupFormat  format,
                     const char         *source,
                     gsize               length,
                     gsize               from,
                     gsize               to)
{
  BobbinMarkupWriter *writer = bobbin_markup_writer_new (format, source, length, from, to);

  for (guint i = 0; i < bobbin_markup_get_n (document); i++)
    bobbin_markup_writer_add (writer, bobbin_markup_get (document, i));

  return bobbin_markup_writer_finish (writer);
}
