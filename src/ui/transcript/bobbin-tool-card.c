/* Tool calls and data blocks as cards. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-cards.h"

#include "bobbin-card.h"
#include "bobbin-json-view.h"
#include "bobbin-words.h"
#include "model/bobbin-block.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

#define DETAIL_MAX 160 /* characters */

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static GtkWidget *
tool_content (BobbinCard *card,
              gpointer    user_data)
{
  BobbinBlock *block = user_data;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  if (has_text (bobbin_block_get_data (block)))
    gtk_box_append (GTK_BOX (box), bobbin_json_view_new (_("Arguments"), bobbin_block_get_data (block)));
  if (has_text (bobbin_block_get_result (block)))
    gtk_box_append (GTK_BOX (box), bobbin_json_view_new (_("Result"), bobbin_block_get_result (block)));
  if (gtk_widget_get_first_child (box) == NULL)
    {
      GtkWidget *label = gtk_label_new (_("No arguments"));

      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (box), label);
    }

  return box;
}

static void
tool_update (BobbinCard  *card,
             BobbinBlock *block)
{
  const char *name = bobbin_block_get_name (block);
  gint64 started = bobbin_block_get_started_us (block);
  gint64 finished = bobbin_block_get_finished_us (block);
  g_autofree char *detail = bobbin_cards_one_line (bobbin_block_get_data (block), DETAIL_MAX);
  g_autofree char *duration = NULL;
  g_autofree char *words = NULL;

  bobbin_card_set_title (card, has_text (name) ? name : _("Tool"));
  bobbin_card_set_detail (card, g_strcmp0 (detail, "{}") != 0 ? detail : NULL);
  if (started > 0 && finished - started >= G_USEC_PER_SEC)
    duration = bobbin_words_duration (finished - started);

  switch (bobbin_block_get_state (block))
    {
    case BOBBIN_BLOCK_OPEN:
      bobbin_card_set_status (card, _("Running…"), "running");
      break;
    case BOBBIN_BLOCK_ERROR:
      bobbin_card_set_status (card, _("Failed"), "failed");
      break;
    case BOBBIN_BLOCK_DONE:
    case BOBBIN_BLOCK_EXPIRED:
    case BOBBIN_N_BLOCK_STATES:
    default:
      /* Translators: a tool is done; %s is a duration like "12 s" */
      words = duration != NULL ? g_strdup_printf (_("Done in %s"), duration) : g_strdup (_("Done"));
      bobbin_card_set_status (card, words, "done");
      break;
    }
  bobbin_card_reload (card);
}

static void
tool_changed_cb (BobbinBlock *block,
                 GParamSpec  *pspec,
                 BobbinCard  *card)
{
  tool_update (card, block);
}

GtkWidget *
bobbin_tool_card_new (BobbinBlock     *block,
                      BobbinViewState *state)
{
  GtkWidget *widget = bobbin_card_new (state, bobbin_block_get_id (block));
  BobbinCard *card = BOBBIN_CARD (widget);

  gtk_widget_add_css_class (widget, "tool");
  bobbin_card_set_icon (card, "bobbin-tool-symbolic");
  bobbin_card_set_func (card, tool_content, g_object_ref (block), g_object_unref);
  g_signal_connect_object (block, "notify", G_CALLBACK (tool_changed_cb), card, 0);
  tool_update (card, block);

  return widget;
}

/* Data */

static GtkWidget *
data_content (BobbinCard *card,
              gpointer    user_data)
{
  BobbinBlock *block = user_data;
  const char *data = bobbin_block_get_data (block);

  return bobbin_json_view_new (_("Data"), has_text (data) ? data : bobbin_block_get_text (block));
}

static const char *
data_title (BobbinBlock *block)
{
  switch ((int) bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TABLE:
      return _("Table");
    case BOBBIN_BLOCK_CHART:
      return _("Chart");
    case BOBBIN_BLOCK_JSON:
      return _("Data");
    case BOBBIN_BLOCK_SOURCES:
      return _("Sources");
    default:
      return has_text (bobbin_block_get_name (block)) ? bobbin_block_get_name (block) : _("Unknown Content");
    }
}

static void
data_update (BobbinCard  *card,
             BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autofree char *detail = bobbin_cards_one_line (has_text (data) ? data : bobbin_block_get_text (block), DETAIL_MAX);

  bobbin_card_set_title (card, data_title (block));
  bobbin_card_set_detail (card, detail);
  bobbin_card_reload (card);
}

static void
data_changed_cb (BobbinBlock *block,
                 GParamSpec  *pspec,
                 BobbinCard  *card)
{
  data_update (card, block);
}

GtkWidget *
bobbin_data_card_new (BobbinBlock     *block,
                      BobbinViewState *state)
{
  GtkWidget *widget = bobbin_card_new (state, bobbin_block_get_id (block));
  BobbinCard *card = BOBBIN_CARD (widget);
  BobbinBlockKind kind = bobbin_block_get_kind (block);

  bobbin_card_set_icon (card, kind == BOBBIN_BLOCK_TABLE || kind == BOBBIN_BLOCK_CHART ? "bobbin-table-symbolic"
                                                                                      : "bobbin-document-symbolic");
  bobbin_card_set_func (card, data_content, g_object_ref (block), g_object_unref);
  g_signal_connect_object (block, "notify::data", G_CALLBACK (data_changed_cb), card, 0);
  data_update (card, block);

  return widget;
}
