/* The card of an approval that wants more than yes or no: words that answer a pause, or what each tool would have returned
 * (bobbin-block.h, BOBBIN_APPROVAL_TEXT and _OUTPUTS). Emits intents as actions "transcript.answer-pause" and "transcript.decide";
 * never answers by itself. */
#pragma once

#include "bobbin-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_ANSWER_VIEW (bobbin_answer_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAnswerView, bobbin_answer_view, BOBBIN, ANSWER_VIEW, GtkWidget)

GtkWidget *bobbin_answer_view_new (BobbinMessage *message, BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
