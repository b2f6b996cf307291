/* Words the transcript says: times, durations, sizes, delivery states, notices. Translated; all results are for free(). */
#pragma once

#include "bobbin-types.h"
#include "model/bobbin-thread.h"

G_BEGIN_DECLS

char *bobbin_words_time     (gint64 time_us) G_GNUC_WARN_UNUSED_RESULT;                 /* "14:05" */
char *bobbin_words_day      (gint64 time_us, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;  /* "Today", "Monday", "3 May 2026" */
gboolean bobbin_words_same_day (gint64 a_us, gint64 b_us);
char *bobbin_words_duration (gint64 duration_us) G_GNUC_WARN_UNUSED_RESULT;             /* "12 s", "2 min 5 s" */
/* Who wrote it: "You", the agent's name, "System". */
char *bobbin_words_author   (BobbinMessage *message) G_GNUC_WARN_UNUSED_RESULT;
/* "You, 14:05", "Ledger, 14:05, answering": the name of a message for assistive tools; @activity is that of its thread. */
char *bobbin_words_message  (BobbinMessage *message, BobbinActivity activity) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): what is to be said below a message about its delivery; NULL when all is well. */
char *bobbin_words_delivery (BobbinMessage *message, BobbinActivity activity) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): what the server answered, where a message failed over it. */
char *bobbin_words_answer   (BobbinMessage *message) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why sending it again is for the person to decide. */
char *bobbin_words_certainty (BobbinMessage *message) G_GNUC_WARN_UNUSED_RESULT;
/* A notice block in words. */
char *bobbin_words_notice   (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
