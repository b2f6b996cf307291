/* A formula in one line: for assistive tools, plain text, and where no font for formulas is there. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-tree.h"

#include <string.h>

static void write_node (GString *out, const BobbinMathNode *node);

static void
write_children (GString              *out,
                const BobbinMathNode *node)
{
  for (const BobbinMathNode *child = node->first; child != NULL; child = child->next)
    write_node (out, child);
}

static void
write_space (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != ' ' && out->str[out->len - 1] != '(')
    g_string_append_c (out, ' ');
}

/* Letters of the alphabets of mathematics as plain letters: few voices read them. */
static void
write_plain (GString    *out,
             const char *text)
{
  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if ((c >= 0x1d400 && c <= 0x1d7ff) || c == 0x210e)
        {
          g_autofree char *plain = g_utf8_normalize (text, g_utf8_next_char (text) - text, G_NORMALIZE_NFKC);

          g_string_append (out, plain);
        }
      else if (c >= ' ')
        {
          g_string_append_unichar (out, c == 0x2009 ? ' ' : c);
        }
    }
}

static void
write_symbol (GString              *out,
              const BobbinMathNode *node)
{
  gboolean spaced = node->atom == BOBBIN_MATH_REL || node->atom == BOBBIN_MATH_BIN ||
                    (node->atom == BOBBIN_MATH_OP && (node->flags & BOBBIN_MATH_FLAG_LARGE) == 0);
  gboolean leading = out->len == 0 || strchr ("(^_, ", out->str[out->len - 1]) != NULL;

  if (spaced)
    write_space (out);
  write_plain (out, node->text);
  if ((node->flags & BOBBIN_MATH_FLAG_NEGATED) != 0)
    g_string_append_unichar (out, 0x338);
  if (node->atom == BOBBIN_MATH_PUNCT || (spaced && !(leading && node->atom == BOBBIN_MATH_BIN)))
    g_string_append_c (out, ' ');
}

/* (transfer full): written once only, as scripts of scripts would double the work each time. */
static char *
dup_inner (const BobbinMathNode *node)
{
  GString *inner = g_string_new (NULL);

  write_node (inner, node);

  return g_strstrip (g_string_free (inner, FALSE));
}

/* In parentheses unless it is one thing. */
static void
append_group (GString    *out,
              const char *inner)
{
  gsize figures = strspn (inner, "0123456789.");
  gboolean one = inner[figures] == '\0' || g_utf8_strlen (inner, -1) == 1;

  g_string_append_printf (out, one ? "%s" : "(%s)", inner);
}

static void
write_group (GString              *out,
             const BobbinMathNode *node)
{
  g_autofree char *inner = dup_inner (node);

  append_group (out, inner);
}

/* As raised or lowered figures where it is made of those. */
static void
write_script (GString              *out,
              const BobbinMathNode *node,
              gboolean              above)
{
  static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  static const char *const lowered[] = { "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉" };
  g_autofree char *inner = node != NULL ? dup_inner (node) : NULL;

  if (inner == NULL)
    return;
  if (*inner != '\0' && inner[strspn (inner, "0123456789")] == '\0')
    {
      for (const char *p = inner; *p != '\0'; p++)
        g_string_append (out, above ? raised[*p - '0'] : lowered[*p - '0']);
    }
  else if (above && g_utf8_get_char (inner) >= 0x2032 && g_utf8_get_char (inner) <= 0x2057)
    {
      g_string_append (out, inner);
    }
  else
    {
      g_string_append_c (out, above ? '^' : '_');
      append_group (out, inner);
    }
}

static void
write_fraction (GString              *out,
                const BobbinMathNode *node)
{
  if ((node->flags & BOBBIN_MATH_FLAG_NO_RULE) == 0)
    {
      write_group (out, node->a);
      g_string_append_c (out, '/');
      write_group (out, node->b);
      return;
    }
  g_string_append (out, node->open != NULL ? node->open : "(");
  write_node (out, node->a);
  g_string_append (out, " ¦ ");
  write_node (out, node->b);
  g_string_append (out, node->close != NULL ? node->close : ")");
}

static void
write_radical (GString              *out,
               const BobbinMathNode *node)
{
  g_string_append (out, "√");
  if (node->b != NULL)
    {
      g_string_append_c (out, '[');
      write_node (out, node->b);
      g_string_append_c (out, ']');
    }
  write_group (out, node->a);
}

/* The sign on each letter for a line, on the last one for the others; a brace only holds together. */
static void
write_accent (GString              *out,
              const BobbinMathNode *node)
{
  gunichar sign = node->text != NULL ? g_utf8_get_char (node->text) : 0;
  gboolean line = node->text == NULL;
  g_autoptr(GString) inner = g_string_new (NULL);

  write_node (inner, node->a);
  if (line)
    sign = (node->flags & BOBBIN_MATH_FLAG_UNDER) != 0 ? 0x332 : 0x305;
  for (const char *p = inner->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      g_string_append_unichar (out, g_utf8_get_char (p));
      if (line && *p != ' ')
        g_string_append_unichar (out, sign);
    }
  if (!line && g_unichar_type (sign) == G_UNICODE_NON_SPACING_MARK)
    g_string_append_unichar (out, sign);
  else if (sign == 0x2192)
    g_string_append_unichar (out, 0x20d7);
}

static void
write_table (GString              *out,
             const BobbinMathNode *node)
{
  gboolean lines = node->table == BOBBIN_MATH_TABLE_ALIGNED || node->table == BOBBIN_MATH_TABLE_GATHERED ||
                   node->table == BOBBIN_MATH_TABLE_SUBSTACK;

  g_string_append (out, node->open != NULL ? node->open : "");
  for (const BobbinMathNode *row = node->first; row != NULL; row = row->next)
    {
      for (const BobbinMathNode *cell = row->first; cell != NULL; cell = cell->next)
        {
          write_node (out, cell);
          if (cell->next != NULL)
            g_string_append (out, lines ? " " : ", ");
        }
      if (row->a != NULL)
        {
          write_space (out);
          write_node (out, row->a);
        }
      if (row->next != NULL)
        g_string_append (out, "; ");
    }
  g_string_append (out, node->close != NULL ? node->close : "");
}

static void
write_arrow (GString              *out,
             const BobbinMathNode *node)
{
  write_space (out);
  g_string_append (out, node->text);
  write_script (out, node->b, FALSE);
  write_script (out, node->c, TRUE);
  g_string_append_c (out, ' ');
}

static void
write_node (GString              *out,
            const BobbinMathNode *node)
{
  switch (node->kind)
    {
    case BOBBIN_MATH_ROW:
      if (node->atom == BOBBIN_MATH_OP)
        write_space (out);
      write_children (out, node);
      break;
    case BOBBIN_MATH_SYMBOL:
      write_symbol (out, node);
      break;
    case BOBBIN_MATH_WORDS:
    case BOBBIN_MATH_SOURCE:
    case BOBBIN_MATH_DELIMITER:
      g_string_append (out, node->text);
      break;
    case BOBBIN_MATH_SPACE:
      if (node->amount > 3)
        write_space (out);
      break;
    case BOBBIN_MATH_FRACTION:
      write_fraction (out, node);
      break;
    case BOBBIN_MATH_RADICAL:
      write_radical (out, node);
      break;
    case BOBBIN_MATH_SCRIPTS:
      write_node (out, node->a);
      g_strchomp (out->str);
      out->len = strlen (out->str);
      write_script (out, node->b, FALSE);
      write_script (out, node->c, TRUE);
      if (node->atom == BOBBIN_MATH_OP || node->atom == BOBBIN_MATH_REL)
        g_string_append_c (out, ' ');
      break;
    case BOBBIN_MATH_ACCENT:
      write_accent (out, node);
      break;
    case BOBBIN_MATH_FENCED:
      g_string_append (out, node->open != NULL ? node->open : "");
      write_children (out, node);
      g_string_append (out, node->close != NULL ? node->close : "");
      break;
    case BOBBIN_MATH_TABLE:
      write_table (out, node);
      break;
    case BOBBIN_MATH_ARROW:
      write_arrow (out, node);
      break;
    case BOBBIN_MATH_STYLE:
    case BOBBIN_MATH_COLOR:
    case BOBBIN_MATH_BOXED:
    case BOBBIN_MATH_STRUCK:
      write_node (out, node->a);
      break;
    case BOBBIN_MATH_PHANTOM:
    default:
      break;
    }
}

char *
bobbin_math_tree_dup_text (const BobbinMathTree *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  write_node (out, self->root);
  if (self->tag != NULL)
    {
      write_space (out);
      write_node (out, self->tag);
    }

  return g_strstrip (g_string_free (out, FALSE));
}
