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
#include "bobbin-transfer-bar.h"
#include "bobbin-words.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <adwaita.h>

/* What it is about may come after the block itself. */
static void
notice_changed_cb (GtkLabel    *label,
                   GParamSpec  *pspec,
                   BobbinBlock *block)
{
  g_autofree char *words = bobbin_words_notice (block);

  gtk_label_set_text (label, words);
}

static GtkWidget *
notice_view_new (BobbinBlock *block)
{
  GtkWidget *label = gtk_label_new (NULL);

  notice_changed_cb (GTK_LABEL (label), NULL, block);
  g_signal_connect_object (block, "notify", G_CALLBACK (notice_changed_cb), label, G_CONNECT_SWAPPED);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "notice");

  return label;
}

typedef struct
{
  BobbinViewState *state; /* owned */
  gboolean         upload;
} FileView;

static void
file_view_free (gpointer data)
{
  FileView *file = data;

  bobbin_view_state_unref (file->state);
  g_free (file);
}

static void
show_file (AdwBin         *bin,
           BobbinBlock    *block,
           const FileView *file)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  gboolean remote = attachment == NULL && bobbin_view_state_get_fetches (file->state) && bobbin_transfer_is_remote (block);
  GtkWidget *view = remote ? bobbin_file_view_new_for_remote (block)
                           : bobbin_file_view_new (attachment, bobbin_block_get_name (block));

  adw_bin_set_child (bin, remote || file->upload ? bobbin_transfer_bar_wrap (view, block, file->upload) : view);
}

static void
file_changed_cb (BobbinBlock *block,
                 GParamSpec  *pspec,
                 GtkWidget   *bin)
{
  show_file (ADW_BIN (bin), block, g_object_get_data (G_OBJECT (bin), "file"));
}

/* A file is named first and arrives when it is stored, or fetched. */
static GtkWidget *
file_block_view_new (BobbinBlock     *block,
                     BobbinViewState *state,
                     gboolean         upload)
{
  GtkWidget *bin = adw_bin_new ();
  FileView *file = g_new0 (FileView, 1);

  file->state = bobbin_view_state_ref (state);
  file->upload = upload;
  g_object_set_data_full (G_OBJECT (bin), "file", file, file_view_free);
  g_signal_connect_object (block, "notify::attachment", G_CALLBACK (file_changed_cb), bin, 0);
  g_signal_connect_object (block, "notify::name", G_CALLBACK (file_changed_cb), bin, 0);
  g_signal_connect_object (block, "notify::data", G_CALLBACK (file_changed_cb), bin, 0);
  file_changed_cb (block, NULL, bin);

  return bin;
}

static GtkWidget *
image_block_view_new (BobbinBlock     *block,
                      BobbinViewState *state,
                      gboolean         upload)
{
  GtkWidget *view = bobbin_image_view_new (block, state);

  return upload ? bobbin_transfer_bar_wrap (view, block, TRUE) : view;
}

static GtkWidget *
prose_new (BobbinBlock     *block,
           BobbinGrammar    grammar,
           gboolean         fills,
           BobbinViewState *state)
{
  GtkWidget *prose = bobbin_prose_new_for_block (block, grammar);

  bobbin_prose_set_fills (BOBBIN_PROSE (prose), fills);
  bobbin_prose_bind_state (BOBBIN_PROSE (prose), state);

  return prose;
}

GtkWidget *
bobbin_block_view_new (BobbinMessage   *message,
                       BobbinBlock     *block,
                       BobbinViewState *state)
{
  gboolean user = bobbin_message_get_role (message) == BOBBIN_ROLE_USER;

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      /* what the user typed stays as it was typed, in a bubble around it */
      return prose_new (block, user ? BOBBIN_GRAMMAR_FENCES : BOBBIN_GRAMMAR_MARKDOWN, !user, state);
    case BOBBIN_BLOCK_CODE:
      return prose_new (block, BOBBIN_GRAMMAR_CODE, !user, state);
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
      return bobbin_sources_view_new (block, state);
    case BOBBIN_BLOCK_IMAGE:
      return image_block_view_new (block, state, user);
    case BOBBIN_BLOCK_FILE:
      return file_block_view_new (block, state, user);
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
