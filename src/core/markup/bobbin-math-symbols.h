/* The commands of TeX that stand for one symbol. */
#pragma once

#include "markup/bobbin-math-tree.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_MATH_SYMBOL_VARIABLE = 1 << 0, /* slanted unless the alphabet says otherwise */
  BOBBIN_MATH_SYMBOL_DELIM    = 1 << 1, /* may stand after \left */
  BOBBIN_MATH_SYMBOL_LIMITS   = 1 << 2,
} BobbinMathSymbolFlags;

typedef struct
{
  const char      *name;
  gunichar         c;
  BobbinMathClass  atom;
  guint            flags;
} BobbinMathSymbol;

/* (nullable): without the backslash. */
const BobbinMathSymbol *_bobbin_math_symbol_by_name (const char *name, gsize length);
/* What class a character typed as it is has. */
BobbinMathClass         _bobbin_math_class_of       (gunichar c);
const BobbinMathSymbol *_bobbin_math_symbol_nth     (gsize index); /* (nullable), for tests */

G_END_DECLS
