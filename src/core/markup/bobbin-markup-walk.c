/* From the tree of cmark-gfm to blocks. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-walk.h"

#include <cmark-gfm-core-extensions.h>
#include <string.h>

#define INFO_MAX   64   /* bytes of a language name */
#define INDENT_MAX 4096 /* bytes of a line looked back over: what is farther from its start is no start of a block */

/* Boxes */

static void
push_box (BobbinWalk          *walk,
          cmark_node    *node,
          BobbinBoxKind  kind)
{
  const BobbinMarkupContext *context = walk->parse->context;
  BobbinMarkupBox box = { kind, 0, 0, 0, 0, TRUE };
  int line = cmark_node_get_start_line (node);

  if (context != NULL && walk->from_context < context->n_boxes && walk->boxes->len == walk->from_context)
    {
      box = context->boxes[walk->from_context++];
      box.first = FALSE;
      if (box.kind == BOBBIN_BOX_BULLET || box.kind == BOBBIN_BOX_NUMBER)
        {
          BobbinWalkList *list = &g_array_index (walk->lists, BobbinWalkList, walk->lists->len - 1);

          list->id = box.list;
          list->next = box.number + 1;
          list->numbered = box.kind == BOBBIN_BOX_NUMBER;
        }
    }
  else
    {
      box.id = _bobbin_markup_parse_source (walk->parse, _bobbin_markup_parse_line (walk->parse, line) +
                                            (gsize) MAX (cmark_node_get_start_column (node) - 1, 0));
      if (kind == BOBBIN_BOX_BULLET)
        {
          BobbinWalkList *list = &g_array_index (walk->lists, BobbinWalkList, walk->lists->len - 1);

          box.kind = list->numbered ? BOBBIN_BOX_NUMBER : BOBBIN_BOX_BULLET;
          box.list = list->id;
          box.number = list->next++;
          if (_bobbin_markup_node_is (node, "tasklist"))
            box.task = cmark_gfm_extensions_get_tasklist_item_checked (node) ? 'x' : ' ';
        }
    }
  g_array_append_val (walk->boxes, box);
}

static void
push_list (BobbinWalk       *walk,
           cmark_node *node)
{
  const BobbinMarkupContext *context = walk->parse->context;
  BobbinWalkList list = { 0, 0, FALSE };
  gsize at = _bobbin_markup_parse_line (walk->parse, cmark_node_get_start_line (node)) +
             (gsize) MAX (cmark_node_get_start_column (node) - 1, 0);

  list.id = _bobbin_markup_parse_source (walk->parse, at);
  list.numbered = cmark_node_get_list_type (node) == CMARK_ORDERED_LIST;
  list.next = list.numbered ? (guint) MAX (cmark_node_get_list_start (node), 0) : 1;
  if (context != NULL && context->in_list && !walk->list_met && walk->boxes->len == context->n_boxes)
    {
      list.id = context->list;
      list.next = context->number;
    }
  walk->list_met = walk->list_met || walk->boxes->len >= (context != NULL ? context->n_boxes : 0);
  g_array_append_val (walk->lists, list);
}

static void
push_footnote (BobbinWalk       *walk,
               cmark_node *node)
{
  BobbinMarkupParse *parse = walk->parse;
  const char *line = parse->buf->str + _bobbin_markup_parse_line (parse, cmark_node_get_start_line (node));
  const char *label = strstr (line, "[^");
  BobbinMarkupBox *box;

  push_box (walk, node, BOBBIN_BOX_NOTE);
  box = &g_array_index (walk->boxes, BobbinMarkupBox, walk->boxes->len - 1);
  if (label != NULL && box->first && parse->refs != NULL)
    box->number = _bobbin_markup_refs_note (parse->refs, label + 2, strcspn (label + 2, "]"), TRUE);
}

/* Blocks */

static gboolean
is_blank_before (BobbinWalk  *walk,
                 gsize  source)
{
  const char *text = walk->parse->source;
  gsize least = source - MIN (source, INDENT_MAX);
  gsize i = source;

  while (i > least && text[i - 1] != '\n')
    i--;
  if (i == least)
    return FALSE;
  for (i--; i > 0 && text[i - 1] != '\n'; i--)
    if (strchr (" \t\r>", text[i - 1]) == NULL)
      return FALSE;

  return TRUE;
}

static void
take_boxes (BobbinWalk              *walk,
            BobbinMarkupBlock *block)
{
  block->n_boxes = MIN (walk->boxes->len, BOBBIN_MARKUP_DEPTH);
  if (block->n_boxes > 0)
    memcpy (block->boxes, walk->boxes->data, block->n_boxes * sizeof (BobbinMarkupBox));
  for (guint i = 0; i < walk->boxes->len; i++)
    g_array_index (walk->boxes, BobbinMarkupBox, i).first = FALSE;
}

static void
begin_block (BobbinWalk             *walk,
             cmark_node       *node,
             BobbinMarkupKind  kind)
{
  const BobbinMarkupParse *parse = walk->parse;
  gsize at = _bobbin_markup_parse_line (parse, cmark_node_get_start_line (node)) +
             (gsize) MAX (cmark_node_get_start_column (node) - 1, 0);

  walk->block = bobbin_markup_block_new (kind);
  walk->leaf = node;
  walk->text = g_string_new (NULL);
  walk->block->steps = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupStep));
  walk->pos = MAX (at, parse->prelude);
  walk->limit = parse->buf->len;
  walk->expected = G_MAXSIZE;
  g_array_set_size (walk->styles, 0);
  walk->block->start = _bobbin_markup_parse_source (parse, walk->pos);
  walk->block->loose = is_blank_before (walk, walk->block->start);
}

/* A paragraph that is nothing but one picture is a picture. */
static void
lift_image (BobbinMarkupBlock *block)
{
  const BobbinMarkupRun *run = block->runs != NULL && block->runs->len == 1
                                 ? &g_array_index (block->runs, BobbinMarkupRun, 0) : NULL;

  if (block->kind != BOBBIN_MARKUP_PARAGRAPH || run == NULL || run->start != 0 || run->end != block->length ||
      run->flags != BOBBIN_RUN_IMAGE || run->target == 0)
    return;

  block->kind = BOBBIN_MARKUP_IMAGE;
  block->info = g_strdup (bobbin_markup_block_target (block, run));
  g_clear_pointer (&block->runs, g_array_unref);
}

/* Text that stands in the source as it is drawn needs neither a copy nor a map. */
static void
drop_copy (BobbinWalk              *walk,
           BobbinMarkupBlock *block)
{
  if (block->end - block->start != block->length ||
      memcmp (walk->parse->source + block->start, block->text, block->length) != 0 ||
      (block->steps->len > 0 && (block->steps->len > 1 ||
                                 g_array_index (block->steps, BobbinMarkupStep, 0).source != block->start)))
    return;

  g_clear_pointer (&block->text, g_free);
  g_clear_pointer (&block->steps, g_array_unref);
}

/* A map begins with its first byte. */
static void
complete_map (BobbinMarkupBlock *block)
{
  BobbinMarkupStep first = { 0, block->start };

  if (block->steps != NULL && (block->steps->len == 0 || g_array_index (block->steps, BobbinMarkupStep, 0).drawn > 0))
    g_array_prepend_val (block->steps, first);
}

static void
finish_block (BobbinWalk *walk)
{
  BobbinMarkupBlock *block = walk->block;
  const BobbinMarkupParse *parse = walk->parse;
  const BobbinMarkupBlock *before = walk->blocks->len > 0 ? g_ptr_array_index (walk->blocks, walk->blocks->len - 1) : NULL;
  int last_line = cmark_node_get_end_line (walk->leaf);
  const char *newline = memchr (parse->buf->str + walk->pos, '\n', parse->buf->len - walk->pos);
  gsize end = newline != NULL ? (gsize) (newline - parse->buf->str) : parse->buf->len;

  if (last_line >= cmark_node_get_start_line (walk->leaf) && block->kind == BOBBIN_MARKUP_PARAGRAPH)
    end = MAX (end, _bobbin_markup_parse_line (parse, last_line + 1));
  if (walk->part_end > 0)
    end = walk->part_end;
  block->end = MAX (_bobbin_markup_parse_source (parse, end), block->start);
  while (block->end > block->start && strchr (" \t\r\n", parse->source[block->end - 1]) != NULL)
    block->end--;
  if (before != NULL && block->start < before->end)
    block->start = before->end;
  block->end = MAX (block->end, block->start);

  take_boxes (walk, block);
  block->length = (guint) walk->text->len;
  block->text = g_string_free (g_steal_pointer (&walk->text), FALSE);
  lift_image (block);
  drop_copy (walk, block);
  complete_map (block);
  g_ptr_array_add (walk->blocks, g_steal_pointer (&walk->block));
}

static void
drop_block (BobbinWalk *walk)
{
  g_string_free (g_steal_pointer (&walk->text), TRUE);
  g_clear_pointer (&walk->block, bobbin_markup_block_free);
}

gboolean
_bobbin_walk_part (BobbinWalk       *walk,
                   BobbinMarkupKind  kind,
                   gsize             at)
{
  cmark_node *leaf = walk->leaf;

  if (walk->styles->len > 0 || (walk->block->kind != BOBBIN_MARKUP_PARAGRAPH && walk->block->kind != BOBBIN_MARKUP_MATH &&
                                walk->block->kind != BOBBIN_MARKUP_IMAGE))
    return FALSE;

  while (walk->text->len > 0 && g_ascii_isspace (walk->text->str[walk->text->len - 1]))
    g_string_truncate (walk->text, walk->text->len - 1);
  walk->part_end = at;
  if (walk->text->len > 0)
    finish_block (walk);
  else
    drop_block (walk);
  walk->part_end = 0;

  begin_block (walk, leaf, kind);
  walk->pos = at;
  walk->block->start = _bobbin_markup_parse_source (walk->parse, at);
  walk->block->loose = FALSE;

  return TRUE;
}

/* TRUE: @node is what the prelude left open, or a part of the prelude itself. */
static gboolean
meets_prelude (BobbinWalk             *walk,
               cmark_node       *node,
               BobbinMarkupLeaf  leaf,
               gboolean         *ret_continues)
{
  const BobbinMarkupContext *context = walk->parse->context;
  gboolean opened = context != NULL && (context->n_boxes > 0 || context->leaf != LEAF_NONE);

  *ret_continues = FALSE;
  if (!opened || walk->leaf_met)
    return cmark_node_get_start_line (node) <= (int) walk->parse->prelude_lines;

  walk->leaf_met = TRUE;
  *ret_continues = context->leaf != LEAF_NONE && context->leaf == leaf;
  return !*ret_continues && context->leaf == LEAF_NONE;
}

static char *
language_of (const char *info)
{
  gsize n;

  if (info == NULL)
    return NULL;
  info += strspn (info, " \t{.");
  n = strcspn (info, " \t{},");
  if (n > INFO_MAX)
    for (n = INFO_MAX; n > 0 && (info[n] & 0xc0) == 0x80;)
      n--;

  return n > 0 ? g_strndup (info, n) : NULL;
}

static guint
count_lines (const char *text,
             gsize       length)
{
  guint n = 1;

  for (const char *p = text; (p = memchr (p, '\n', length - (gsize) (p - text))) != NULL; p++)
    n++;

  return n;
}

static void
walk_code (BobbinWalk       *walk,
           cmark_node *node)
{
  BobbinMarkupParse *parse = walk->parse;
  const char *literal = cmark_node_get_literal (node);
  gsize length = literal != NULL ? strlen (literal) : 0;
  int fence_length;
  int fence_offset;
  char fence_char;
  gboolean fenced = cmark_node_get_fenced (node, &fence_length, &fence_offset, &fence_char);
  int line = cmark_node_get_start_line (node) + (fenced ? 1 : 0);
  gboolean continues;
  gsize at;

  if (meets_prelude (walk, node, LEAF_CODE, &continues))
    return;

  begin_block (walk, node, BOBBIN_MARKUP_CODE);
  walk->block->continues = continues;
  walk->block->info = continues ? NULL : language_of (cmark_node_get_fence_info (node));
  if (fenced && length > 0 && literal[length - 1] == '\n')
    length--;
  else if (!fenced)
    while (length > 0 && literal[length - 1] == '\n')
      length--;

  at = MAX (_bobbin_markup_parse_line (parse, line), parse->prelude);
  walk->pos = MIN (at, parse->buf->len);
  walk->block->start = _bobbin_markup_parse_source (parse, walk->pos);
  walk->block->n_lines = length == 0 && cmark_node_get_literal (node)[0] == '\0' ? 0 : count_lines (literal, length);
  if (length > 0)
    _bobbin_walk_literal (walk, literal, length, walk->pos);
  finish_block (walk);
  /* the source of code ends where its last line does */
  {
    BobbinMarkupBlock *block = g_ptr_array_index (walk->blocks, walk->blocks->len - 1);

    block->end = MAX (_bobbin_markup_parse_source (parse, walk->pos), block->start);
    if (block->text != NULL)
      drop_copy (walk, block);
  }
}

static void
walk_html (BobbinWalk       *walk,
           cmark_node *node)
{
  const char *literal = cmark_node_get_literal (node);
  gsize length = literal != NULL ? strlen (literal) : 0;
  gboolean continues;

  if (meets_prelude (walk, node, LEAF_NONE, &continues))
    return;
  while (length > 0 && literal[length - 1] == '\n')
    length--;

  begin_block (walk, node, BOBBIN_MARKUP_PARAGRAPH);
  _bobbin_walk_literal (walk, literal, length, walk->pos);
  finish_block (walk);
}

static void
walk_rule (BobbinWalk       *walk,
           cmark_node *node)
{
  gboolean continues;

  if (meets_prelude (walk, node, LEAF_NONE, &continues))
    return;

  begin_block (walk, node, BOBBIN_MARKUP_RULE);
  _bobbin_walk_emit (walk, "\n", 0, walk->pos, 0);
  finish_block (walk);
}

static void
walk_text_block (BobbinWalk             *walk,
                 cmark_node       *node,
                 BobbinMarkupKind  kind)
{
  gboolean continues;

  if (meets_prelude (walk, node, kind == BOBBIN_MARKUP_PARAGRAPH ? LEAF_PARAGRAPH : LEAF_NONE, &continues))
    return;

  begin_block (walk, node, kind);
  walk->block->continues = continues;
  if (kind == BOBBIN_MARKUP_HEADING)
    walk->block->level = (guint) cmark_node_get_heading_level (node);
}

/* Tables */

static void
begin_table (BobbinWalk       *walk,
             cmark_node *node)
{
  guint n = cmark_gfm_extensions_get_table_columns (node);
  const guint8 *aligns = cmark_gfm_extensions_get_table_alignments (node);
  gboolean continues;

  meets_prelude (walk, node, LEAF_TABLE, &continues);
  begin_block (walk, node, BOBBIN_MARKUP_TABLE);
  walk->block->continues = continues;
  walk->block->n_columns = n;
  walk->block->cells = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupCell));
  memcpy (walk->block->aligns, aligns, MIN (n, G_N_ELEMENTS (walk->block->aligns)));
}

static gboolean
is_prelude_row (BobbinWalk       *walk,
                cmark_node *cell)
{
  return walk->block->continues &&
         cmark_node_get_start_line (cmark_node_parent (cell)) <= (int) walk->parse->prelude_lines;
}

static void
begin_cell (BobbinWalk       *walk,
            cmark_node *cell)
{
  BobbinMarkupCell place;

  if (is_prelude_row (walk, cell))
    return;
  if (cmark_node_previous (cell) != NULL)
    _bobbin_walk_emit (walk, "\t", 1, walk->pos, 0);
  else if (walk->block->cells->len > 0)
    _bobbin_walk_emit (walk, "\n", 1, walk->pos, 0);
  walk->pos = MAX (walk->pos, _bobbin_markup_parse_line (walk->parse, cmark_node_get_start_line (cmark_node_parent (cell))));
  place.start = place.end = (guint) walk->text->len;
  g_array_append_val (walk->block->cells, place);
}

static void
end_cell (BobbinWalk       *walk,
          cmark_node *cell)
{
  if (!is_prelude_row (walk, cell))
    g_array_index (walk->block->cells, BobbinMarkupCell, walk->block->cells->len - 1).end = (guint) walk->text->len;
}

/* An item without anything in it still has its mark. */
static void
end_item (BobbinWalk       *walk,
          cmark_node *node)
{
  const BobbinMarkupBox *box = &g_array_index (walk->boxes, BobbinMarkupBox, walk->boxes->len - 1);

  if (box->first && walk->block == NULL)
    {
      begin_block (walk, node, BOBBIN_MARKUP_PARAGRAPH);
      finish_block (walk);
    }
  g_array_set_size (walk->boxes, walk->boxes->len - 1);
}

static void
walk_extension (BobbinWalk       *walk,
                cmark_node *node,
                gboolean    enter)
{
  if (_bobbin_markup_node_is_footnote (node))
    {
      if (enter)
        push_footnote (walk, node);
      else
        end_item (walk, node);
    }
  else if (_bobbin_markup_node_is (node, "table"))
    {
      if (enter)
        begin_table (walk, node);
      else
        finish_block (walk);
    }
  else if (_bobbin_markup_node_is (node, "table_cell"))
    {
      if (enter)
        begin_cell (walk, node);
      else
        end_cell (walk, node);
    }
  else if (_bobbin_markup_node_is (node, "strikethrough") && walk->block != NULL)
    {
      if (enter)
        _bobbin_walk_push_style (walk, BOBBIN_RUN_STRIKE, NULL);
      else
        _bobbin_walk_pop_style (walk);
    }
}

static void
walk_style (BobbinWalk       *walk,
            cmark_node *node,
            gboolean    enter,
            guint       flag)
{
  if (!enter)
    {
      _bobbin_walk_pop_style (walk);
      return;
    }
  if (flag == BOBBIN_RUN_LINK || flag == BOBBIN_RUN_IMAGE)
    _bobbin_walk_push_style (walk, flag, cmark_node_get_url (node) != NULL ? cmark_node_get_url (node) : "");
  else
    _bobbin_walk_push_style (walk, flag, NULL);
  /* a picture without a text is named by its address */
  if (!walk->parse->strict && flag == BOBBIN_RUN_IMAGE && cmark_node_first_child (node) == NULL && _bobbin_walk_style (walk)->target > 0)
    {
      const char *url = cmark_node_get_url (node);

      _bobbin_walk_emit_mark (walk, g_str_has_prefix (url, "data:") ? "…" : url, walk->pos, 0);
    }
}

/* Where the picture whose words end at @at ends: behind its address, or the name of that. */
static gsize
image_end (BobbinWalk *walk,
           gsize       at)
{
  const char *buf = walk->parse->buf->str;
  const char *bracket = memchr (buf + at, ']', walk->limit - at);
  guint depth = 0;
  char open;

  if (bracket == NULL)
    return at;
  at = (gsize) (bracket - buf) + 1;
  open = at < walk->limit ? buf[at] : '\0';
  if (open != '(' && open != '[')
    return at;

  for (gsize i = at; i < walk->limit; i++)
    {
      depth += buf[i] == open;
      if (buf[i] == (open == '(' ? ')' : ']') && --depth == 0)
        return i + 1;
    }

  return walk->limit;
}

static gboolean
is_to_be_had (const char *url)
{
  return url != NULL && (g_ascii_strncasecmp (url, "https://", 8) == 0 || g_ascii_strncasecmp (url, "data:image/", 11) == 0);
}

/* A picture in the midst of a paragraph is a block of its own; alone in it it is one anyway. FALSE: it stays within the text. */
static gboolean
enter_image (BobbinWalk *walk,
             cmark_node *node)
{
  const char *buf = walk->parse->buf->str;
  const char *mark = g_strstr_len (buf + walk->pos, (gssize) (walk->limit - walk->pos), "![");
  gboolean alone = cmark_node_previous (node) == NULL && cmark_node_next (node) == NULL;

  if (walk->parse->strict || alone || mark == NULL || walk->block->kind != BOBBIN_MARKUP_PARAGRAPH ||
      cmark_node_first_child (node) == NULL || !is_to_be_had (cmark_node_get_url (node)) ||
      !_bobbin_walk_part (walk, BOBBIN_MARKUP_IMAGE, (gsize) (mark - buf)))
    return FALSE;

  walk->block->info = g_strdup (cmark_node_get_url (node));

  return TRUE;
}

static void
walk_image (BobbinWalk *walk,
            cmark_node *node,
            gboolean    enter)
{
  if (enter ? !enter_image (walk, node) : walk->block->kind != BOBBIN_MARKUP_IMAGE)
    {
      walk_style (walk, node, enter, BOBBIN_RUN_IMAGE);
    }
  else if (!enter)
    {
      g_clear_pointer (&walk->block->runs, g_array_unref); /* its words are plain */
      _bobbin_walk_part (walk, BOBBIN_MARKUP_PARAGRAPH, image_end (walk, walk->pos));
    }
}

static void
walk_inline (BobbinWalk       *walk,
             cmark_node *node,
             gboolean    enter)
{
  if (walk->block == NULL ||
      (walk->block->kind == BOBBIN_MARKUP_TABLE && walk->block->cells->len == 0))
    return;

  switch ((int) cmark_node_get_type (node))
    {
    case CMARK_NODE_TEXT:
      _bobbin_walk_text (walk, node);
      break;
    case CMARK_NODE_CODE:
      _bobbin_walk_styled (walk, node, BOBBIN_RUN_CODE);
      break;
    case CMARK_NODE_HTML_INLINE:
      _bobbin_walk_styled (walk, node, 0);
      break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      _bobbin_walk_break (walk, node);
      break;
    case CMARK_NODE_EMPH:
      walk_style (walk, node, enter, BOBBIN_RUN_EMPHASIS);
      break;
    case CMARK_NODE_STRONG:
      walk_style (walk, node, enter, BOBBIN_RUN_STRONG);
      break;
    case CMARK_NODE_LINK:
      walk_style (walk, node, enter, BOBBIN_RUN_LINK);
      break;
    case CMARK_NODE_IMAGE:
      walk_image (walk, node, enter);
      break;
    default:
      walk_extension (walk, node, enter);
    }
}

static void
end_text_block (BobbinWalk *walk)
{
  if (walk->block == NULL)
    return;
  if (walk->text->len == 0 && walk->block->kind == BOBBIN_MARKUP_PARAGRAPH)
    drop_block (walk);
  else
    finish_block (walk);
}

static void
walk_block (BobbinWalk       *walk,
            cmark_node *node,
            gboolean    enter)
{
  switch ((int) cmark_node_get_type (node))
    {
    case CMARK_NODE_DOCUMENT:
      break;
    case CMARK_NODE_BLOCK_QUOTE:
      if (enter)
        push_box (walk, node, BOBBIN_BOX_QUOTE);
      else
        g_array_set_size (walk->boxes, walk->boxes->len - 1);
      break;
    case CMARK_NODE_LIST:
      if (enter)
        push_list (walk, node);
      else
        g_array_set_size (walk->lists, walk->lists->len - 1);
      break;
    case CMARK_NODE_ITEM:
      if (enter)
        push_box (walk, node, BOBBIN_BOX_BULLET);
      else
        end_item (walk, node);
      break;
    case CMARK_NODE_CODE_BLOCK:
      walk_code (walk, node);
      break;
    case CMARK_NODE_HTML_BLOCK:
      walk_html (walk, node);
      break;
    case CMARK_NODE_THEMATIC_BREAK:
      walk_rule (walk, node);
      break;
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
      if (enter)
        walk_text_block (walk, node, cmark_node_get_type (node) == CMARK_NODE_HEADING ? BOBBIN_MARKUP_HEADING
                                                                                    : BOBBIN_MARKUP_PARAGRAPH);
      else
        end_text_block (walk);
      break;
    default:
      walk_extension (walk, node, enter);
    }
}

GPtrArray *
_bobbin_markup_walk (BobbinMarkupParse *parse)
{
  BobbinWalk walk = { .parse = parse };
  cmark_iter *iter = cmark_iter_new (parse->root);
  cmark_event_type event;

  walk.blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_markup_block_free);
  walk.boxes = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupBox));
  walk.lists = g_array_new (FALSE, FALSE, sizeof (BobbinWalkList));
  walk.styles = g_array_new (FALSE, FALSE, sizeof (BobbinWalkStyle));

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);
      gboolean enter = event == CMARK_EVENT_ENTER;

      if ((cmark_node_get_type (node) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE)
        walk_inline (&walk, node, enter);
      else
        walk_block (&walk, node, enter);
    }

  cmark_iter_free (iter);
  g_array_unref (walk.boxes);
  g_array_unref (walk.lists);
  g_array_unref (walk.styles);

  return walk.blocks;
}
