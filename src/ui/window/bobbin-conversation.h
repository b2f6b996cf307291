/* The pane of one conversation: header bar, banners, transcript and composer. It shows a session
 * and emits intents as actions; the transcript and the composer are made when the first session
 * is set, as an empty window needs neither.
 *
 * Actions: conversation.try-now, .send-context, .dismiss, .focus-composer. */
#pragma once

#include "bobbin-types.h"
#include "window/bobbin-banner.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CONVERSATION (bobbin_conversation_get_type ())
G_DECLARE_FINAL_TYPE (BobbinConversation, bobbin_conversation, BOBBIN, CONVERSATION, GtkWidget)

/* Properties: "session" (nullable), "clock", "settings" (both set once, before a session),
 * "folded" (the back button shows), "show-end-title-buttons" is always on;
 * "show-start-title-buttons" follows "alone": the pane is the only one. */
BobbinSession *bobbin_conversation_get_session    (BobbinConversation *self); /* (nullable) borrowed */
/* Somebody looks at it: what the server has of it meanwhile is read. */
void           bobbin_conversation_sync        (BobbinConversation *self);
/* Before the first session: what there is to choose from while none is open. */
void           bobbin_conversation_set_threads    (BobbinConversation *self, GListModel *threads);
void           bobbin_conversation_set_session    (BobbinConversation *self, BobbinSession *session);
void           bobbin_conversation_set_alone      (BobbinConversation *self, gboolean folded, gboolean alone);
BobbinBanner  *bobbin_conversation_get_notice_bar (BobbinConversation *self); /* for the window's own notices */
/* Puts the keyboard where typing goes; FALSE when there is no conversation. */
gboolean       bobbin_conversation_grab_composer  (BobbinConversation *self);
/* The keyboard goes from the transcript to the composer and the outline (@by 1), or back (-1); with @enter to the first of them,
 * or the last. FALSE: there is no other in that direction. */
gboolean       bobbin_conversation_step_pane      (BobbinConversation *self, int by, gboolean enter);
/* Goes to a message of the session, loading what is older until it is there. @text: (nullable): the words to find in it,
 * in the block, 0: any, at the @nth place. */
void           bobbin_conversation_show_match      (BobbinConversation *self, gint64 message_id, gint64 block_id, const char *text, guint nth);
void           bobbin_conversation_add_files      (BobbinConversation *self, GSList *files); /* of GFile, borrowed */
/* Opens the menu of the header bar. */
void           bobbin_conversation_popup_menu     (BobbinConversation *self);
/* For one height across the panes. */
GtkWidget     *bobbin_conversation_get_header     (BobbinConversation *self);
/* What the header says of the connection. */
const char    *bobbin_conversation_get_subtitle   (BobbinConversation *self);

G_END_DECLS
