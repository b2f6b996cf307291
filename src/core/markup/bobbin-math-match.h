/* One formula, from its opening delimiter on. The scanner's own; see bobbin-math-scan.h. */
#pragma once

#include "markup/bobbin-math-scan.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_MATH_TEXT,  /* no formula begins here */
  BOBBIN_MATH_OPEN,  /* it depends on what follows */
  BOBBIN_MATH_FOUND,
} BobbinMathMatch;

/* The text around a delimiter. */
typedef struct
{
  const char *text;
  gsize       block;    /* where the block begins */
  gsize       soft_end; /* of the line of thought: an item, a row, a paragraph */
  gsize       hard_end; /* at a blank line or a fence */
  gsize       end;      /* of all text there is */
  gboolean    final;
} BobbinMathReach;

/* @at is a '$' or a '\\'. Writes @ret_span only when FOUND. */
BobbinMathMatch _bobbin_math_match (const BobbinMathReach *reach, gsize at, BobbinMathSpan *ret_span);

G_END_DECLS
