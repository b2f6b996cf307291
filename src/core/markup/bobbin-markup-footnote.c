/* Footnote definitions as a block of their own. cmark-gfm has footnotes, but moves the definitions and drops those that nothing
 * refers to, which a stretch of a document cannot know. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <cmark-gfm-extension_api.h>

#define LABEL_MAX 64 /* bytes */
#define INDENT    4

static cmark_node_type footnote_type;

/* Bytes of "[^label]:" that @line starts with; 0: it does not. */
static int
scan_head (const unsigned char *line,
           int                  length)
{
  int i = 2;

  if (length < 5 || line[0] != '[' || line[1] != '^')
    return 0;
  while (i < length && i < LABEL_MAX && line[i] != ']')
    {
      if (line[i] == '[' || g_ascii_isspace ((char) line[i]))
        return 0;
      i++;
    }
  if (i == 2 || i + 1 >= length || line[i] != ']' || line[i + 1] != ':')
    return 0;
  i += 2;
  while (i < length && (line[i] == ' ' || line[i] == '\t'))
    i++;

  return i;
}

static cmark_node *
open_block (cmark_syntax_extension *extension,
            int                     indented,
            cmark_parser           *parser,
            cmark_node             *parent,
            unsigned char          *input,
            int                     length)
{
  int first = cmark_parser_get_first_nonspace (parser);
  int head = indented ? 0 : scan_head (input + first, length - first);
  cmark_node *node;

  if (head == 0)
    return NULL;

  node = cmark_parser_add_child (parser, parent, footnote_type, first + 1);
  cmark_node_set_syntax_extension (node, extension);
  cmark_parser_advance_offset (parser, (char *) input, first + head - cmark_parser_get_offset (parser), FALSE);

  return node;
}

static int
match_block (cmark_syntax_extension *extension,
             cmark_parser           *parser,
             unsigned char          *input,
             int                     length,
             cmark_node             *container)
{
  if (cmark_parser_get_indent (parser) >= INDENT)
    {
      cmark_parser_advance_offset (parser, (char *) input, INDENT, TRUE);
      return TRUE;
    }

  return cmark_parser_is_blank (parser) && cmark_node_first_child (container) != NULL;
}

static int
can_contain (cmark_syntax_extension *extension,
             cmark_node             *node,
             cmark_node_type         child)
{
  return node != NULL && cmark_node_get_type (node) == footnote_type && child != CMARK_NODE_ITEM &&
         (child & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
}

static const char *
type_string (cmark_syntax_extension *extension,
             cmark_node             *node)
{
  return "footnote";
}

struct cmark_syntax_extension *
_bobbin_markup_footnote_extension (void)
{
  static gsize made;
  static cmark_syntax_extension *extension;

  if (g_once_init_enter (&made))
    {
      extension = cmark_syntax_extension_new ("footnote");
      footnote_type = cmark_syntax_extension_add_node (FALSE);
      cmark_syntax_extension_set_open_block_func (extension, open_block);
      cmark_syntax_extension_set_match_block_func (extension, match_block);
      cmark_syntax_extension_set_can_contain_func (extension, can_contain);
      cmark_syntax_extension_set_get_type_string_func (extension, type_string);
      g_once_init_leave (&made, 1);
    }

  return extension;
}

gboolean
_bobbin_markup_node_is_footnote (cmark_node *node)
{
  return footnote_type != 0 && cmark_node_get_type (node) == footnote_type;
}
