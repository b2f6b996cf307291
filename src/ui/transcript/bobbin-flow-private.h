/* What the files of BobbinFlow share: bobbin-flow.c (layouts), -draw.c, -math.c (formulas). */
#pragma once

#include "bobbin-flow.h"

G_BEGIN_DECLS

/* The chunk has its layout. */
void  _bobbin_flow_realize     (BobbinFlow *self, BobbinFlowChunk *chunk, const BobbinFlowText *text);
/* The first of the ranges, which are in order, that ends behind @offset. Both kinds begin with start and end. */
guint _bobbin_flow_first_range (GArray *ranges, gsize size, guint offset);

G_END_DECLS
