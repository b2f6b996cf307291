/* The view of a conversation: messages of a session in a virtualised column, a button to the latest one, reading position.
 *
 * What holds (product.md, section 3, promise 6): the view follows the end only while the reader is at the end; otherwise the
 * line being read stays where it is, whatever grows above or below. The widget shows a BobbinSession and calls its intents;
 * it never fetches or stores. Its parts work on a plain GListModel of BobbinMessage (bobbin-column.h).
 *
 * Properties: "session" (BobbinSession, nullable), "following" (read-only: the end is followed), "n-new" (read-only: messages
 * that came while the reader was elsewhere). Signals: "quote" (char *text): put this into the composer as a quotation. "reading"
 * (gint64 message_id, gint64 block_id, guint offset): the line at the top of the view. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_TRANSCRIPT (bobbin_transcript_get_type ())
G_DECLARE_FINAL_TYPE (BobbinTranscript, bobbin_transcript, BOBBIN, TRANSCRIPT, GtkWidget)

GtkWidget     *bobbin_transcript_new            (void) G_GNUC_WARN_UNUSED_RESULT;
BobbinSession *bobbin_transcript_get_session    (BobbinTranscript *self); /* (nullable) */
void           bobbin_transcript_set_session    (BobbinTranscript *self, BobbinSession *session);
void           bobbin_transcript_jump_to_latest (BobbinTranscript *self);
/* How wide a line of text is at most, in letters. */
void           bobbin_transcript_set_chars      (BobbinTranscript *self, guint chars);
/* Opens the bar for finding in the conversation. */
void           bobbin_transcript_find           (BobbinTranscript *self);
/* Goes to a place of a block, as the outline asks for it. */
void           bobbin_transcript_show_place     (BobbinTranscript *self, gint64 message_id, gint64 block_id, gsize offset);
/* Goes to a message of the thread, wherever it is, and lights it up; @text (nullable): to where that is in it. May be called as
 * soon as the session is set. */
void           bobbin_transcript_show_message   (BobbinTranscript *self, gint64 message_id, const char *text);
/* The same where more is known: the block (0: not) and which of the places with @text in it. What is folded unfolds, and the
 * words are marked for a while. */
void           bobbin_transcript_show_match     (BobbinTranscript *self, gint64 message_id, gint64 block_id, const char *text, guint nth);

G_END_DECLS
