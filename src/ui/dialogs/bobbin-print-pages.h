/* Items on pages of one size: where each page begins is found step by step, as a long conversation has thousands; what a page shows is
 * laid out again when it is drawn. Text breaks between lines, rows and pictures do not. Measures are points. */
#pragma once

#include "dialogs/bobbin-print-items.h"

G_BEGIN_DECLS

typedef struct _BobbinPrintPages BobbinPrintPages;

/* @context: for the paper, its resolution 72. Takes a reference to @items. @title and @date stand at the head of each page. */
BobbinPrintPages *bobbin_print_pages_new      (GPtrArray *items, PangoContext *context, double width, double height,
                                               const char *title, const char *date) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_print_pages_free     (BobbinPrintPages *self);
/* Goes on for about @slice_us; TRUE when all pages are known. */
gboolean          bobbin_print_pages_step     (BobbinPrintPages *self, gint64 slice_us);
double            bobbin_print_pages_get_done (BobbinPrintPages *self); /* 0 to 1 */
guint             bobbin_print_pages_get_n    (BobbinPrintPages *self);
void              bobbin_print_pages_draw     (BobbinPrintPages *self, cairo_t *cr, guint page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinPrintPages, bobbin_print_pages_free)

G_END_DECLS
