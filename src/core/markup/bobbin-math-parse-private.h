/* What the files of the parser share: bobbin-math-parse.c (tokens, rows, atoms), -commands.c (what takes arguments),
 * -tables.c (environments). */
#pragma once

#include "markup/bobbin-math-symbols.h"

G_BEGIN_DECLS

typedef enum
{
  TOKEN_END,     /* of the source */
  TOKEN_CHAR,
  TOKEN_COMMAND, /* text without the backslash */
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_SUP,
  TOKEN_SUB,
  TOKEN_CELL,    /* & */
  TOKEN_ROW,     /* \\ or \cr */
  TOKEN_PRIME,
} TokenKind;

typedef struct
{
  TokenKind   kind;
  const char *text;
  gsize       length;
  gunichar    c;
} Token;

typedef struct
{
  BobbinMathTree     *tree;
  const char         *at;
  const char         *end;
  guint               depth;
  gboolean            failed;   /* the tree is given up; all functions then return quickly */
  gboolean            brackets; /* a ']' ends the row */
  BobbinMathAlphabet  alphabet; /* of what follows in this group */
} Parser;

/* A row that grows at its end. */
typedef struct
{
  BobbinMathNode *row;
  BobbinMathNode *last;
} RowEnd;

/* bobbin-math-parse.c. What returns a node never returns NULL; after a failure it may be empty. */
Token           _bobbin_math_peek        (Parser *parser);
void            _bobbin_math_take        (Parser *parser, const Token *token);
gboolean        _bobbin_math_token_is    (const Token *token, const char *name);
void            _bobbin_math_fail        (Parser *parser);
BobbinMathNode *_bobbin_math_node        (Parser *parser, BobbinMathKind kind);
const char     *_bobbin_math_text        (Parser *parser, const char *text, gsize length);
void            _bobbin_math_append      (RowEnd *end, BobbinMathNode *node);
BobbinMathNode *_bobbin_math_row         (Parser *parser);
/* What comes next as an argument: a group, or one token. */
BobbinMathNode *_bobbin_math_argument    (Parser *parser);
/* […], or NULL when there is none. */
BobbinMathNode *_bobbin_math_option      (Parser *parser);
/* {…} as it is written; NULL when there is none. */
const char     *_bobbin_math_raw         (Parser *parser);
BobbinMathNode *_bobbin_math_symbol      (Parser *parser, gunichar c, BobbinMathClass atom);
/* What may stand after \left or \big: its sign, "" for none; fails for anything else. */
const char     *_bobbin_math_delimiter   (Parser *parser);

/* bobbin-math-parse-commands.c: NULL when the command is not among its own. */
BobbinMathNode *_bobbin_math_command     (Parser *parser, const Token *token);

/* bobbin-math-parse-parts.c */
BobbinMathNode *_bobbin_math_general_fraction (Parser *parser);
BobbinMathNode *_bobbin_math_side_set    (Parser *parser);

/* bobbin-math-parse-tables.c */
BobbinMathNode *_bobbin_math_environment (Parser *parser);
BobbinMathNode *_bobbin_math_substack    (Parser *parser);
/* Lines of a formula that stands in no environment: @first is what came before the first \\ or &. */
BobbinMathNode *_bobbin_math_lines       (Parser *parser, BobbinMathNode *first);

G_END_DECLS
