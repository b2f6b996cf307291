/* A small window for one question: an entry, whom to ask, Enter. What is typed is the draft of a conversation, so closing it loses
 * nothing; sending tells whoever opened the window, which then shows the conversation. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_QUICK_WINDOW (bobbin_quick_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinQuickWindow, bobbin_quick_window, BOBBIN, QUICK_WINDOW, AdwWindow)

/* Signal "sent" (BobbinThread *). @thread: (nullable): goes on with its draft. */
GtkWidget    *bobbin_quick_window_new        (GtkApplication *application, BobbinLibrary *library, GSettings *settings, BobbinThread *thread) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) borrowed: the conversation whose draft is what is typed; NULL while nothing is. */
BobbinThread *bobbin_quick_window_get_thread (BobbinQuickWindow *self);

G_END_DECLS
