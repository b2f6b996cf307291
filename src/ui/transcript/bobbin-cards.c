#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-cards.h"

#include "bobbin-card.h"
#include "bobbin-prose.h"
#include "bobbin-words.h"
#include "model/bobbin-block.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>
#include <string.h>

#define DETAIL_MAX 160   /* characters */

/* Texts */

char *
bobbin_cards_pretty_json (const char *text,
                          gsize       max)
{
  g_autoptr(JsonNode) node = text != NULL ? bobbin_json_parse (text, -1, NULL) : NULL;
  g_autofree char *pretty = node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup (text != NULL ? text : "");
  const char *end;
  g_autofree char *cut = NULL;

  if (max == 0 || strlen (pretty) <= max)
    return g_steal_pointer (&pretty);

  end = g_utf8_find_prev_char (pretty, pretty + max);
  cut = g_strndup (pretty, end != NULL ? end - pretty : 0);
  return g_strconcat (cut, "\n…", NULL);
}

char *
bobbin_cards_one_line (const char *text,
                       guint       max)
{
  GString *line = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = line->len > 0;
          continue;
        }
      if (max-- == 0)
        {
          g_string_append (line, "…");
          break;
        }
      if (space)
        g_string_append_c (line, ' ');
      space = FALSE;
      g_string_append_unichar (line, c);
    }

  return g_string_free (line, FALSE);
}

/* Thinking */

static GtkWidget *
thinking_content (BobbinCard *card,
                  gpointer    user_data)
{
  return bobbin_prose_new_for_block (user_data, BOBBIN_GRAMMAR_MARKDOWN);
}

static char *
last_line (BobbinBlock *block)
{
  const char *text = bobbin_block_get_text (block);
  gsize end = bobbin_block_get_length (block);
  gsize start;
  g_autofree char *tail = NULL;

  while (end > 0 && g_ascii_isspace (text[end - 1]))
    end--;
  for (start = end; start > 0 && text[start - 1] != '\n' && end - start < 4 * DETAIL_MAX; start--)
    ;
  while ((text[start] & 0xc0) == 0x80)
    start++;
  tail = g_strndup (text + start, end - start);

  return bobbin_cards_one_line (tail, DETAIL_MAX);
}

static void
thinking_update (BobbinCard  *card,
                 BobbinBlock *block)
{
  gint64 started = bobbin_block_get_started_us (block);
  gint64 finished = bobbin_block_get_finished_us (block);
  g_autofree char *title = NULL;
  g_autofree char *line = NULL;

  if (bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN)
    {
      gint64 thought = started > 0 ? g_get_real_time () - started : 0;

      line = last_line (block);
      if (thought >= G_USEC_PER_SEC)
        {
          g_autofree char *duration = bobbin_words_duration (thought / G_USEC_PER_SEC * G_USEC_PER_SEC);

          /* Translators: %s is a duration like "12 s" */
          title = g_strdup_printf (_("Thinking for %s…"), duration);
        }
      else
        {
          title = g_strdup (_("Thinking…"));
        }
    }
  else if (started > 0 && finished > started)
    {
      g_autofree char *duration = bobbin_words_duration (finished - started);

      /* Translators: %s is a duration like "12 s" */
      title = g_strdup_printf (_("Thought for %s"), duration);
    }
  else
    {
      title = g_strdup (_("Thoughts"));
    }

  bobbin_card_set_title (card, title);
  bobbin_card_set_detail (card, line);
}

static GQuark
pending_quark (void)
{
  return g_quark_from_static_string ("bobbin-card-pending");
}

static gboolean
thinking_tick_cb (GtkWidget     *widget,
                  GdkFrameClock *clock,
                  gpointer       user_data)
{
  g_object_set_qdata (G_OBJECT (widget), pending_quark (), NULL);
  thinking_update (BOBBIN_CARD (widget), user_data);

  return G_SOURCE_REMOVE;
}

/* The last line is renewed once a frame, and only while something comes. */
static void
thinking_appended_cb (BobbinBlock *block,
                      guint        offset,
                      BobbinCard  *card)
{
  if (g_object_get_qdata (G_OBJECT (card), pending_quark ()) != NULL)
    return;

  g_object_set_qdata (G_OBJECT (card), pending_quark (), GINT_TO_POINTER (TRUE));
  gtk_widget_add_tick_callback (GTK_WIDGET (card), thinking_tick_cb, g_object_ref (block), g_object_unref);
}

static void
thinking_changed_cb (BobbinBlock *block,
                     GParamSpec  *pspec,
                     BobbinCard  *card)
{
  thinking_update (card, block);
}

GtkWidget *
bobbin_thinking_card_new (BobbinBlock     *block,
                          BobbinViewState *state)
{
  GtkWidget *widget = bobbin_card_new (state, bobbin_block_get_id (block));
  BobbinCard *card = BOBBIN_CARD (widget);

  gtk_widget_add_css_class (widget, "thinking");
  bobbin_card_set_icon (card, "bobbin-thinking-symbolic");
  bobbin_card_set_func (card, thinking_content, g_object_ref (block), g_object_unref);
  g_signal_connect_object (block, "appended", G_CALLBACK (thinking_appended_cb), card, 0);
  g_signal_connect_object (block, "notify::state", G_CALLBACK (thinking_changed_cb), card, 0);
  g_signal_connect_object (block, "notify::finished-us", G_CALLBACK (thinking_changed_cb), card, 0);
  thinking_update (card, block);

  return widget;
}
