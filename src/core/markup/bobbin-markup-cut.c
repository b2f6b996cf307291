/* Where a unit that is too long is cut: before the last child of the innermost container that has several, at the last line of
 * code, at the last row of a table, between two words of a paragraph. What is open there is told to the next parse. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <string.h>

#define LEAST     2048 /* bytes of a paragraph that stay together */
#define HEAD_MAX  4096 /* bytes of the head of a table that is said again */
#define WIDTH_MAX 11

typedef struct
{
  BobbinMarkupParse   *parse;
  BobbinMarkupContext *context;
  cmark_node          *node;
  int                  content; /* column where the content of the box around begins */
} Cut;

/* The last child that is not of the prelude, and whether it is the only one. */
static cmark_node *
last_child (Cut      *cut,
            gboolean *ret_only)
{
  cmark_node *last = cmark_node_last_child (cut->node);
  cmark_node *before = last != NULL ? cmark_node_previous (last) : NULL;

  *ret_only = before == NULL || cmark_node_get_start_line (last) <= (int) cut->parse->prelude_lines ||
              (cmark_node_get_start_line (before) <= (int) cut->parse->prelude_lines &&
               cmark_node_get_type (before) == CMARK_NODE_HEADING);
  return last;
}

/* The column where an item's content begins: its first child's, when that stands on the line of the mark. */
static int
content_column (Cut        *cut,
                cmark_node *node)
{
  cmark_node *child = cmark_node_first_child (node);
  int column = cmark_node_get_start_column (node);
  gsize at = _bobbin_markup_parse_line (cut->parse, cmark_node_get_start_line (node)) + (gsize) MAX (column - 1, 0);

  if (cmark_node_get_type (node) == CMARK_NODE_BLOCK_QUOTE)
    return column + 2;
  if (_bobbin_markup_node_is_footnote (node))
    return column + 4;
  if (child != NULL && cmark_node_get_start_line (child) == cmark_node_get_start_line (node) &&
      cmark_node_get_type (child) != CMARK_NODE_CODE_BLOCK)
    return cmark_node_get_start_column (child);
  while (at < cut->parse->buf->len && g_ascii_isdigit (cut->parse->buf->str[at]))
    {
      at++;
      column++;
    }

  return column + 2;
}

/* Enters the box @node; FALSE: there are too many. */
static gboolean
enter_box (Cut        *cut,
           cmark_node *node)
{
  BobbinMarkupContext *context = cut->context;
  const BobbinMarkupContext *before = cut->parse->context;
  guint i = context->n_boxes;
  BobbinMarkupBox *box = &context->boxes[i];
  int content = content_column (cut, node);

  if (i == BOBBIN_MARKUP_DEPTH)
    return FALSE;
  if (before != NULL && i < before->n_boxes && cmark_node_get_start_line (node) <= (int) cut->parse->prelude_lines)
    {
      *box = before->boxes[i];
      context->widths[i] = before->widths[i];
    }
  else
    {
      cmark_node *list = cmark_node_parent (node);

      memset (box, 0, sizeof *box);
      box->id = _bobbin_markup_parse_source (cut->parse,
                                             _bobbin_markup_parse_line (cut->parse, cmark_node_get_start_line (node)) +
                                             (gsize) MAX (cmark_node_get_start_column (node) - 1, 0));
      if (cmark_node_get_type (node) == CMARK_NODE_BLOCK_QUOTE)
        box->kind = BOBBIN_BOX_QUOTE;
      else if (_bobbin_markup_node_is_footnote (node))
        box->kind = BOBBIN_BOX_NOTE;
      else
        box->kind = cmark_node_get_list_type (list) == CMARK_ORDERED_LIST ? BOBBIN_BOX_NUMBER : BOBBIN_BOX_BULLET;
      context->widths[i] = (guint) CLAMP (content - cut->content, 2, WIDTH_MAX);
    }
  cut->content = content;
  context->n_boxes++;

  return TRUE;
}

/* The box of @node as the walk saw it: numbers and ids of lists are known there. */
static void
copy_known (BobbinMarkupContext *context,
            GPtrArray           *blocks)
{
  for (guint i = 0; i < context->n_boxes; i++)
    for (guint k = blocks->len; k > 0; k--)
      {
        const BobbinMarkupBlock *block = g_ptr_array_index (blocks, k - 1);

        if (i >= block->n_boxes || block->boxes[i].id != context->boxes[i].id)
          continue;
        context->boxes[i] = block->boxes[i];
        break;
      }
}

/* The list of @item goes on with it. */
static void
continue_list (Cut        *cut,
               cmark_node *item,
               GPtrArray  *blocks)
{
  gsize id = _bobbin_markup_parse_source (cut->parse,
                                          _bobbin_markup_parse_line (cut->parse, cmark_node_get_start_line (item)) +
                                          (gsize) MAX (cmark_node_get_start_column (item) - 1, 0));
  guint depth = cut->context->n_boxes;

  for (guint k = blocks->len; k > 0; k--)
    {
      const BobbinMarkupBlock *block = g_ptr_array_index (blocks, k - 1);

      if (depth >= block->n_boxes || block->boxes[depth].id != id)
        continue;
      cut->context->in_list = TRUE;
      cut->context->list = block->boxes[depth].list;
      cut->context->number = block->boxes[depth].number;
      return;
    }
}

static gsize
line_start (Cut        *cut,
            cmark_node *node)
{
  return _bobbin_markup_parse_source (cut->parse, _bobbin_markup_parse_line (cut->parse, cmark_node_get_start_line (node)));
}

/* The start of the last line of the stretch. */
static gsize
last_line (BobbinMarkupParse *parse)
{
  gsize at = parse->to;

  if (at > parse->from && parse->source[at - 1] == '\n')
    at--;
  while (at > parse->from && parse->source[at - 1] != '\n')
    at--;

  return at > parse->from ? at : parse->to;
}

static gsize
cut_code (Cut *cut)
{
  BobbinMarkupParse *parse = cut->parse;
  int length;
  int offset;
  char mark;

  if (cmark_node_get_fenced (cut->node, &length, &offset, &mark))
    {
      GString *fence = g_string_new (NULL);

      if (parse->context != NULL && parse->context->leaf == LEAF_CODE &&
          cmark_node_get_start_line (cut->node) <= (int) parse->prelude_lines)
        g_string_append (fence, parse->context->head);
      else
        {
          g_string_append_printf (fence, "%*s", CLAMP (offset, 0, 3), "");
          for (int i = 0; i < MIN (length, 1000); i++)
            g_string_append_c (fence, mark);
        }
      cut->context->leaf = LEAF_CODE;
      cut->context->head = g_string_free (fence, FALSE);
    }

  return last_line (parse);
}

static gsize
cut_table (Cut *cut)
{
  BobbinMarkupParse *parse = cut->parse;
  cmark_node *row = cmark_node_last_child (cut->node);
  int line = cmark_node_get_start_line (cut->node);
  gsize head = _bobbin_markup_parse_line (parse, line);
  gsize end = _bobbin_markup_parse_line (parse, line + 2);
  gsize at = line_start (cut, row);

  if (at <= parse->from || cmark_node_get_start_line (row) < line + 2 || end - head > HEAD_MAX)
    return last_line (parse);

  cut->context->leaf = LEAF_TABLE;
  if (parse->context != NULL && parse->context->leaf == LEAF_TABLE && line <= (int) parse->prelude_lines)
    {
      cut->context->head = g_strdup (parse->context->head);
    }
  else
    {
      gsize second = _bobbin_markup_parse_line (parse, line + 1);
      GString *text = g_string_new (NULL);
      gsize from = head + (gsize) MAX (cmark_node_get_start_column (cut->node) - 1, 0);

      g_string_append_len (text, parse->buf->str + from, (gssize) (second - from));
      while (second < end && strchr (" \t>", parse->buf->str[second]) != NULL)
        second++;
      g_string_append_len (text, parse->buf->str + second, (gssize) (end - 1 - second));
      cut->context->head = g_string_free (text, FALSE);
    }

  return at;
}

static gsize
cut_paragraph (Cut *cut)
{
  BobbinMarkupParse *parse = cut->parse;
  const char *text = parse->buf->str;
  gsize to = parse->prelude + (parse->to - parse->from);
  gsize from = MAX (_bobbin_markup_parse_line (parse, cmark_node_get_start_line (cut->node)), parse->prelude);
  gsize at = to - from > 2 * LEAST ? _bobbin_markup_inline_cut (text, from, to, LEAST) : to;

  cut->context->leaf = LEAF_PARAGRAPH;
  cut->context->mid_line = at > parse->prelude && text[at - 1] != '\n';

  return _bobbin_markup_parse_source (parse, at);
}

gsize
_bobbin_markup_cut (BobbinMarkupParse   *parse,
                    GPtrArray           *blocks,
                    BobbinMarkupContext *ret_context)
{
  Cut cut = { parse, ret_context, parse->root, 1 };

  memset (ret_context, 0, sizeof *ret_context);

  for (;;)
    {
      gboolean only;
      cmark_node *last = last_child (&cut, &only);
      int type = (int) cmark_node_get_type (cut.node);
      gboolean container = type == CMARK_NODE_DOCUMENT || type == CMARK_NODE_LIST || type == CMARK_NODE_BLOCK_QUOTE ||
                           type == CMARK_NODE_ITEM || _bobbin_markup_node_is_footnote (cut.node);

      if (container && type != CMARK_NODE_DOCUMENT && type != CMARK_NODE_LIST && !enter_box (&cut, cut.node))
        {
          memset (ret_context, 0, sizeof *ret_context);
          return last_line (parse);
        }
      if (!container || last == NULL)
        break;
      if (!only && line_start (&cut, last) > parse->from)
        {
          copy_known (ret_context, blocks);
          if (type == CMARK_NODE_LIST)
            continue_list (&cut, last, blocks);
          return line_start (&cut, last);
        }
      cut.node = last;
    }

  copy_known (ret_context, blocks);
  if (cmark_node_get_type (cut.node) == CMARK_NODE_PARAGRAPH)
    return cut_paragraph (&cut);
  if (cmark_node_get_type (cut.node) == CMARK_NODE_CODE_BLOCK)
    return cut_code (&cut);
  if (_bobbin_markup_node_is (cut.node, "table"))
    return cut_table (&cut);

  return last_line (parse);
}
