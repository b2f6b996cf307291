/* A window on the virtual display, and waiting for what is drawn in it. For tests and benchmarks of widgets. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK, libadwaita, our style sheet and icons. */
void       stage_init      (void);
/* Shows @child (transfer floating) in a window of that size and waits until it is drawn. */
GtkWidget *stage_new       (GtkWidget *child, int width, int height);
void       stage_free      (GtkWidget *window);
/* Waits until all that is asked for is laid out and drawn, and the main loop has nothing left to do. */
void       stage_settle    (GtkWidget *window);
/* Waits for @condition, for at most some seconds; FALSE when it did not come true. */
typedef gboolean (*StageCondition) (gpointer data);
gboolean   stage_wait      (StageCondition condition, gpointer data);
/* Waits for one frame to be drawn. */
void       stage_frame     (GtkWidget *window);
/* The longest the main loop was busy at one go since the last call, in microseconds of this thread's CPU time: what the waiting
 * functions above went through. A slow machine, or a busy one, does not change it. */
gint64     stage_take_stall (void);
/* At most 100 ms, as bad input is allowed to take; under the sanitizers, which make everything slower, nothing is asked for. */
void       stage_assert_stall (gint64 stall_us);
/* The first widget below @widget with that type and, unless NULL, that accessible or visible label or action name. */
GtkWidget *stage_find      (GtkWidget *widget, GType type, const char *label);
/* The next one after @after, in the order of the tree; (nullable). */
GtkWidget *stage_find_next (GtkWidget *widget, GtkWidget *after, GType type);
/* The text of the clipboard of @widget; free it. */
char      *stage_clipboard (GtkWidget *widget) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
