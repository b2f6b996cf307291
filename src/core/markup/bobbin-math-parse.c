#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-parse-private.h"

#include <string.h>

void
_bobbin_math_fail (Parser *parser)
{
  parser->failed = TRUE;
  parser->at = parser->end;
}

BobbinMathNode *
_bobbin_math_node (Parser         *parser,
                   BobbinMathKind  kind)
{
  BobbinMathNode *node = g_new0 (BobbinMathNode, 1);

  node->kind = kind;
  g_ptr_array_add (parser->tree->nodes, node);
  if (parser->tree->nodes->len >= BOBBIN_MATH_NODES_MAX)
    _bobbin_math_fail (parser);

  return node;
}

const char *
_bobbin_math_text (Parser     *parser,
                   const char *text,
                   gsize       length)
{
  return g_string_chunk_insert_len (parser->tree->texts, text, (gssize) length);
}

void
_bobbin_math_append (RowEnd         *end,
                     BobbinMathNode *node)
{
  if (end->last == NULL)
    end->row->first = node;
  else
    end->last->next = node;
  end->last = node;
}

static void
skip_blanks (Parser *parser)
{
  while (parser->at < parser->end)
    {
      if (*parser->at == '%')
        while (parser->at < parser->end && *parser->at != '\n')
          parser->at++;
      else if (g_ascii_isspace (*parser->at))
        parser->at++;
      else
        break;
    }
}

static Token
read_command (Parser     *parser,
              const char *at)
{
  Token token = { TOKEN_COMMAND, at + 1, 0, 0 };

  while (token.text + token.length < parser->end && g_ascii_isalpha (token.text[token.length]))
    token.length++;
  if (token.length == 0 && token.text < parser->end)
    token.length = (gsize) (g_utf8_next_char (token.text) - token.text);
  if (_bobbin_math_token_is (&token, "\\") || _bobbin_math_token_is (&token, "cr") || _bobbin_math_token_is (&token, "newline"))
    token.kind = TOKEN_ROW;

  return token;
}

Token
_bobbin_math_peek (Parser *parser)
{
  static const struct { char c; TokenKind kind; } signs[] = {
    { '{', TOKEN_OPEN }, { '}', TOKEN_CLOSE }, { '^', TOKEN_SUP }, { '_', TOKEN_SUB }, { '&', TOKEN_CELL }, { '\'', TOKEN_PRIME },
  };
  Token token = { TOKEN_END, NULL, 0, 0 };

  skip_blanks (parser);
  if (parser->at >= parser->end)
    return token;
  if (*parser->at == '\\')
    return read_command (parser, parser->at);

  token.kind = TOKEN_CHAR;
  token.text = parser->at;
  token.c = g_utf8_get_char (parser->at);
  token.length = (gsize) (g_utf8_next_char (parser->at) - parser->at);
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (token.c == (gunichar) signs[i].c)
      token.kind = signs[i].kind;
  if (token.c == 0x2019 || token.c == 0x2032)
    token.kind = TOKEN_PRIME;

  return token;
}

void
_bobbin_math_take (Parser      *parser,
                   const Token *token)
{
  if (token->kind != TOKEN_END && !parser->failed)
    parser->at = token->text + token->length;
}

gboolean
_bobbin_math_token_is (const Token *token,
                       const char  *name)
{
  return (token->kind == TOKEN_COMMAND || token->kind == TOKEN_ROW) && strlen (name) == token->length &&
         memcmp (token->text, name, token->length) == 0;
}

BobbinMathNode *
_bobbin_math_symbol (Parser          *parser,
                     gunichar         c,
                     BobbinMathClass  atom)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SYMBOL);
  char text[8];

  node->text = _bobbin_math_text (parser, text, (gsize) g_unichar_to_utf8 (c, text));
  node->atom = atom;

  return node;
}

/* Letters of an upright word, digits of a number: one atom, so that they are kerned. The script that follows hangs on all. */
static gboolean
joins (const Parser *parser,
       gunichar      first,
       char          next)
{
  if (g_ascii_isdigit (next))
    return first < 0x80 && g_ascii_isdigit ((char) first);
  if (!g_ascii_isalpha (next) || first >= 0x80 || !g_ascii_isalpha ((char) first))
    return FALSE;

  return parser->alphabet == BOBBIN_MATH_ALPHABET_ROMAN || parser->alphabet == BOBBIN_MATH_ALPHABET_SANS ||
         parser->alphabet == BOBBIN_MATH_ALPHABET_MONO || parser->alphabet == BOBBIN_MATH_ALPHABET_ITALIC;
}

static BobbinMathNode *
parse_char (Parser      *parser,
            const Token *token,
            gboolean     alone)
{
  BobbinMathClass atom = _bobbin_math_class_of (token->c);
  BobbinMathNode *node;
  gunichar c = token->c;
  GString *text;

  _bobbin_math_take (parser, token);
  if (c == '-')
    c = 0x2212;
  else if (c == '*')
    c = 0x2217;
  else if (c == '~')
    {
      node = _bobbin_math_node (parser, BOBBIN_MATH_SPACE);
      node->amount = 6;
      return node;
    }

  text = g_string_new (NULL);
  g_string_append_unichar (text, bobbin_math_alphabet_map (parser->alphabet, c));
  while (!alone && parser->at < parser->end && joins (parser, token->c, *parser->at))
    g_string_append_unichar (text, bobbin_math_alphabet_map (parser->alphabet, (gunichar) *parser->at++));
  /* "1.5", but not the dot that ends the sentence */
  while (!alone && token->c < 0x80 && g_ascii_isdigit ((char) token->c) && parser->at + 1 < parser->end && *parser->at == '.' &&
         g_ascii_isdigit (parser->at[1]))
    {
      g_string_append_c (text, *parser->at++);
      while (parser->at < parser->end && g_ascii_isdigit (*parser->at))
        g_string_append_unichar (text, bobbin_math_alphabet_map (parser->alphabet, (gunichar) *parser->at++));
    }
  node = _bobbin_math_node (parser, BOBBIN_MATH_SYMBOL);
  node->text = _bobbin_math_text (parser, text->str, text->len);
  node->atom = atom;
  g_string_free (text, TRUE);

  return node;
}

/* \foo as it was written. */
static BobbinMathNode *
unknown (Parser      *parser,
         const Token *token)
{
  BobbinMathNode *node = _bobbin_math_node (parser, BOBBIN_MATH_SOURCE);

  node->text = _bobbin_math_text (parser, token->text - 1, token->length + 1);

  return node;
}

static BobbinMathNode *
parse_command (Parser      *parser,
               const Token *token)
{
  const BobbinMathSymbol *symbol;
  BobbinMathNode *node;
  BobbinMathAlphabet alphabet = parser->alphabet;

  _bobbin_math_take (parser, token);
  node = _bobbin_math_command (parser, token);
  if (node != NULL)
    return node;
  symbol = _bobbin_math_symbol_by_name (token->text, token->length);
  if (symbol == NULL)
    return unknown (parser, token);

  if (alphabet == BOBBIN_MATH_ALPHABET_NORMAL && (symbol->flags & BOBBIN_MATH_SYMBOL_VARIABLE) == 0)
    alphabet = BOBBIN_MATH_ALPHABET_ROMAN;
  node = _bobbin_math_symbol (parser, bobbin_math_alphabet_map (alphabet, symbol->c), symbol->atom);
  if (symbol->atom == BOBBIN_MATH_OP)
    node->flags |= BOBBIN_MATH_FLAG_LARGE;
  if ((symbol->flags & BOBBIN_MATH_SYMBOL_LIMITS) != 0)
    node->flags |= BOBBIN_MATH_FLAG_LIMITS;

  return node;
}

/* Braces around one plain symbol change nothing. */
static BobbinMathNode *
unwrap (BobbinMathNode *row)
{
  if (row->first != NULL && row->first->next == NULL && row->first->atom == BOBBIN_MATH_ORD &&
      (row->first->kind == BOBBIN_MATH_SYMBOL || row->first->kind == BOBBIN_MATH_WORDS))
    return row->first;

  return row;
}

static BobbinMathNode *
parse_group (Parser      *parser,
             const Token *open)
{
  BobbinMathNode *row;
  gboolean brackets = parser->brackets;
  Token token;

  _bobbin_math_take (parser, open);
  parser->brackets = FALSE;
  row = _bobbin_math_row (parser);
  parser->brackets = brackets;
  token = _bobbin_math_peek (parser);
  if (token.kind != TOKEN_CLOSE)
    _bobbin_math_fail (parser);
  _bobbin_math_take (parser, &token);

  return unwrap (row);
}

BobbinMathNode *
_bobbin_math_argument (Parser *parser)
{
  Token token = _bobbin_math_peek (parser);
  BobbinMathNode *node;

  switch (token.kind)
    {
    case TOKEN_OPEN:
      return parse_group (parser, &token);
    case TOKEN_CHAR:
      return parse_char (parser, &token, TRUE);
    case TOKEN_COMMAND:
      /* \hat\hat\hat… nests without braces */
      if (++parser->depth > BOBBIN_MATH_DEPTH_MAX)
        _bobbin_math_fail (parser);
      node = parser->failed ? _bobbin_math_node (parser, BOBBIN_MATH_ROW) : parse_command (parser, &token);
      parser->depth--;
      return node;
    case TOKEN_PRIME:
      _bobbin_math_take (parser, &token);
      return _bobbin_math_symbol (parser, 0x2032, BOBBIN_MATH_ORD);
    case TOKEN_END:
    case TOKEN_CLOSE:
    case TOKEN_SUP:
    case TOKEN_SUB:
    case TOKEN_CELL:
    case TOKEN_ROW:
    default:
      _bobbin_math_fail (parser);
      return _bobbin_math_node (parser, BOBBIN_MATH_ROW);
    }
}

BobbinMathNode *
_bobbin_math_option (Parser *parser)
{
  Token token = _bobbin_math_peek (parser);
  gboolean brackets = parser->brackets;
  BobbinMathNode *row;

  if (token.kind != TOKEN_CHAR || token.c != '[')
    return NULL;

  _bobbin_math_take (parser, &token);
  parser->brackets = TRUE;
  row = _bobbin_math_row (parser);
  parser->brackets = brackets;
  token = _bobbin_math_peek (parser);
  if (token.kind != TOKEN_CHAR || token.c != ']')
    _bobbin_math_fail (parser);
  _bobbin_math_take (parser, &token);

  return unwrap (row);
}

const char *
_bobbin_math_raw (Parser *parser)
{
  Token token = _bobbin_math_peek (parser);
  const char *start;
  guint depth = 0;

  if (token.kind != TOKEN_OPEN)
    return NULL;
  for (start = parser->at; parser->at < parser->end; parser->at++)
    {
      if (*parser->at == '\\')
        parser->at++;
      else if (*parser->at == '{')
        depth++;
      else if (*parser->at == '}' && --depth == 0)
        return _bobbin_math_text (parser, start + 1, (gsize) (parser->at++ - start - 1));
    }
  _bobbin_math_fail (parser);

  return NULL;
}

const char *
_bobbin_math_delimiter (Parser *parser)
{
  static const char signs[] = "()[]|/<>.";
  Token token = _bobbin_math_peek (parser);
  const BobbinMathSymbol *symbol;
  char text[8];

  _bobbin_math_take (parser, &token);
  if (token.kind == TOKEN_CHAR && token.c < 0x80 && strchr (signs, (int) token.c) != NULL)
    return token.c == '.' ? "" : token.c == '<' ? "⟨" : token.c == '>' ? "⟩" : _bobbin_math_text (parser, token.text, 1);
  if (token.kind == TOKEN_CHAR && token.c >= 0x80)
    return _bobbin_math_text (parser, token.text, token.length);
  symbol = token.kind == TOKEN_COMMAND ? _bobbin_math_symbol_by_name (token.text, token.length) : NULL;
  if (symbol != NULL && symbol->c == '<')
    return "⟨";
  if (symbol != NULL && symbol->c == '>')
    return "⟩";
  if (symbol == NULL || (symbol->flags & BOBBIN_MATH_SYMBOL_DELIM) == 0)
    {
      _bobbin_math_fail (parser);
      return "";
    }

  return _bobbin_math_text (parser, text, (gsize) g_unichar_to_utf8 (symbol->c, text));
}

/* f'' is f with two primes above; they join what ^ adds. */
static BobbinMathNode *
parse_primes (Parser *parser)
{
  static const gunichar primes[] = { 0x2032, 0x2033, 0x2034, 0x2057 };
  RowEnd end = { NULL, NULL };
  guint n = 0;
  Token token;

  for (token = _bobbin_math_peek (parser); token.kind == TOKEN_PRIME; token = _bobbin_math_peek (parser), n++)
    _bobbin_math_take (parser, &token);
  if (n <= 4 && token.kind != TOKEN_SUP)
    return _bobbin_math_symbol (parser, primes[n - 1], BOBBIN_MATH_ORD);

  end.row = _bobbin_math_node (parser, BOBBIN_MATH_ROW);
  for (; n > 0 && !parser->failed; n -= MIN (n, 4))
    _bobbin_math_append (&end, _bobbin_math_symbol (parser, primes[MIN (n, 4) - 1], BOBBIN_MATH_ORD));
  if (token.kind == TOKEN_SUP)
    {
      _bobbin_math_take (parser, &token);
      _bobbin_math_append (&end, _bobbin_math_argument (parser));
    }

  return end.row;
}

/* \limits and its kin say where the scripts of @node go. */
static gboolean
parse_limits (Parser         *parser,
              const Token    *token,
              BobbinMathNode *node)
{
  if (_bobbin_math_token_is (token, "limits"))
    node->flags |= BOBBIN_MATH_FLAG_LIMITS | BOBBIN_MATH_FLAG_ALWAYS;
  else if (_bobbin_math_token_is (token, "nolimits"))
    node->flags &= ~(guint) (BOBBIN_MATH_FLAG_LIMITS | BOBBIN_MATH_FLAG_ALWAYS);
  else if (_bobbin_math_token_is (token, "displaylimits"))
    node->flags |= BOBBIN_MATH_FLAG_LIMITS;
  else
    return FALSE;

  _bobbin_math_take (parser, token);

  return TRUE;
}

static BobbinMathNode *
scripts_of (Parser         *parser,
            BobbinMathNode *scripts,
            BobbinMathNode *base)
{
  if (scripts != NULL)
    return scripts;

  scripts = _bobbin_math_node (parser, BOBBIN_MATH_SCRIPTS);
  scripts->a = base;
  scripts->atom = base->atom;
  scripts->flags = base->flags & (BOBBIN_MATH_FLAG_LIMITS | BOBBIN_MATH_FLAG_ALWAYS);

  return scripts;
}

static BobbinMathNode *
parse_scripts (Parser         *parser,
               BobbinMathNode *base)
{
  BobbinMathNode *scripts = NULL;

  while (!parser->failed)
    {
      Token token = _bobbin_math_peek (parser);
      gboolean above = token.kind == TOKEN_SUP || token.kind == TOKEN_PRIME;

      if (parse_limits (parser, &token, base))
        continue;
      if (!above && token.kind != TOKEN_SUB)
        break;

      /* x^a^b, which TeX refuses: the second hangs on all before it */
      if (scripts != NULL && (above ? scripts->c : scripts->b) != NULL)
        {
          base = scripts;
          scripts = NULL;
          if (++parser->depth > BOBBIN_MATH_DEPTH_MAX)
            _bobbin_math_fail (parser);
        }
      scripts = scripts_of (parser, scripts, base);
      if (token.kind != TOKEN_PRIME)
        _bobbin_math_take (parser, &token);
      if (token.kind == TOKEN_PRIME)
        scripts->c = parse_primes (parser);
      else if (above)
        scripts->c = _bobbin_math_argument (parser);
      else
        scripts->b = _bobbin_math_argument (parser);
    }

  return scripts != NULL ? scripts : base;
}

static BobbinMathNode *
parse_atom (Parser      *parser,
            const Token *token)
{
  BobbinMathNode *node;
  guint depth = parser->depth;

  if (token->kind == TOKEN_OPEN)
    node = parse_group (parser, token);
  else if (token->kind == TOKEN_CHAR)
    node = parse_char (parser, token, FALSE);
  else if (token->kind == TOKEN_COMMAND)
    node = parse_command (parser, token);
  else
    node = _bobbin_math_node (parser, BOBBIN_MATH_ROW); /* scripts on nothing */
  if (node->kind != BOBBIN_MATH_SPACE)
    node = parse_scripts (parser, node);
  parser->depth = depth;

  return node;
}

/* Whether the row ends here; its owner looks at what ends it. */
static gboolean
ends_row (const Parser *parser,
          const Token  *token)
{
  if (token->kind == TOKEN_END || token->kind == TOKEN_CLOSE || token->kind == TOKEN_CELL || token->kind == TOKEN_ROW)
    return TRUE;
  if (token->kind == TOKEN_CHAR)
    return parser->brackets && token->c == ']';

  return _bobbin_math_token_is (token, "right") || _bobbin_math_token_is (token, "middle") || _bobbin_math_token_is (token, "end");
}

/* {a \over b}: what came before goes above. */
static gboolean
parse_over (Parser      *parser,
            const Token *token,
            RowEnd      *end)
{
  static const struct { const char *name; const char *open; const char *close; guint flags; } commands[] = {
    { "over", NULL, NULL, 0 },
    { "atop", NULL, NULL, BOBBIN_MATH_FLAG_NO_RULE },
    { "choose", "(", ")", BOBBIN_MATH_FLAG_NO_RULE },
    { "brace", "{", "}", BOBBIN_MATH_FLAG_NO_RULE },
    { "brack", "[", "]", BOBBIN_MATH_FLAG_NO_RULE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      BobbinMathNode *fraction;

      if (!_bobbin_math_token_is (token, commands[i].name))
        continue;
      _bobbin_math_take (parser, token);
      fraction = _bobbin_math_node (parser, BOBBIN_MATH_FRACTION);
      fraction->flags = commands[i].flags;
      fraction->open = commands[i].open;
      fraction->close = commands[i].close;
      fraction->atom = BOBBIN_MATH_INNER;
      fraction->a = end->row;
      fraction->b = _bobbin_math_row (parser);
      end->row = _bobbin_math_node (parser, BOBBIN_MATH_ROW);
      end->last = NULL;
      _bobbin_math_append (end, fraction);
      return TRUE;
    }

  return FALSE;
}

BobbinMathNode *
_bobbin_math_row (Parser *parser)
{
  RowEnd end = { _bobbin_math_node (parser, BOBBIN_MATH_ROW), NULL };
  BobbinMathAlphabet alphabet = parser->alphabet;
  Token token;

  if (++parser->depth > BOBBIN_MATH_DEPTH_MAX)
    _bobbin_math_fail (parser);
  for (token = _bobbin_math_peek (parser); !ends_row (parser, &token); token = _bobbin_math_peek (parser))
    {
      if (!parse_over (parser, &token, &end))
        _bobbin_math_append (&end, parse_atom (parser, &token));
      if (parser->failed)
        break;
    }
  parser->depth--;
  parser->alphabet = alphabet;

  return end.row;
}

static void
break_tree (BobbinMathTree *tree,
            const char     *tex,
            gsize           length)
{
  Parser parser = { .tree = tree };
  const char *end = NULL;

  g_utf8_validate (tex, (gssize) MIN (length, BOBBIN_MATH_SOURCE_MAX), &end);
  g_ptr_array_set_size (tree->nodes, 0);
  g_string_chunk_clear (tree->texts);
  tree->tag = NULL;
  tree->root = _bobbin_math_node (&parser, BOBBIN_MATH_SOURCE);
  tree->root->text = g_strchomp (g_string_chunk_insert_len (tree->texts, tex, end - tex));
  tree->broken = TRUE;
}

BobbinMathTree *
bobbin_math_parse (const char *tex,
                   gssize      length)
{
  BobbinMathTree *tree = g_new0 (BobbinMathTree, 1);
  gsize n = length < 0 ? strlen (tex) : (gsize) length;
  Parser parser = { .tree = tree, .at = tex, .end = tex + n };
  Token token;

  tree->nodes = g_ptr_array_new_with_free_func (g_free);
  tree->texts = g_string_chunk_new (256);
  if (n > BOBBIN_MATH_SOURCE_MAX || !g_utf8_validate (tex, (gssize) n, NULL))
    {
      break_tree (tree, tex, n);
      return tree;
    }

  tree->root = _bobbin_math_row (&parser);
  token = _bobbin_math_peek (&parser);
  if (!parser.failed && (token.kind == TOKEN_ROW || token.kind == TOKEN_CELL))
    tree->root = _bobbin_math_lines (&parser, tree->root);
  token = _bobbin_math_peek (&parser);
  if (parser.failed || token.kind != TOKEN_END)
    break_tree (tree, tex, n);

  return tree;
}

void
bobbin_math_tree_free (BobbinMathTree *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->nodes);
  g_string_chunk_free (self->texts);
  g_free (self);
}
