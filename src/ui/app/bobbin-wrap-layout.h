/* A layout manager: children one after the other, in as many lines as they need, each as wide as it likes and no wider than all. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_WRAP_LAYOUT (bobbin_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWrapLayout, bobbin_wrap_layout, BOBBIN, WRAP_LAYOUT, GtkLayoutManager)

/* @gap: between two, and between lines, in pixels. */
GtkLayoutManager *bobbin_wrap_layout_new (int gap) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
