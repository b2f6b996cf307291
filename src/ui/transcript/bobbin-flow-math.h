/* Formulas in the text of a flow: one character each, with a shape. */
#pragma once

#include "ui/transcript/bobbin-flow.h"

G_BEGIN_DECLS

/* The character at @start is the formula @tex, no wider than @width (Pango units) if it can be helped. */
void _bobbin_flow_add_formula       (PangoAttrList *attrs, const BobbinFlowStyle *style, const char *tex, gboolean display,
                                     guint start, int width);
/* Over a layout that was drawn at the origin: those that cross [top, bottom). */
void _bobbin_flow_snapshot_formulas (PangoLayout *layout, GtkSnapshot *snapshot, int top, int bottom, const GdkRGBA *color);

/* No formula among @attrs is wider than that. */
gboolean _bobbin_flow_formula_fits (PangoAttrList *attrs, int width);
/* For BobbinFlowStyle.formulas. */
GHashTable *_bobbin_flow_formulas_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
