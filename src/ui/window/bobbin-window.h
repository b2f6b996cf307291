/* The main window: the list of conversations beside one of them, folding into one pane below 600
 * px. Several windows share one library. It keeps its size, its panes and the open conversation
 * in the settings.
 *
 * The window decides what is open; the sidebar and the conversation show it. */
#pragma once

#include "bobbin-types.h"
#include "store/bobbin-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What the window itself has to say, above any conversation; in rising order of weight. */
typedef enum
{
  BOBBIN_NOTICE_MEMORY_KEYS,  /* no Secret Service: keys last until the end */
  BOBBIN_NOTICE_RECOVERED,    /* the database was damaged and recovered */
  BOBBIN_NOTICE_STORE_FAILED, /* something could not be written */
  BOBBIN_NOTICE_READ_ONLY,    /* nothing can be written */
  BOBBIN_N_WINDOW_NOTICES
} BobbinWindowNotice;

#define BOBBIN_TYPE_WINDOW (bobbin_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWindow, bobbin_window, BOBBIN, WINDOW, AdwApplicationWindow)

/* Properties: "library", "settings" (both construct-only); "thread" (read-only) notifies also when a narrow window turns to it. */
GtkWidget     *bobbin_window_new              (GtkApplication *application, BobbinLibrary *library, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void           bobbin_window_open_thread      (BobbinWindow *self, BobbinThread *thread);
/* Opens the conversation that was open last, if it is still there. */
void           bobbin_window_restore          (BobbinWindow *self);
/* By local or server id; says so when there is none. */
void           bobbin_window_open_id          (BobbinWindow *self, const char *id);
/* The same, and goes to a message of it and to the words in it; @message_id: "" for none, @text: (nullable). */
void           bobbin_window_open_match       (BobbinWindow *self, const char *thread_id, const char *message_id, const char *text);
/* Searches all conversations. */
void           bobbin_window_search           (BobbinWindow *self, const char *text);
/* @account, @agent_id and @text: (nullable): the account in use, its agent, an empty composer.
 * Nothing is sent. */
void           bobbin_window_new_conversation (BobbinWindow *self, BobbinAccount *account, const char *agent_id, const char *text);
BobbinThread  *bobbin_window_get_thread       (BobbinWindow *self); /* (nullable) borrowed */
/* Whether it is on the screen: a narrow window may show the list in its place. */
gboolean       bobbin_window_shows_thread     (BobbinWindow *self, BobbinThread *thread);
/* Does what a shortcut would, from where the keyboard is; FALSE when there is no such action. @detailed: as in bobbin-shortcuts.h */
gboolean       bobbin_window_activate_detailed (BobbinWindow *self, const char *detailed);
gboolean       bobbin_window_can_activate     (BobbinWindow *self, const char *detailed);
BobbinAccount *bobbin_window_get_account      (BobbinWindow *self); /* (nullable) borrowed: of what is open, else the first */
void           bobbin_window_toast            (BobbinWindow *self, const char *text);
/* Done with undo: a toast offers it, and the keyboard. */
void           bobbin_window_change_threads   (BobbinWindow *self, const BobbinThreadPick *pick, BobbinThreadChangeKind kind, gboolean keep_remote);
/* Puts away what the setting "retention-days" says; once a start. */
void           bobbin_window_retire_unused    (BobbinWindow *self);
/* @added, @removed: of gint64, ids of labels. */
void           bobbin_window_set_labels       (BobbinWindow *self, const BobbinThreadPick *pick, GArray *added, GArray *removed);
/* It was: now it can be undone. */
void           bobbin_window_label_deleted    (BobbinWindow *self, BobbinLabel *label, GArray *holders);
/* Shows @text (nullable: none any more) until it is put away; a heavier notice goes first. */
void           bobbin_window_show_notice      (BobbinWindow *self, BobbinWindowNotice notice, const char *text);
void           bobbin_window_tell_report      (BobbinWindow *self, const BobbinStoreReport *report);

G_END_DECLS
