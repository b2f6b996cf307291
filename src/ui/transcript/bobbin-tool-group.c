#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-tool-group.h"

#include "bobbin-card.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#include <glib/gi18n.h>

#define NAMES_MAX 120 /* characters */

/* A run of tools and its head; owned by the head. */
typedef struct
{
  GtkWidget *head;    /* borrowed */
  GPtrArray *views;   /* borrowed from the box, (weak by rebuild: the head goes with every change of the blocks) */
  GPtrArray *blocks;  /* owned, of BobbinBlock */
} Group;

static GQuark
group_quark (void)
{
  return g_quark_from_static_string ("bobbin-tool-group");
}

static void
group_free (gpointer data)
{
  Group *group = data;

  g_ptr_array_unref (group->views);
  g_ptr_array_unref (group->blocks);
  g_free (group);
}

static char *
dup_names (Group *group)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < group->blocks->len; i++)
    {
      const char *name = bobbin_block_get_name (group->blocks->pdata[i]);

      if (names->len > NAMES_MAX)
        {
          g_string_append (names, "…");
          break;
        }
      g_string_append_printf (names, "%s%s", i > 0 ? C_("list", ", ") : "", name != NULL ? name : _("Tool"));
    }

  return g_string_free (names, FALSE);
}

static void
update_head (Group *group)
{
  BobbinCard *card = BOBBIN_CARD (group->head);
  g_autofree char *title = g_strdup_printf (ngettext ("%u tool used", "%u tools used", group->blocks->len), group->blocks->len);
  g_autofree char *names = dup_names (group);
  g_autofree char *words = NULL;
  guint n_running = 0;
  guint n_failed = 0;

  for (guint i = 0; i < group->blocks->len; i++)
    {
      n_running += bobbin_block_get_state (group->blocks->pdata[i]) == BOBBIN_BLOCK_OPEN;
      n_failed += bobbin_block_get_state (group->blocks->pdata[i]) == BOBBIN_BLOCK_ERROR;
    }
  bobbin_card_set_title (card, title);
  bobbin_card_set_detail (card, names);
  if (n_running > 0)
    bobbin_card_set_status (card, _("Running…"), "running");
  else if (n_failed > 0)
    {
      words = g_strdup_printf (ngettext ("%u failed", "%u failed", n_failed), n_failed);
      bobbin_card_set_status (card, words, "failed");
    }
  else
    bobbin_card_set_status (card, _("Done"), "done");
}

static void
block_changed_cb (BobbinBlock *block,
                  GParamSpec  *pspec,
                  GtkWidget   *head)
{
  update_head (g_object_get_qdata (G_OBJECT (head), group_quark ()));
}

static void
expanded_cb (GtkWidget *head)
{
  Group *group = g_object_get_qdata (G_OBJECT (head), group_quark ());

  for (guint i = 0; i < group->views->len; i++)
    gtk_widget_set_visible (group->views->pdata[i], bobbin_card_get_expanded (BOBBIN_CARD (head)));
}

static void
add_group (BobbinMessage   *message,
           GPtrArray       *views,
           GtkBox          *box,
           BobbinViewState *state,
           guint            first,
           guint            last)
{
  /* the block's own id is that of its own card */
  gint64 id = ~bobbin_block_get_id (bobbin_message_get_block (message, first));
  GtkWidget *head = bobbin_card_new (state, id);
  Group *group = g_new0 (Group, 1);

  group->head = head;
  group->views = g_ptr_array_new ();
  group->blocks = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_set_qdata_full (G_OBJECT (head), group_quark (), group, group_free);
  for (guint i = first; i < last; i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      g_ptr_array_add (group->views, views->pdata[i]);
      g_ptr_array_add (group->blocks, g_object_ref (block));
      gtk_widget_add_css_class (views->pdata[i], "grouped");
      g_signal_connect_object (block, "notify::state", G_CALLBACK (block_changed_cb), head, 0);
      g_signal_connect_object (block, "notify::name", G_CALLBACK (block_changed_cb), head, 0);
    }
  gtk_widget_add_css_class (head, "tool-group");
  bobbin_card_set_icon (BOBBIN_CARD (head), "bobbin-tool-symbolic");
  bobbin_card_set_head_only (BOBBIN_CARD (head));
  g_signal_connect (head, "toggled", G_CALLBACK (expanded_cb), NULL);
  gtk_box_insert_child_after (box, head, gtk_widget_get_prev_sibling (views->pdata[first]));
  update_head (group);
  expanded_cb (head);
}

static void
remove_groups (GtkBox    *box,
               GPtrArray *views)
{
  GtkWidget *next;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (box)); child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      if (g_object_get_qdata (G_OBJECT (child), group_quark ()) != NULL)
        gtk_box_remove (box, child);
    }
  for (guint i = 0; i < views->len; i++)
    if (gtk_widget_has_css_class (views->pdata[i], "grouped"))
      {
        gtk_widget_remove_css_class (views->pdata[i], "grouped");
        gtk_widget_set_visible (views->pdata[i], TRUE);
      }
}

void
bobbin_tool_groups_update (BobbinMessage   *message,
                           GPtrArray       *views,
                           GtkBox          *box,
                           BobbinViewState *state)
{
  remove_groups (box, views);
  for (guint i = 0; i < views->len;)
    {
      guint end = i;

      while (end < views->len && bobbin_block_get_kind (bobbin_message_get_block (message, end)) == BOBBIN_BLOCK_TOOL_CALL)
        end++;
      if (end - i > 1)
        add_group (message, views, box, state, i, end);
      i = MAX (end, i + 1);
    }
}

void
bobbin_tool_groups_reveal (GtkWidget *view)
{
  GtkWidget *head = view;

  if (!gtk_widget_has_css_class (view, "grouped"))
    return;
  while (head != NULL && g_object_get_qdata (G_OBJECT (head), group_quark ()) == NULL)
    head = gtk_widget_get_prev_sibling (head);
  if (head != NULL)
    bobbin_card_set_expanded (BOBBIN_CARD (head), TRUE);
}
