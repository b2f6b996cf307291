#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-parse-private.h"

#include <string.h>

#define COLUMNS_MAX 64

typedef struct
{
  const char          *name;
  BobbinMathTableKind  kind;
  const char          *columns;   /* (nullable): the last one goes on */
  const char          *open;      /* (nullable) */
  const char          *close;     /* (nullable) */
  guint                arguments; /* 1: columns are told; 2: an argument that is not used; 3: an option */
  gboolean             display;   /* cells in display style */
} Environment;

static const Environment environments[] = {
  { "matrix", BOBBIN_MATH_TABLE_MATRIX, "c", NULL, NULL, 0, FALSE },
  { "pmatrix", BOBBIN_MATH_TABLE_MATRIX, "c", "(", ")", 0, FALSE },
  { "bmatrix", BOBBIN_MATH_TABLE_MATRIX, "c", "[", "]", 0, FALSE },
  { "Bmatrix", BOBBIN_MATH_TABLE_MATRIX, "c", "{", "}", 0, FALSE },
  { "vmatrix", BOBBIN_MATH_TABLE_MATRIX, "c", "|", "|", 0, FALSE },
  { "Vmatrix", BOBBIN_MATH_TABLE_MATRIX, "c", "‖", "‖", 0, FALSE },
  { "smallmatrix", BOBBIN_MATH_TABLE_SMALL, "c", NULL, NULL, 0, FALSE },
  { "psmallmatrix", BOBBIN_MATH_TABLE_SMALL, "c", "(", ")", 0, FALSE },
  { "bsmallmatrix", BOBBIN_MATH_TABLE_SMALL, "c", "[", "]", 0, FALSE },
  { "array", BOBBIN_MATH_TABLE_MATRIX, NULL, NULL, NULL, 1, FALSE },
  { "darray", BOBBIN_MATH_TABLE_MATRIX, NULL, NULL, NULL, 1, TRUE },
  { "tabular", BOBBIN_MATH_TABLE_MATRIX, NULL, NULL, NULL, 1, FALSE },
  { "cases", BOBBIN_MATH_TABLE_CASES, "l", "{", "", 0, FALSE },
  { "dcases", BOBBIN_MATH_TABLE_CASES, "l", "{", "", 0, TRUE },
  { "rcases", BOBBIN_MATH_TABLE_CASES, "l", "", "}", 0, FALSE },
  { "aligned", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 3, TRUE },
  { "align", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "align*", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "alignat", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 2, TRUE },
  { "alignat*", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 2, TRUE },
  { "alignedat", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 2, TRUE },
  { "flalign", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "flalign*", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "split", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "eqnarray", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "eqnarray*", BOBBIN_MATH_TABLE_ALIGNED, NULL, NULL, NULL, 0, TRUE },
  { "gathered", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 3, TRUE },
  { "gather", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "gather*", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "multline", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "multline*", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "equation", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "equation*", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "displaymath", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, TRUE },
  { "math", BOBBIN_MATH_TABLE_GATHERED, "c", NULL, NULL, 0, FALSE },
  { "subarray", BOBBIN_MATH_TABLE_SUBSTACK, NULL, NULL, NULL, 1, FALSE },
};

/* "@{…}" and widths of columns are left out, "*{3}{c}" is not known. */
static const char *
read_columns (Parser     *parser,
              const char *told)
{
  g_autoptr(GString) columns = g_string_new (NULL);
  guint depth = 0;

  for (; told != NULL && *told != '\0' && columns->len < COLUMNS_MAX; told++)
    {
      if (*told == '{')
        depth++;
      else if (*told == '}' && depth > 0)
        depth--;
      else if (depth == 0 && strchr ("lcr|", *told) != NULL)
        g_string_append_c (columns, *told);
    }

  return _bobbin_math_text (parser, columns->str, columns->len);
}

/* Past "\\[2pt]", "\\*", and lines across the table; TRUE when there is one. */
static gboolean
skip_row_extras (Parser   *parser,
                 gboolean  after_break)
{
  gboolean ruled = FALSE;
  Token token;

  if (after_break && parser->at < parser->end && *parser->at == '*')
    parser->at++;
  /* only right after it: "\\ [a]" may be a bracket of the next row */
  if (after_break && parser->at < parser->end && *parser->at == '[')
    {
      const char *stop = memchr (parser->at, ']', MIN (parser->end - parser->at, 16));

      if (stop != NULL && (g_ascii_isdigit (parser->at[1]) || parser->at[1] == '-' || parser->at[1] == '.'))
        parser->at = stop + 1;
    }
  for (token = _bobbin_math_peek (parser); _bobbin_math_token_is (&token, "hline") || _bobbin_math_token_is (&token, "hdashline");
       token = _bobbin_math_peek (parser))
    {
      ruled = TRUE;
      _bobbin_math_take (parser, &token);
    }

  return ruled;
}

static BobbinMathNode *
in_display (Parser         *parser,
            BobbinMathNode *cell)
{
  BobbinMathNode *style = _bobbin_math_node (parser, BOBBIN_MATH_STYLE);

  style->amount = 0;
  style->a = cell;

  return style;
}

static BobbinMathNode *
parse_cell (Parser   *parser,
            gboolean  display)
{
  BobbinMathNode *cell = _bobbin_math_row (parser);

  return display ? in_display (parser, cell) : cell;
}

/* @first: a cell that is read already. */
static void
parse_rows (Parser         *parser,
            BobbinMathNode *table,
            BobbinMathNode *first,
            gboolean        display)
{
  BobbinMathNode *outer_tag = first == NULL ? parser->tree->tag : NULL;
  RowEnd rows = { table, NULL };
  Token token = { TOKEN_ROW, NULL, 0, 0 };
  gboolean after_break = FALSE;

  while (token.kind == TOKEN_ROW && !parser->failed)
    {
      BobbinMathNode *row = _bobbin_math_node (parser, BOBBIN_MATH_ROW);
      RowEnd cells = { row, NULL };
      gboolean ruled = first == NULL && skip_row_extras (parser, after_break);

      if (first == NULL)
        parser->tree->tag = NULL;
      _bobbin_math_append (&cells, first != NULL ? first : parse_cell (parser, display));
      first = NULL;
      for (token = _bobbin_math_peek (parser); token.kind == TOKEN_CELL && !parser->failed; token = _bobbin_math_peek (parser))
        {
          _bobbin_math_take (parser, &token);
          _bobbin_math_append (&cells, parse_cell (parser, display));
        }
      row->flags = ruled ? BOBBIN_MATH_FLAG_RULED : 0;
      row->a = parser->tree->tag;
      _bobbin_math_append (&rows, row);
      if (token.kind == TOKEN_ROW)
        _bobbin_math_take (parser, &token);
      after_break = TRUE;
    }
  parser->tree->tag = outer_tag;
}

static gboolean
is_empty_row (const BobbinMathNode *row)
{
  const BobbinMathNode *cell = row->first;

  if (cell != NULL && cell->kind == BOBBIN_MATH_STYLE)
    return cell->a->first == NULL && cell->next == NULL && row->a == NULL;

  return (cell == NULL || (cell->first == NULL && cell->next == NULL)) && row->a == NULL;
}

/* The line break after the last row begins no row; a line across it stays as an empty one. */
static void
drop_last_row (BobbinMathNode *table)
{
  BobbinMathNode *before = NULL;

  for (BobbinMathNode *row = table->first; row != NULL && row->next != NULL; row = row->next)
    before = row;
  if (before != NULL && before->next->flags == 0 && is_empty_row (before->next))
    before->next = NULL;
}

static void
end_environment (Parser     *parser,
                 const char *name)
{
  Token token = _bobbin_math_peek (parser);
  const char *end;

  if (!_bobbin_math_token_is (&token, "end"))
    {
      _bobbin_math_fail (parser);
      return;
    }
  _bobbin_math_take (parser, &token);
  end = _bobbin_math_raw (parser);
  if (end == NULL || strcmp (end, name) != 0)
    _bobbin_math_fail (parser);
}

static void
skip_arguments (Parser            *parser,
                const Environment *environment,
                BobbinMathNode    *table)
{
  table->columns = environment->columns;
  if (environment->arguments == 1)
    {
      const char *told;

      _bobbin_math_option (parser);
      told = _bobbin_math_raw (parser);
      table->columns = read_columns (parser, told);
      if (told == NULL)
        _bobbin_math_fail (parser);
    }
  else if (environment->arguments == 2)
    {
      _bobbin_math_raw (parser);
    }
  else if (environment->arguments == 3 && parser->at < parser->end && *parser->at == '[')
    {
      _bobbin_math_option (parser);
    }
}

BobbinMathNode *
_bobbin_math_environment (Parser *parser)
{
  BobbinMathNode *table = _bobbin_math_node (parser, BOBBIN_MATH_TABLE);
  const char *name = _bobbin_math_raw (parser);
  const Environment *environment = NULL;
  BobbinMathAlphabet alphabet = parser->alphabet;
  gboolean brackets = parser->brackets;

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (environments); i++)
    if (strcmp (environments[i].name, name) == 0)
      environment = &environments[i];
  if (environment == NULL)
    {
      _bobbin_math_fail (parser);
      return table;
    }

  parser->brackets = FALSE;
  parser->alphabet = BOBBIN_MATH_ALPHABET_NORMAL;
  table->table = environment->kind;
  table->open = environment->open;
  table->close = environment->close;
  table->atom = environment->open != NULL ? BOBBIN_MATH_INNER : BOBBIN_MATH_ORD;
  skip_arguments (parser, environment, table);
  parse_rows (parser, table, NULL, environment->display);
  drop_last_row (table);
  parser->brackets = brackets;
  parser->alphabet = alphabet;
  end_environment (parser, name);

  return table;
}

BobbinMathNode *
_bobbin_math_substack (Parser *parser)
{
  BobbinMathNode *table = _bobbin_math_node (parser, BOBBIN_MATH_TABLE);
  Token token = _bobbin_math_peek (parser);
  gboolean brackets = parser->brackets;

  table->table = BOBBIN_MATH_TABLE_SUBSTACK;
  table->columns = "c";
  if (token.kind != TOKEN_OPEN)
    {
      _bobbin_math_fail (parser);
      return table;
    }
  _bobbin_math_take (parser, &token);
  parser->brackets = FALSE;
  parse_rows (parser, table, NULL, FALSE);
  drop_last_row (table);
  parser->brackets = brackets;
  token = _bobbin_math_peek (parser);
  if (token.kind != TOKEN_CLOSE)
    _bobbin_math_fail (parser);
  _bobbin_math_take (parser, &token);

  return table;
}

BobbinMathNode *
_bobbin_math_lines (Parser         *parser,
                    BobbinMathNode *first)
{
  BobbinMathNode *table = _bobbin_math_node (parser, BOBBIN_MATH_TABLE);

  table->table = BOBBIN_MATH_TABLE_GATHERED;
  table->columns = "c";
  parse_rows (parser, table, in_display (parser, first), TRUE);
  drop_last_row (table);
  for (BobbinMathNode *row = table->first; row != NULL; row = row->next)
    if (row->first != NULL && row->first->next != NULL)
      {
        table->table = BOBBIN_MATH_TABLE_ALIGNED;
        table->columns = NULL;
      }

  return table;
}
