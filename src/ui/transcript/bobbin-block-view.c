#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-block-view.h"

#include "bobbin-answer-view.h"
#include "bobbin-approval-view.h"
#include "bobbin-cards.h"
#include "bobbin-data-view.h"
#include "bobbin-file-view.h"
#include "bobbin-image-view.h"
#include "bobbin-json-view.h"
#include "bobbin-prose.h"
#include "bobbin-sources-view.h"
#include "bobbin-table-view.h"
#include "bobbin-words.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <adwaita.h>

static GtkWidget *
notice_view_new (BobbinBlock *block)
{
  g_autofree char *words = bobbin_words_notice (block);
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "notice");

  return label;
}

static void
file_changed_cb (BobbinBlock *block,
                 GParamSpec  *pspec,
                 AdwBin      *bin)
{
  adw_bin_set_child (bin, bobbin_file_view_new (bobbin_block_get_attachment (block), bobbin_block_get_name (block)));
}

/* A file is named first and arrives when it is stored. */
static GtkWidget *
file_block_view_new (BobbinBlock *block)
{
  GtkWidget *bin = adw_bin_new ();

  g_signal_connect_object (block, "notify::attachment", G_CALLBACK (file_changed_cb), bin, 0);
  g_signal_connect_object (block, "notify::name", G_CALLBACK (file_changed_cb), bin, 0);
  file_changed_cb (block, NULL, ADW_BIN (bin));

  return bin;
}

static GtkWidget *
prose_new (BobbinBlock     *block,
           BobbinGrammar    grammar,
           BobbinViewState *state)
{
  GtkWidget *prose = bobbin_prose_new_for_block (block, grammar);

  bobbin_prose_bind_state (BOBBIN_PROSE (prose), state);

  return prose;
}

GtkWidget *
bobbin_block_view_new (BobbinMessage   *message,
                       BobbinBlock     *block,
                       BobbinViewState *state)
{
  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      /* what the user typed stays as it was typed */
      return prose_new (block, bobbin_message_get_role (message) == BOBBIN_ROLE_USER ? BOBBIN_GRAMMAR_FENCES : BOBBIN_GRAMMAR_MARKDOWN,
                        state);
    case BOBBIN_BLOCK_CODE:
      return prose_new (block, BOBBIN_GRAMMAR_CODE, state);
    case BOBBIN_BLOCK_THINKING:
      return bobbin_thinking_card_new (block, state);
    case BOBBIN_BLOCK_TOOL_CALL:
      return bobbin_tool_card_new (block, state);
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
      return bobbin_data_view_new (block, state);
    case BOBBIN_BLOCK_SOURCES:
      return bobbin_sources_view_new (block);
    case BOBBIN_BLOCK_IMAGE:
      return bobbin_image_view_new (block, state);
    case BOBBIN_BLOCK_FILE:
      return file_block_view_new (block);
    case BOBBIN_BLOCK_APPROVAL:
      if (!g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TOOLS))
        return bobbin_answer_view_new (message, block);
      return bobbin_approval_view_new (message, block, state);
    case BOBBIN_BLOCK_NOTICE:
      return notice_view_new (block);
    case BOBBIN_N_BLOCK_KINDS:
    default:
      return bobbin_data_view_new (block, state);
    }
}

void
bobbin_block_view_set_visible_range (GtkWidget *view,
                                     int        top,
                                     int        bottom)
{
  if (BOBBIN_IS_TABLE_VIEW (view))
    {
      bobbin_table_view_set_visible_range (BOBBIN_TABLE_VIEW (view), top, bottom);
      return;
    }
  if (BOBBIN_IS_JSON_VIEW (view))
    {
      bobbin_json_view_set_visible_range (BOBBIN_JSON_VIEW (view), top, bottom);
      return;
    }
  if (BOBBIN_IS_PROSE (view))
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      double x;
      double y = 0;

      gtk_widget_translate_coordinates (child, view, 0, 0, &x, &y);
      bobbin_block_view_set_visible_range (child, top - (int) y, bottom - (int) y);
    }
}
