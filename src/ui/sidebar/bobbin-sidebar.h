/* The sidebar: the list of conversations, search over them, and the main menu. It shows the
 * library's lists and emits intents, as signals ("open-thread", "open-result") and as window
 * actions. What is rarely used (search bar, account filter, menus, empty state) is made when it
 * is first needed. */
#pragma once

#include "bobbin-types.h"
#include "sidebar/bobbin-search-result.h"
#include "store/bobbin-store.h"
#include "window/bobbin-banner.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SIDEBAR (bobbin_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSidebar, bobbin_sidebar, BOBBIN, SIDEBAR, GtkWidget)

#define BOBBIN_SIDEBAR_MIN_WIDTH 240
#define BOBBIN_SIDEBAR_MAX_WIDTH 480

/* Signals: "open-thread" (BobbinThread *, gboolean activated: chosen by Enter or a click, not
 * passed over with the arrows), "open-result" (BobbinSearchResult *). */
void          bobbin_sidebar_set_library    (BobbinSidebar *self, BobbinLibrary *library);
/* The conversation that is open; (nullable). Emits nothing. */
void          bobbin_sidebar_set_selected   (BobbinSidebar *self, BobbinThread *thread);
/* Narrow: the list is a page of its own, so rows are not selected, only opened. */
void          bobbin_sidebar_set_folded     (BobbinSidebar *self, gboolean folded);
void          bobbin_sidebar_set_folder     (BobbinSidebar *self, BobbinFolder folder);
/* "active", "archive", "bin", "expiring", "label:ID". */
void          bobbin_sidebar_show           (BobbinSidebar *self, const char *what);
BobbinFolder  bobbin_sidebar_get_folder     (BobbinSidebar *self);
/* The account whose conversations it shows, 0: of all. */
gint64        bobbin_sidebar_get_account_id (BobbinSidebar *self);
int           bobbin_sidebar_get_width      (BobbinSidebar *self);
void          bobbin_sidebar_set_width      (BobbinSidebar *self, int width);
void          bobbin_sidebar_start_search   (BobbinSidebar *self);
/* The same, and looks for @text at once, in everything. */
void          bobbin_sidebar_search         (BobbinSidebar *self, const char *text);
void          bobbin_sidebar_stop_search    (BobbinSidebar *self);
void          bobbin_sidebar_focus_list     (BobbinSidebar *self);
/* The conversation before (-1) or after (1) @thread as listed. Returns: (transfer full)
 * (nullable) */
BobbinThread *bobbin_sidebar_ref_neighbour  (BobbinSidebar *self, BobbinThread *thread, int step) G_GNUC_WARN_UNUSED_RESULT;
/* Picking many; signal "picked-changed". */
void          bobbin_sidebar_set_picking    (BobbinSidebar *self, gboolean picking);
gboolean      bobbin_sidebar_get_picking    (BobbinSidebar *self);
void          bobbin_sidebar_pick           (BobbinSidebar *self, BobbinThread *thread);
guint         bobbin_sidebar_get_n_picked   (BobbinSidebar *self);
gboolean      bobbin_sidebar_is_picked      (BobbinSidebar *self, BobbinThread *thread);
BobbinThreadPick *bobbin_sidebar_dup_pick   (BobbinSidebar *self) G_GNUC_WARN_UNUSED_RESULT;
/* All of the folder, account and label that are listed. */
BobbinThreadPick *bobbin_sidebar_dup_listed (BobbinSidebar *self) G_GNUC_WARN_UNUSED_RESULT;
/* What the arrow beside the new button offers. */
void          bobbin_sidebar_set_new_menu   (BobbinSidebar *self, GMenuModel *menu);
BobbinBanner *bobbin_sidebar_get_notice_bar (BobbinSidebar *self);
void          bobbin_sidebar_check_day      (BobbinSidebar *self);
/* For one height across the panes. */
GtkWidget    *bobbin_sidebar_get_header     (BobbinSidebar *self);
/* What the list shows: conversations and the headings above them, or what was found. */
GListModel   *bobbin_sidebar_get_model      (BobbinSidebar *self);

G_END_DECLS
