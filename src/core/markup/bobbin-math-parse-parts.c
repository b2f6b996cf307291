/* Commands of several arguments that are not all formulas. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-parse-private.h"

#include <string.h>

/* {…}: the sign of a delimiter, (nullable): none. */
static const char *
read_delimiter (Parser *parser)
{
  const char *raw = _bobbin_math_raw (parser);
  Parser part = *parser;
  const char *sign;

  if (raw == NULL)
    _bobbin_math_fail (parser);
  if (raw == NULL || *raw == '\0')
    return NULL;

  part.at = raw;
  part.end = raw + strlen (raw);
  sign = _bobbin_math_delimiter (&part);
  if (part.failed)
    _bobbin_math_fail (parser);

  return *sign != '\0' ? sign : NULL;
}

/* \genfrac{(}{)}{0pt}{1}{a}{b} */
BobbinMathNode *
_bobbin_math_general_fraction (Parser *parser)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_FRACTION);
  BobbinMathNode *style;
  const char *rule;
  const char *size;

  node->atom = BOBBIN_MATH_INNER;
  node->open = read_delimiter (parser);
  node->close = read_delimiter (parser);
  if (node->open == NULL && node->close != NULL)
    node->open = "";
  if (node->close == NULL && node->open != NULL)
    node->close = "";
  rule = _bobbin_math_raw (parser);
  size = _bobbin_math_raw (parser);
  if (rule == NULL || size == NULL)
    _bobbin_math_fail (parser);
  if (rule != NULL && *rule != '\0' && g_ascii_strtod (rule, NULL) <= 0)
    node->flags = BOBBIN_MATH_FLAG_NO_RULE;
  node->a = _bobbin_math_argument (parser);
  node->b = _bobbin_math_argument (parser);
  if (size == NULL || *size < '0' || *size > '3' || parser->failed)
    return node;

  style = _bobbin_math_node (parser, BOBBIN_MATH_STYLE);
  style->amount = *size - '0';
  style->atom = BOBBIN_MATH_INNER;
  style->a = node;

  return style;
}

static BobbinMathNode *
only_child (BobbinMathNode *node)
{
  return node->kind == BOBBIN_MATH_ROW && node->first != NULL && node->first->next == NULL ? node->first : node;
}

/* \sideset{_a^b}{_c^d}\sum: scripts at the four corners; what follows goes above and below. */
BobbinMathNode *
_bobbin_math_side_set (Parser *parser)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_ROW);
  RowEnd end = { node, NULL };
  BobbinMathNode *left = _bobbin_math_argument (parser);
  BobbinMathNode *right = only_child (_bobbin_math_argument (parser));
  BobbinMathNode *base = only_child (_bobbin_math_argument (parser));

  node->atom = BOBBIN_MATH_OP;
  node->flags = base->flags & (BOBBIN_MATH_FLAG_LIMITS | BOBBIN_MATH_FLAG_ALWAYS);
  _bobbin_math_append (&end, left);
  if (right->kind == BOBBIN_MATH_SCRIPTS && right->a->kind == BOBBIN_MATH_ROW && right->a->first == NULL)
    {
      right->a = base;
      right->atom = BOBBIN_MATH_OP;
      base = right;
      right = NULL;
    }
  base->next = NULL;
  _bobbin_math_append (&end, base);
  if (right != NULL && right->first != NULL)
    _bobbin_math_append (&end, right);

  return node;
}
