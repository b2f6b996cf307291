/* What is told to assistive tools while an answer is written: finished paragraphs, not too often, and its end. */
#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-announcer.h"

typedef struct
{
  GListStore      *messages;
  GtkLabel        *label;
  BobbinAnnouncer *announcer;
  BobbinMessage   *answer;
  BobbinBlock     *block;
} Stage;

static void
stage_up (Stage        *stage,
          gconstpointer data)
{
  stage->messages = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  stage->label = GTK_LABEL (g_object_ref_sink (gtk_label_new (NULL)));
  stage->announcer = bobbin_announcer_new (stage->label);
  bobbin_announcer_set_model (stage->announcer, G_LIST_MODEL (stage->messages));
  stage->answer = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
  bobbin_message_set_delivery (stage->answer, BOBBIN_DELIVERY_ANSWERING);
  g_list_store_append (stage->messages, stage->answer);
  stage->block = messages_block (stage->answer, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_OPEN, NULL);
}

static void
stage_down (Stage        *stage,
            gconstpointer data)
{
  g_assert_finalize_object (stage->announcer);
  g_object_unref (stage->answer);
  g_assert_finalize_object (stage->messages);
  g_object_unref (stage->label);
}

typedef struct
{
  Stage      *stage;
  const char *wanted;
} Telling;

static gboolean
is_told (gpointer data)
{
  Telling *telling = data;

  return g_strcmp0 (gtk_label_get_label (telling->stage->label), telling->wanted) == 0;
}

static void
assert_told (Stage      *stage,
             const char *wanted)
{
  Telling telling = { stage, wanted };

  g_assert_true (stage_wait (is_told, &telling));
}

static void
test_paragraphs (Stage        *stage,
                 gconstpointer data)
{
  bobbin_block_append (stage->block, "The first para", -1);
  bobbin_block_append (stage->block, "graph.\n", -1);
  g_assert_cmpstr (gtk_label_get_label (stage->label), ==, "");
  bobbin_block_append (stage->block, "\nThe sec", -1);
  g_assert_cmpstr (gtk_label_get_label (stage->label), ==, "The first paragraph.");

  /* within a second nothing more, then all of it at once */
  bobbin_block_append (stage->block, "ond.\n\nThe third.\n\nAnd", -1);
  g_assert_cmpstr (gtk_label_get_label (stage->label), ==, "The first paragraph.");
  assert_told (stage, "The second.\n\nThe third.");

  bobbin_block_append (stage->block, " the end", -1);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  bobbin_message_set_delivery (stage->answer, BOBBIN_DELIVERY_COMPLETE);
  assert_told (stage, "And the end");
  assert_told (stage, "Answer finished");
}

/* Stopped or lost is not finished. */
static void
test_cut (Stage        *stage,
          gconstpointer data)
{
  bobbin_block_append (stage->block, "Half of", -1);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  bobbin_message_set_delivery (stage->answer, GPOINTER_TO_INT (data));
  assert_told (stage, "Half of");
  assert_told (stage, GPOINTER_TO_INT (data) == BOBBIN_DELIVERY_STOPPED ? "You stopped this answer."
                                                                        : "Interrupted. What arrived until then is kept.");
}

/* What was there before is not told. */
static void
test_old (Stage        *stage,
          gconstpointer data)
{
  g_autoptr(BobbinMessage) old = messages_text (BOBBIN_ROLE_ASSISTANT, "Old\n\nold", MESSAGES_NOON);

  g_list_store_insert (stage->messages, 0, old);
  g_list_store_append (stage->messages, old);
  g_assert_cmpstr (gtk_label_get_label (stage->label), ==, "");
}

/* Nor is what was told of one conversation read in another. */
static void
test_other (Stage        *stage,
            gconstpointer data)
{
  g_autoptr(GListStore) other = g_list_store_new (BOBBIN_TYPE_MESSAGE);

  bobbin_block_append (stage->block, "A paragraph.\n\n", -1);
  assert_told (stage, "A paragraph.");
  bobbin_announcer_set_model (stage->announcer, G_LIST_MODEL (other));
  g_assert_cmpstr (gtk_label_get_label (stage->label), ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  g_test_add ("/transcript/announcer/paragraphs", Stage, NULL, stage_up, test_paragraphs, stage_down);
  g_test_add ("/transcript/announcer/stopped", Stage, GINT_TO_POINTER (BOBBIN_DELIVERY_STOPPED), stage_up, test_cut, stage_down);
  g_test_add ("/transcript/announcer/lost", Stage, GINT_TO_POINTER (BOBBIN_DELIVERY_INTERRUPTED), stage_up, test_cut, stage_down);
  g_test_add ("/transcript/announcer/other", Stage, NULL, stage_up, test_other, stage_down);
  g_test_add ("/transcript/announcer/old", Stage, NULL, stage_up, test_old, stage_down);

  return g_test_run ();
}
