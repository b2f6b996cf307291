/* One stretch of source through cmark-gfm. In front of it stands a prelude that opens again what was open where the stretch
 * begins, and defines the links it names. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <cmark-gfm-core-extensions.h>
#include <string.h>

#define DEPTH_MAX 64 /* quotes and items one line may open; a line with more is text */

static const char *const extensions[] = { "table", "strikethrough", "autolink", "tasklist" };

void
_bobbin_markup_context_clear (BobbinMarkupContext *context)
{
  g_free (context->head);
  memset (context, 0, sizeof *context);
}

gboolean
_bobbin_markup_node_is (cmark_node *node,
                        const char *type)
{
  return strcmp (cmark_node_get_type_string (node), type) == 0;
}

gboolean
_bobbin_markup_node_is_item (cmark_node *node)
{
  return cmark_node_get_type (node) == CMARK_NODE_ITEM;
}

/* What opens the boxes of the context: "> - ". */
static void
append_openers (const BobbinMarkupContext *context,
                GString                   *out)
{
  for (guint i = 0; i < context->n_boxes; i++)
    {
      guint width = MAX (context->widths[i], 2);

      switch (context->boxes[i].kind)
        {
        case BOBBIN_BOX_QUOTE:
          g_string_append (out, "> ");
          break;
        case BOBBIN_BOX_NOTE:
          g_string_append (out, "[^x]: ");
          break;
        case BOBBIN_BOX_BULLET:
        case BOBBIN_BOX_NUMBER:
        default:
          if (width <= 5)
            {
              g_string_append_printf (out, "-%*s", (int) width - 1, "");
            }
          else
            {
              for (guint k = 0; k + 2 < MIN (width, 11); k++)
                g_string_append_c (out, '1');
              g_string_append (out, ". ");
            }
        }
    }
}

/* What goes on with them on the next line. */
static void
append_margin (const BobbinMarkupContext *context,
               GString                   *out)
{
  for (guint i = 0; i < context->n_boxes; i++)
    switch (context->boxes[i].kind)
      {
      case BOBBIN_BOX_QUOTE:
        g_string_append (out, "> ");
        break;
      case BOBBIN_BOX_NOTE:
        g_string_append (out, "    ");
        break;
      case BOBBIN_BOX_BULLET:
      case BOBBIN_BOX_NUMBER:
      default:
        g_string_append_printf (out, "%*s", (int) CLAMP (context->widths[i], 2, 11), "");
      }
}

static void
append_prelude (BobbinMarkupParse *parse)
{
  const BobbinMarkupContext *context = parse->context;
  GString *out = parse->buf;
  char *second;

  if (parse->refs != NULL)
    _bobbin_markup_refs_append (parse->refs, parse->source, parse->from, parse->to, out);
  if (context == NULL || (context->n_boxes == 0 && context->leaf == LEAF_NONE))
    return;

  append_openers (context, out);
  switch (context->leaf)
    {
    case LEAF_PARAGRAPH:
      g_string_append (out, context->mid_line ? BOBBIN_PRELUDE_MARK : BOBBIN_PRELUDE_MARK "\n");
      break;
    case LEAF_CODE:
      g_string_append (out, context->head);
      g_string_append_c (out, '\n');
      break;
    case LEAF_TABLE:
      second = strchr (context->head, '\n');
      g_string_append_len (out, context->head, second - context->head + 1);
      append_margin (context, out);
      g_string_append (out, second + 1);
      g_string_append_c (out, '\n');
      break;
    case LEAF_NONE:
    default:
      g_string_append (out, "#\n"); /* an empty heading: it ends by itself and takes nothing in */
    }
}

/* A line that opens more boxes than anybody reads costs time at each of the lines after it. */
static gboolean
is_too_deep (const char *line,
             gsize       length)
{
  guint depth = 0;

  for (gsize i = 0; i < length && line[i] != '\n' && strchr (">-+* \t", line[i]) != NULL; i++)
    depth += line[i] != ' ' && line[i] != '\t';

  return depth > DEPTH_MAX;
}

/* Lines too deep begin with a character that no box begins with. */
static void
append_stretch (BobbinMarkupParse *parse)
{
  const char *text = parse->source + parse->from;
  gsize length = parse->to - parse->from;
  gsize start = parse->buf->len;

  g_string_append_len (parse->buf, text, (gssize) length);
  /* A carriage return alone ends a line for the parser, too; here all that looks for the end of a line looks for '\n'. */
  for (char *at = memchr (parse->buf->str + start, '\r', length); at != NULL; at = strchr (at + 1, '\r'))
    if (at[1] != '\n')
      *at = '\n';
  for (gsize i = 0; i < length;)
    {
      const char *end = memchr (text + i, '\n', length - i);

      if (is_too_deep (text + i, length - i))
        parse->buf->str[start + i] = 'x';
      if (end == NULL)
        break;
      i = end - text + 1;
    }
}

/* Formulas are made opaque for the parser: a character that nobody uses, and letters up to the same length. */
static void
hide_math (BobbinMarkupParse *parse)
{
  parse->math = g_array_new (FALSE, FALSE, sizeof (BobbinMathSpan));
  if (parse->context != NULL && parse->context->leaf == LEAF_CODE)
    return;

  parse->settled = bobbin_math_scan (parse->source, parse->from, parse->to, parse->whole, parse->math);
  for (guint i = 0; i < parse->math->len; i++)
    {
      const BobbinMathSpan *span = &g_array_index (parse->math, BobbinMathSpan, i);
      char *hidden = parse->buf->str + parse->prelude + (span->start - parse->from);
      gsize length = span->end - span->start;

      memset (hidden, 'x', length);
      memcpy (hidden, BOBBIN_MATH_MARK, strlen (BOBBIN_MATH_MARK));
    }
}

static void
find_lines (BobbinMarkupParse *parse)
{
  const char *text = parse->buf->str;
  gsize start = 0;

  parse->lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_array_append_val (parse->lines, start);
  for (gsize i = 0; i < parse->buf->len; i++)
    {
      if (text[i] != '\n')
        continue;
      start = i + 1;
      g_array_append_val (parse->lines, start);
      if (start <= parse->prelude)
        parse->prelude_lines++;
    }
}

void
_bobbin_markup_parse_init (BobbinMarkupParse *parse,
                           const char        *suffix)
{
  cmark_parser *parser;

  parse->buf = g_string_sized_new (parse->to - parse->from + 64);
  parse->settled = parse->to;
  append_prelude (parse);
  parse->prelude = parse->buf->len;
  append_stretch (parse);
  if (!parse->strict)
    hide_math (parse);
  if (suffix != NULL)
    g_string_append (parse->buf, suffix);
  find_lines (parse);

  parser = cmark_parser_new (CMARK_OPT_DEFAULT | (parse->strict ? 0 : CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE));
  if (!parse->strict)
    {
      cmark_gfm_core_extensions_ensure_registered ();
      for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
        cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension (extensions[i]));
      cmark_parser_attach_syntax_extension (parser, _bobbin_markup_footnote_extension ());
    }
  cmark_parser_feed (parser, parse->buf->str, parse->buf->len);
  parse->root = cmark_parser_finish (parser);
  cmark_parser_free (parser);
}

void
_bobbin_markup_parse_clear (BobbinMarkupParse *parse)
{
  g_clear_pointer (&parse->root, cmark_node_free);
  g_clear_pointer (&parse->lines, g_array_unref);
  g_clear_pointer (&parse->math, g_array_unref);
  if (parse->buf != NULL)
    g_string_free (g_steal_pointer (&parse->buf), TRUE);
}

gsize
_bobbin_markup_parse_line (const BobbinMarkupParse *parse,
                           int                      line)
{
  if (line < 1)
    return 0;
  if ((guint) line > parse->lines->len)
    return parse->buf->len;

  return g_array_index (parse->lines, gsize, line - 1);
}

gsize
_bobbin_markup_parse_source (const BobbinMarkupParse *parse,
                             gsize                    buf_offset)
{
  if (buf_offset <= parse->prelude)
    return parse->from;

  return MIN (parse->from + (buf_offset - parse->prelude), parse->to);
}

/* The last top-level block, or the last item of the last top-level list; @ret_before: whether a unit stands before it. */
cmark_node *
_bobbin_markup_parse_last_unit (const BobbinMarkupParse *parse,
                                cmark_node             **ret_before)
{
  cmark_node *last = cmark_node_last_child (parse->root);
  cmark_node *before = last != NULL ? cmark_node_previous (last) : NULL;

  if (last != NULL && cmark_node_get_type (last) == CMARK_NODE_LIST)
    {
      last = cmark_node_last_child (last);
      if (cmark_node_previous (last) != NULL)
        before = cmark_node_previous (last);
    }
  *ret_before = before;

  return last;
}
