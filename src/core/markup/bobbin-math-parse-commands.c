#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-parse-private.h"

#include "bobbin-math-color.h"

#include <string.h>

typedef struct _Command Command;

struct _Command
{
  const char      *name;
  BobbinMathNode *(*parse) (Parser *parser, const Command *command);
  int              number; /* what the parser makes of these differs */
  guint            flags;
  const char      *text;
};

/* number: style of the whole, -1 that of around. text: delimiters */
static BobbinMathNode *
parse_fraction (Parser        *parser,
                const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_FRACTION);
  BobbinMathNode *style;

  node->flags = command->flags;
  node->atom = BOBBIN_MATH_INNER;
  node->open = command->text != NULL ? "(" : NULL;
  node->close = command->text != NULL ? ")" : NULL;
  if ((command->flags & BOBBIN_MATH_FLAG_CONTINUED) != 0)
    _bobbin_math_option (parser); /* how to align the numerator */
  node->a = _bobbin_math_argument (parser);
  node->b = _bobbin_math_argument (parser);
  if (command->number < 0)
    return node;

  style = _bobbin_math_node (parser, BOBBIN_MATH_STYLE);
  style->amount = command->number;
  style->atom = BOBBIN_MATH_INNER;
  style->a = node;

  return style;
}

static BobbinMathNode *
parse_general_fraction (Parser        *parser,
                        const Command *command)
{
  return _bobbin_math_general_fraction (parser);
}

static BobbinMathNode *
parse_side_set (Parser        *parser,
                const Command *command)
{
  return _bobbin_math_side_set (parser);
}

static BobbinMathNode *
parse_root (Parser        *parser,
            const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_RADICAL);

  node->b = _bobbin_math_option (parser);
  node->a = _bobbin_math_argument (parser);

  return node;
}

/* number: the sign, 0 for a rule */
static BobbinMathNode *
parse_accent (Parser        *parser,
              const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_ACCENT);
  char text[8];

  node->flags = command->flags;
  if (command->number != 0)
    node->text = _bobbin_math_text (parser, text, (gsize) g_unichar_to_utf8 ((gunichar) command->number, text));
  node->a = _bobbin_math_argument (parser);

  return node;
}

/* text: as it is shown; flags: LIMITS */
static BobbinMathNode *
parse_function (Parser        *parser,
                const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SYMBOL);

  node->text = command->text != NULL ? command->text : command->name;
  node->atom = BOBBIN_MATH_OP;
  node->flags = command->flags;

  return node;
}

static BobbinMathNode *
parse_operator_name (Parser        *parser,
                     const Command *command)
{
  BobbinMathAlphabet alphabet = parser->alphabet;
  Token token = _bobbin_math_peek (parser);
  BobbinMathNode *node;
  guint flags = 0;

  if (token.kind == TOKEN_CHAR && token.c == '*')
    {
      _bobbin_math_take (parser, &token);
      flags = BOBBIN_MATH_FLAG_LIMITS;
    }
  parser->alphabet = BOBBIN_MATH_ALPHABET_ROMAN;
  node = _bobbin_math_argument (parser);
  parser->alphabet = alphabet;
  node->atom = BOBBIN_MATH_OP;
  node->flags |= flags;

  return node;
}

/* number: BobbinMathAlphabet */
static BobbinMathNode *
parse_alphabet (Parser        *parser,
                const Command *command)
{
  BobbinMathAlphabet alphabet = parser->alphabet;
  BobbinMathNode *node;

  parser->alphabet = (BobbinMathAlphabet) command->number;
  node = _bobbin_math_argument (parser);
  parser->alphabet = alphabet;

  return node;
}

/* {\bf …}: up to the end of the group. The row puts the alphabet back. */
static BobbinMathNode *
parse_alphabet_switch (Parser        *parser,
                       const Command *command)
{
  parser->alphabet = (BobbinMathAlphabet) command->number;

  return _bobbin_math_row (parser);
}

/* number: the style of all that follows in the group */
static BobbinMathNode *
parse_style_switch (Parser        *parser,
                    const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_STYLE);

  node->amount = command->number;
  node->a = _bobbin_math_row (parser);

  return node;
}

static BobbinMathNode *
words (Parser      *parser,
       const char  *text,
       gsize        length,
       guint        flags)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_WORDS);
  g_autoptr(GString) plain = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\\' && i + 1 < length && strchr (" %$#&_{}", text[i + 1]) != NULL)
        g_string_append_c (plain, text[++i]);
      else if (text[i] == '~')
        g_string_append (plain, "\u00a0");
      else if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t')
        g_string_append_c (plain, ' ');
      else if (text[i] != '{' && text[i] != '}')
        g_string_append_c (plain, text[i]);
    }
  node->text = _bobbin_math_text (parser, plain->str, plain->len);
  node->flags = flags;

  return node;
}

static BobbinMathNode *
formula_in_words (Parser     *parser,
                  const char *text,
                  gsize       length)
{
  Parser inner = *parser;
  BobbinMathNode *node;
  Token token;

  inner.at = text;
  inner.end = text + length;
  inner.brackets = FALSE;
  inner.alphabet = BOBBIN_MATH_ALPHABET_NORMAL;
  node = _bobbin_math_row (&inner);
  token = _bobbin_math_peek (&inner);
  if (inner.failed || token.kind != TOKEN_END)
    _bobbin_math_fail (parser);

  return node;
}

/* \text{…}: words, with formulas between dollars in them */
static BobbinMathNode *
parse_words (Parser        *parser,
             const Command *command)
{
  RowEnd end = { _bobbin_math_node (parser, BOBBIN_MATH_ROW), NULL };
  const char *text = _bobbin_math_raw (parser);
  const char *from = text;
  gboolean in_formula = FALSE;

  if (text == NULL)
    {
      _bobbin_math_fail (parser);
      return end.row;
    }
  for (const char *p = text;; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        {
          p++;
          continue;
        }
      if (*p != '$' && *p != '\0')
        continue;
      if (in_formula && *p == '$')
        _bobbin_math_append (&end, formula_in_words (parser, from, (gsize) (p - from)));
      else if (p > from)
        _bobbin_math_append (&end, words (parser, from, (gsize) (p - from), command->flags));
      in_formula = !in_formula;
      from = p + 1;
      if (*p == '\0' || parser->failed)
        break;
    }

  return end.row->first != NULL && end.row->first->next == NULL ? end.row->first : end.row;
}

/* number: mu */
static BobbinMathNode *
parse_space (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SPACE);

  node->amount = command->number;

  return node;
}

/* Into mu of a font of ten points. */
static double
read_length (const char *text)
{
  static const struct { const char *unit; double mu; } units[] = {
    { "mu", 1 }, { "em", 18 }, { "ex", 7.75 }, { "pt", 1.8 }, { "px", 1.35 }, { "mm", 5.12 }, { "cm", 51.2 }, { "in", 130 },
  };
  char *unit = NULL;
  double value = g_ascii_strtod (text, &unit);

  while (*unit == ' ')
    unit++;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (unit, units[i].unit) && value == value)
      return CLAMP (value * units[i].mu, -BOBBIN_MATH_SPACE_MAX, BOBBIN_MATH_SPACE_MAX);

  return 0;
}

static BobbinMathNode *
parse_length (Parser        *parser,
              const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SPACE);
  g_autofree char *bare = NULL;
  const char *text = command->number == 0 ? _bobbin_math_raw (parser) : NULL;

  if (text == NULL && command->number == 0)
    _bobbin_math_fail (parser);
  if (text == NULL)
    {
      gsize length = 0;

      while (parser->at + length < parser->end && strchr ("-+.0123456789 ", parser->at[length]) != NULL)
        length++;
      for (guint i = 0; i < 2 && parser->at + length < parser->end && g_ascii_isalpha (parser->at[length]); i++)
        length++;
      text = bare = g_strndup (parser->at, length);
      parser->at += length;
    }
  node->amount = read_length (text);

  return node;
}

static BobbinMathNode *
parse_left (Parser        *parser,
            const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_FENCED);
  RowEnd end = { node, NULL };
  gboolean brackets = parser->brackets;
  Token token;

  node->atom = BOBBIN_MATH_INNER;
  node->open = _bobbin_math_delimiter (parser);
  parser->brackets = FALSE;
  _bobbin_math_append (&end, _bobbin_math_row (parser));
  for (token = _bobbin_math_peek (parser); _bobbin_math_token_is (&token, "middle"); token = _bobbin_math_peek (parser))
    {
      BobbinMathNode *middle = _bobbin_math_node (parser, BOBBIN_MATH_DELIMITER);

      _bobbin_math_take (parser, &token);
      middle->text = _bobbin_math_delimiter (parser);
      _bobbin_math_append (&end, middle);
      _bobbin_math_append (&end, _bobbin_math_row (parser));
    }
  parser->brackets = brackets;
  if (!_bobbin_math_token_is (&token, "right"))
    {
      _bobbin_math_fail (parser);
      return node;
    }
  _bobbin_math_take (parser, &token);
  node->close = _bobbin_math_delimiter (parser);

  return node;
}

/* number: size; text: class by its letter */
static BobbinMathNode *
parse_big (Parser        *parser,
           const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_DELIMITER);

  node->amount = command->number;
  node->atom = (BobbinMathClass) command->flags;
  node->text = _bobbin_math_delimiter (parser);

  return node;
}

/* number: the class its argument is given */
static BobbinMathNode *
parse_class (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_ROW);

  node->first = _bobbin_math_argument (parser);
  node->atom = (BobbinMathClass) command->number;
  if (node->atom == BOBBIN_MATH_OP)
    node->flags |= BOBBIN_MATH_FLAG_LIMITS;

  return node;
}

/* One over the other, as scripts with limits are. flags: UNDER when the first argument goes below */
static BobbinMathNode *
parse_stack (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SCRIPTS);
  BobbinMathNode *script = _bobbin_math_argument (parser);

  node->a = _bobbin_math_argument (parser);
  if (node->a->kind == BOBBIN_MATH_ROW && node->a->first != NULL && node->a->first->next == NULL)
    node->a = node->a->first; /* {=} is to stay a relation */
  node->atom = command->number >= 0 ? (BobbinMathClass) command->number : node->a->atom;
  node->flags = BOBBIN_MATH_FLAG_LIMITS | BOBBIN_MATH_FLAG_ALWAYS;
  if ((command->flags & BOBBIN_MATH_FLAG_UNDER) != 0)
    node->b = script;
  else
    node->c = script;

  return node;
}

/* number: the arrow */
static BobbinMathNode *
parse_arrow (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_ARROW);
  char text[8];

  node->text = _bobbin_math_text (parser, text, (gsize) g_unichar_to_utf8 ((gunichar) command->number, text));
  node->atom = BOBBIN_MATH_REL;
  node->b = _bobbin_math_option (parser);
  node->c = _bobbin_math_argument (parser);

  return node;
}

/* \not: one sign where Unicode has it, else a stroke. */
static BobbinMathNode *
parse_not (Parser        *parser,
           const Command *command)
{
  BobbinMathNode *node = _bobbin_math_argument (parser);
  gunichar c = node->text != NULL ? g_utf8_get_char (node->text) : 0;
  gunichar composed;
  char text[8];

  if (node->kind != BOBBIN_MATH_SYMBOL || *g_utf8_next_char (node->text) != '\0')
    return node;
  if (g_unichar_compose (c, 0x338, &composed))
    node->text = _bobbin_math_text (parser, text, (gsize) g_unichar_to_utf8 (composed, text));
  else
    node->flags |= BOBBIN_MATH_FLAG_NEGATED;

  return node;
}

/* number: 1 for \textcolor, whose argument alone is coloured */
static BobbinMathNode *
parse_color (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_COLOR);
  const char *name;

  _bobbin_math_option (parser); /* the model is seen by the value */
  name = _bobbin_math_raw (parser);
  if (name == NULL)
    {
      _bobbin_math_fail (parser);
      return node;
    }
  node->a = command->number != 0 ? _bobbin_math_argument (parser) : _bobbin_math_row (parser);
  node->atom = command->number != 0 ? node->a->atom : BOBBIN_MATH_ORD;
  if (!_bobbin_math_color (name, &node->rgb))
    {
      node->kind = BOBBIN_MATH_ROW;
      node->first = g_steal_pointer (&node->a);
    }

  return node;
}

/* number: kind of the node around the argument */
static BobbinMathNode *
parse_around (Parser        *parser,
              const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, (BobbinMathKind) command->number);

  node->flags = command->flags;
  node->a = _bobbin_math_argument (parser);

  return node;
}

static BobbinMathNode *
parse_strut (Parser        *parser,
             const Command *command)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_PHANTOM);

  node->flags = BOBBIN_MATH_FLAG_NO_WIDTH;
  node->a = _bobbin_math_symbol (parser, '(', BOBBIN_MATH_ORD);

  return node;
}

/* \pmod{n} */
static BobbinMathNode *
parse_mod (Parser        *parser,
           const Command *command)
{
  RowEnd end = { _bobbin_math_node (parser, BOBBIN_MATH_ROW), NULL };
  BobbinMathNode *space = _bobbin_math_node (parser, BOBBIN_MATH_SPACE);
  BobbinMathNode *mod = _bobbin_math_node (parser, BOBBIN_MATH_SYMBOL);

  mod->text = "mod";
  if (command->number == 0)
    {
      mod->atom = BOBBIN_MATH_BIN;
      return mod;
    }
  space->amount = 8;
  _bobbin_math_append (&end, space);
  if ((command->flags & 1) != 0)
    _bobbin_math_append (&end, _bobbin_math_symbol (parser, '(', BOBBIN_MATH_OPENING));
  if ((command->flags & 2) != 0)
    {
      _bobbin_math_append (&end, mod);
      space = _bobbin_math_node (parser, BOBBIN_MATH_SPACE);
      space->amount = 6;
      _bobbin_math_append (&end, space);
    }
  _bobbin_math_append (&end, _bobbin_math_argument (parser));
  if ((command->flags & 1) != 0)
    _bobbin_math_append (&end, _bobbin_math_symbol (parser, ')', BOBBIN_MATH_CLOSING));

  return end.row;
}

/* \dots sits on the line or at the height of the sign that follows it. */
static BobbinMathNode *
parse_dots (Parser        *parser,
            const Command *command)
{
  Token token = _bobbin_math_peek (parser);
  const BobbinMathSymbol *symbol;
  BobbinMathClass next = BOBBIN_MATH_ORD;

  if (token.kind == TOKEN_CHAR)
    next = _bobbin_math_class_of (token.c);
  else if (token.kind == TOKEN_COMMAND)
    {
      symbol = _bobbin_math_symbol_by_name (token.text, token.length);
      next = symbol != NULL ? symbol->atom : BOBBIN_MATH_ORD;
    }

  return _bobbin_math_symbol (parser, next == BOBBIN_MATH_BIN || next == BOBBIN_MATH_REL ? 0x22ef : 0x2026, BOBBIN_MATH_INNER);
}

/* \tag{1}; number: what may stand before it in the row is told by the table. */
static BobbinMathNode *
parse_tag (Parser        *parser,
           const Command *command)
{
  Token token = _bobbin_math_peek (parser);
  gboolean bare = token.kind == TOKEN_CHAR && token.c == '*';
  const char *text;

  if (bare)
    _bobbin_math_take (parser, &token);
  text = _bobbin_math_raw (parser);
  if (text == NULL)
    {
      _bobbin_math_fail (parser);
    }
  else
    {
      g_autofree char *shown = g_strdup_printf (bare ? "%s" : "(%s)", text);

      parser->tree->tag = words (parser, shown, strlen (shown), 0);
    }

  return _bobbin_math_node (parser, BOBBIN_MATH_ROW);
}

/* Nothing to be seen; number: 1 when it has an argument */
static BobbinMathNode *
parse_nothing (Parser        *parser,
               const Command *command)
{
  if (command->number != 0)
    _bobbin_math_raw (parser);

  return _bobbin_math_node (parser, BOBBIN_MATH_ROW);
}

/* \ref{x}: what it refers to is not here */
static BobbinMathNode *
parse_reference (Parser        *parser,
                 const Command *command)
{
  const char *text = _bobbin_math_raw (parser);
  g_autofree char *shown = g_strdup_printf ("(%s)", text != NULL ? text : "");

  return words (parser, shown, strlen (shown), 0);
}

static BobbinMathNode *
parse_begin (Parser        *parser,
             const Command *command)
{
  return _bobbin_math_environment (parser);
}

static BobbinMathNode *
parse_substack (Parser        *parser,
                const Command *command)
{
  return _bobbin_math_substack (parser);
}

/* Macros are not carried out: what uses them is shown as it was written. */
static BobbinMathNode *
parse_definition (Parser        *parser,
                  const Command *command)
{
  _bobbin_math_fail (parser);

  return _bobbin_math_node (parser, BOBBIN_MATH_ROW);
}

#define STRETCHY BOBBIN_MATH_FLAG_STRETCHY
#define UNDER    BOBBIN_MATH_FLAG_UNDER
#define LIMITS   BOBBIN_MATH_FLAG_LIMITS
#define ALWAYS   BOBBIN_MATH_FLAG_ALWAYS
#define NO_RULE  BOBBIN_MATH_FLAG_NO_RULE

/* In the order of strcmp: it is searched by halves. */
static const Command commands[] = {
  { "\n", parse_space, 6 }, { " ", parse_space, 6 }, { "!", parse_space, -3 }, { ",", parse_space, 3 },
  { "/", parse_space }, { ":", parse_space, 4 }, { ";", parse_space, 5 }, { ">", parse_space, 4 },
  { "Bbb", parse_alphabet, BOBBIN_MATH_ALPHABET_DOUBLE }, { "Big", parse_big, 2, BOBBIN_MATH_ORD },
  { "Bigg", parse_big, 4, BOBBIN_MATH_ORD }, { "Biggl", parse_big, 4, BOBBIN_MATH_OPENING },
  { "Biggm", parse_big, 4, BOBBIN_MATH_REL }, { "Biggr", parse_big, 4, BOBBIN_MATH_CLOSING },
  { "Bigl", parse_big, 2, BOBBIN_MATH_OPENING }, { "Bigm", parse_big, 2, BOBBIN_MATH_REL },
  { "Bigr", parse_big, 2, BOBBIN_MATH_CLOSING }, { "DeclareMathOperator", parse_definition },
  { "Overrightarrow", parse_accent, 0x21d2, STRETCHY }, { "Pr", parse_function, 0, LIMITS },
  { "acute", parse_accent, 0x301 }, { "allowbreak", parse_nothing }, { "arccos", parse_function },
  { "arcctg", parse_function }, { "arcsin", parse_function }, { "arctan", parse_function },
  { "arctg", parse_function }, { "arg", parse_function },
  { "argmax", parse_function, 0, LIMITS, "arg\u2009max" },
  { "argmin", parse_function, 0, LIMITS, "arg\u2009min" }, { "bar", parse_accent, 0x304 },
  { "bcancel", parse_around, BOBBIN_MATH_STRUCK, BOBBIN_MATH_FLAG_DOWN }, { "begin", parse_begin },
  { "bf", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_BOLD }, { "big", parse_big, 1, BOBBIN_MATH_ORD },
  { "bigg", parse_big, 3, BOBBIN_MATH_ORD }, { "biggl", parse_big, 3, BOBBIN_MATH_OPENING },
  { "biggm", parse_big, 3, BOBBIN_MATH_REL }, { "biggr", parse_big, 3, BOBBIN_MATH_CLOSING },
  { "bigl", parse_big, 1, BOBBIN_MATH_OPENING }, { "bigm", parse_big, 1, BOBBIN_MATH_REL },
  { "bigr", parse_big, 1, BOBBIN_MATH_CLOSING }, { "binom", parse_fraction, -1, NO_RULE, "()" },
  { "bm", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_ITALIC }, { "bmod", parse_mod },
  { "bold", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD },
  { "boldmath", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_BOLD_ITALIC },
  { "boldsymbol", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_ITALIC },
  { "boxed", parse_around, BOBBIN_MATH_BOXED }, { "breve", parse_accent, 0x306 },
  { "cal", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_SCRIPT },
  { "cancel", parse_around, BOBBIN_MATH_STRUCK, BOBBIN_MATH_FLAG_UP }, { "catcode", parse_definition },
  { "centering", parse_nothing }, { "cfrac", parse_fraction, 0, BOBBIN_MATH_FLAG_CONTINUED },
  { "ch", parse_function }, { "check", parse_accent, 0x30c }, { "color", parse_color },
  { "colorbox", parse_color, 1 }, { "cos", parse_function }, { "cosec", parse_function },
  { "cosh", parse_function }, { "cot", parse_function }, { "cotg", parse_function },
  { "coth", parse_function }, { "csc", parse_function }, { "csname", parse_definition },
  { "ctg", parse_function }, { "cth", parse_function }, { "dbinom", parse_fraction, 0, NO_RULE, "()" },
  { "ddddot", parse_accent, 0x20dc }, { "dddot", parse_accent, 0x20db }, { "ddot", parse_accent, 0x308 },
  { "def", parse_definition }, { "deg", parse_function }, { "det", parse_function, 0, LIMITS },
  { "dfrac", parse_fraction }, { "dim", parse_function }, { "displaystyle", parse_style_switch },
  { "dot", parse_accent, 0x307 }, { "dots", parse_dots }, { "edef", parse_definition },
  { "emph", parse_words, 0, BOBBIN_MATH_FLAG_SLANTED }, { "enskip", parse_space, 9 },
  { "enspace", parse_space, 9 }, { "ensuremath", parse_class, BOBBIN_MATH_ORD }, { "eqref", parse_reference },
  { "exp", parse_function }, { "expandafter", parse_definition }, { "fbox", parse_around, BOBBIN_MATH_BOXED },
  { "frac", parse_fraction, -1 }, { "frak", parse_alphabet, BOBBIN_MATH_ALPHABET_FRAKTUR },
  { "futurelet", parse_definition }, { "gcd", parse_function, 0, LIMITS }, { "gdef", parse_definition },
  { "genfrac", parse_general_fraction },
  { "grave", parse_accent, 0x300 }, { "hat", parse_accent, 0x302 }, { "hbox", parse_words },
  { "hfill", parse_space, 18 }, { "hom", parse_function },
  { "hphantom", parse_around, BOBBIN_MATH_PHANTOM, BOBBIN_MATH_FLAG_NO_HEIGHT }, { "hskip", parse_length, 1 },
  { "hspace", parse_length }, { "include", parse_definition }, { "inf", parse_function, 0, LIMITS },
  { "injlim", parse_function, 0, LIMITS, "inj\u2009lim" }, { "input", parse_definition },
  { "it", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_ITALIC }, { "ker", parse_function },
  { "kern", parse_length, 1 }, { "label", parse_nothing, 1 }, { "left", parse_left },
  { "let", parse_definition }, { "lg", parse_function }, { "lim", parse_function, 0, LIMITS },
  { "liminf", parse_function, 0, LIMITS, "lim\u2009inf" },
  { "limsup", parse_function, 0, LIMITS, "lim\u2009sup" }, { "llap", parse_class, BOBBIN_MATH_ORD },
  { "ln", parse_function }, { "log", parse_function }, { "loop", parse_definition },
  { "mathbb", parse_alphabet, BOBBIN_MATH_ALPHABET_DOUBLE },
  { "mathbf", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD },
  { "mathbfcal", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_SCRIPT },
  { "mathbffrak", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_FRAKTUR },
  { "mathbfit", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_ITALIC },
  { "mathbfscr", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_SCRIPT },
  { "mathbfsf", parse_alphabet, BOBBIN_MATH_ALPHABET_SANS_BOLD }, { "mathbin", parse_class, BOBBIN_MATH_BIN },
  { "mathcal", parse_alphabet, BOBBIN_MATH_ALPHABET_SCRIPT }, { "mathclap", parse_class, BOBBIN_MATH_ORD },
  { "mathclose", parse_class, BOBBIN_MATH_CLOSING },
  { "mathfrak", parse_alphabet, BOBBIN_MATH_ALPHABET_FRAKTUR },
  { "mathinner", parse_class, BOBBIN_MATH_INNER }, { "mathit", parse_alphabet, BOBBIN_MATH_ALPHABET_ITALIC },
  { "mathllap", parse_class, BOBBIN_MATH_ORD }, { "mathnormal", parse_alphabet, BOBBIN_MATH_ALPHABET_NORMAL },
  { "mathop", parse_class, BOBBIN_MATH_OP }, { "mathopen", parse_class, BOBBIN_MATH_OPENING },
  { "mathord", parse_class, BOBBIN_MATH_ORD }, { "mathpunct", parse_class, BOBBIN_MATH_PUNCT },
  { "mathrel", parse_class, BOBBIN_MATH_REL }, { "mathring", parse_accent, 0x30a },
  { "mathrlap", parse_class, BOBBIN_MATH_ORD }, { "mathrm", parse_alphabet, BOBBIN_MATH_ALPHABET_ROMAN },
  { "mathscr", parse_alphabet, BOBBIN_MATH_ALPHABET_SCRIPT },
  { "mathsf", parse_alphabet, BOBBIN_MATH_ALPHABET_SANS }, { "mathstrut", parse_strut },
  { "mathtt", parse_alphabet, BOBBIN_MATH_ALPHABET_MONO },
  { "mathup", parse_alphabet, BOBBIN_MATH_ALPHABET_ROMAN }, { "max", parse_function, 0, LIMITS },
  { "mbox", parse_words }, { "medspace", parse_space, 4 }, { "min", parse_function, 0, LIMITS },
  { "mkern", parse_length, 1 }, { "mod", parse_mod, 1, 2 }, { "mskip", parse_length, 1 },
  { "mspace", parse_length }, { "negmedspace", parse_space, -4 }, { "negthickspace", parse_space, -5 },
  { "negthinspace", parse_space, -3 }, { "newcommand", parse_definition },
  { "newenvironment", parse_definition }, { "nobreak", parse_nothing }, { "nobreakspace", parse_space, 6 },
  { "noindent", parse_nothing }, { "nonumber", parse_nothing }, { "not", parse_not },
  { "notag", parse_nothing }, { "null", parse_nothing }, { "operatorname", parse_operator_name },
  { "overbrace", parse_accent, 0x23de, STRETCHY | LIMITS | ALWAYS },
  { "overbracket", parse_accent, 0x23b4, STRETCHY | LIMITS | ALWAYS },
  { "overgroup", parse_accent, 0x23e0, STRETCHY }, { "overleftarrow", parse_accent, 0x2190, STRETCHY },
  { "overleftrightarrow", parse_accent, 0x2194, STRETCHY }, { "overline", parse_accent, 0, STRETCHY },
  { "overparen", parse_accent, 0x23dc, STRETCHY }, { "overrightarrow", parse_accent, 0x2192, STRETCHY },
  { "overrightharpoon", parse_accent, 0x21c0, STRETCHY }, { "overset", parse_stack, -1 },
  { "phantom", parse_around, BOBBIN_MATH_PHANTOM }, { "plim", parse_function, 0, LIMITS },
  { "pmb", parse_alphabet, BOBBIN_MATH_ALPHABET_BOLD_ITALIC }, { "pmod", parse_mod, 1, 3 },
  { "pod", parse_mod, 1, 1 }, { "projlim", parse_function, 0, LIMITS, "proj\u2009lim" },
  { "protect", parse_nothing }, { "providecommand", parse_definition }, { "qquad", parse_space, 36 },
  { "quad", parse_space, 18 }, { "ref", parse_reference }, { "relax", parse_nothing },
  { "renewcommand", parse_definition }, { "require", parse_definition },
  { "rlap", parse_class, BOBBIN_MATH_ORD }, { "rm", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_ROMAN },
  { "scr", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_SCRIPT },
  { "scriptscriptstyle", parse_style_switch, 3 }, { "scriptstyle", parse_style_switch, 2 },
  { "sec", parse_function }, { "sf", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_SANS },
  { "sh", parse_function }, { "sideset", parse_side_set }, { "sin", parse_function }, { "sinh", parse_function },
  { "smash", parse_class, BOBBIN_MATH_ORD }, { "space", parse_space, 6 }, { "sqrt", parse_root },
  { "stackrel", parse_stack, BOBBIN_MATH_REL }, { "strut", parse_strut }, { "substack", parse_substack },
  { "sup", parse_function, 0, LIMITS }, { "tag", parse_tag }, { "tan", parse_function },
  { "tanh", parse_function }, { "tbinom", parse_fraction, 1, NO_RULE, "()" }, { "text", parse_words },
  { "textbf", parse_words, 0, BOBBIN_MATH_FLAG_BOLD }, { "textcolor", parse_color, 1 },
  { "textit", parse_words, 0, BOBBIN_MATH_FLAG_SLANTED }, { "textmd", parse_words },
  { "textnormal", parse_words }, { "textrm", parse_words }, { "textsc", parse_words },
  { "textsf", parse_words }, { "textsl", parse_words, 0, BOBBIN_MATH_FLAG_SLANTED },
  { "textstyle", parse_style_switch, 1 }, { "texttt", parse_words, 0, BOBBIN_MATH_FLAG_MONO },
  { "textup", parse_words }, { "tfrac", parse_fraction, 1 }, { "tg", parse_function },
  { "th", parse_function }, { "thickspace", parse_space, 5 }, { "thinspace", parse_space, 3 },
  { "tilde", parse_accent, 0x303 }, { "tt", parse_alphabet_switch, BOBBIN_MATH_ALPHABET_MONO },
  { "underbar", parse_accent, 0, STRETCHY | UNDER },
  { "underbrace", parse_accent, 0x23df, STRETCHY | UNDER | LIMITS | ALWAYS },
  { "underbracket", parse_accent, 0x23b5, STRETCHY | UNDER | LIMITS | ALWAYS },
  { "undergroup", parse_accent, 0x23e1, STRETCHY | UNDER },
  { "underleftarrow", parse_accent, 0x2190, STRETCHY | UNDER },
  { "underleftrightarrow", parse_accent, 0x2194, STRETCHY | UNDER },
  { "underline", parse_accent, 0, STRETCHY | UNDER }, { "underparen", parse_accent, 0x23dd, STRETCHY | UNDER },
  { "underrightarrow", parse_accent, 0x2192, STRETCHY | UNDER }, { "underset", parse_stack, -1, UNDER },
  { "usepackage", parse_definition }, { "vec", parse_accent, 0x20d7 },
  { "vphantom", parse_around, BOBBIN_MATH_PHANTOM, BOBBIN_MATH_FLAG_NO_WIDTH },
  { "widebar", parse_accent, 0, STRETCHY }, { "widecheck", parse_accent, 0x30c, STRETCHY },
  { "widehat", parse_accent, 0x302, STRETCHY }, { "widetilde", parse_accent, 0x303, STRETCHY },
  { "xLeftarrow", parse_arrow, 0x21d0 }, { "xLeftrightarrow", parse_arrow, 0x21d4 },
  { "xRightarrow", parse_arrow, 0x21d2 },
  { "xcancel", parse_around, BOBBIN_MATH_STRUCK, BOBBIN_MATH_FLAG_UP | BOBBIN_MATH_FLAG_DOWN },
  { "xdef", parse_definition }, { "xhookleftarrow", parse_arrow, 0x21a9 },
  { "xhookrightarrow", parse_arrow, 0x21aa }, { "xleftarrow", parse_arrow, 0x2190 },
  { "xleftharpoonup", parse_arrow, 0x21bc }, { "xleftrightarrow", parse_arrow, 0x2194 },
  { "xlongequal", parse_arrow, 0x3d }, { "xmapsto", parse_arrow, 0x21a6 },
  { "xrightarrow", parse_arrow, 0x2192 }, { "xrightharpoonup", parse_arrow, 0x21c0 },
  { "xrightleftharpoons", parse_arrow, 0x21cc }, { "xtwoheadrightarrow", parse_arrow, 0x21a0 },
};

BobbinMathNode *
_bobbin_math_command (Parser      *parser,
                      const Token *token)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (commands);

  while (low < high)
    {
      gsize middle = (low + high) / 2;
      int order = strncmp (token->text, commands[middle].name, token->length);

      if (order == 0 && commands[middle].name[token->length] == '\0')
        return commands[middle].parse (parser, &commands[middle]);
      if (order > 0)
        low = middle + 1;
      else
        high = middle;
    }

  return NULL;
}
